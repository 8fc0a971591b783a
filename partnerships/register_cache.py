"""What is costly to make from the whole register (the map, the counts) is kept until the register changes.

Names and places of the directory are in it, so a change there counts too.
"""

from core.remembered import Remembered
from directory.list_cache import directory

register = Remembered("partnerships", directory)
forget, remember = register.forget, register.remember

# Apart, because what people type is endless and would push everything else out of the memory.
searches = Remembered("register-searches", register, directory, shared=False)
