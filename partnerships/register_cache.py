"""What is costly to make from the whole register (the map, the counts) is kept until something changes.

The names and places of the directory are in it, so a change there counts too.
"""

from core.remembered import Remembered
from directory.list_cache import DIRECTORY

REGISTER = Remembered("register", DIRECTORY)

forget = REGISTER.forget
remember = REGISTER.remember
