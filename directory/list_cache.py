"""What is costly to count over the whole directory is kept until something changes."""

from core.remembered import Remembered

DIRECTORY = Remembered("directory")
SEARCHES = Remembered(
    "searches", DIRECTORY
)  # apart, because there are so many that they push out other things
VERSION_KEY = "version:directory"

forget = DIRECTORY.forget
remember = DIRECTORY.remember
