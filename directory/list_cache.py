"""What is costly to count over the whole directory is kept until something in it changes."""

from core.remembered import Remembered

directory = Remembered("directory")
forget, remember = directory.forget, directory.remember

# Apart, because what people type is endless and would push everything else out of the memory.
searches = Remembered("searches", directory, shared=False)
