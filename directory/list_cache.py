"""What is costly to count over the whole directory is kept until something in it changes."""

from core.remembered import Remembered

directory = Remembered("directory")
forget, remember = directory.forget, directory.remember

# Apart, because there are so many that they would push everything else out of the memory.
searches = Remembered("searches", directory)
