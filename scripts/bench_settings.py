"""The production settings, and one more address: the bare view that is the unit of `make bench`."""

from vipad.settings import *  # noqa: F403
from vipad.settings import MIDDLEWARE

ROOT_URLCONF = "scripts.bench_urls"
MIDDLEWARE = ["scripts.bench_urls.count_queries", *MIDDLEWARE]
