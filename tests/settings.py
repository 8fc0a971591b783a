"""The settings of the tests: the real ones and seven changes. Starts servers where none are named."""

import atexit
import os
import shutil
import tempfile

if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
    from scripts.servers import start_for_tests

    atexit.register(start_for_tests().stop)
os.environ["ENVIRONMENT"] = "development"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="vipad-test-")
os.mkdir(os.path.join(os.environ["VAR_DIR"], "static"))
atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ["SITE_URL"] = "https://vipad.example"

# Test processes side by side share the servers; each empties a cache of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].partition('?')[0]}?db={int(_worker) + 1}"

from vipad.settings import *  # noqa: F403
from vipad.settings import CACHES, TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEMPLATES[0]["OPTIONS"]["loaders"] = [
    ("django.template.loaders.cached.Loader", TEMPLATES[0]["OPTIONS"]["loaders"])  # type: ignore[index]
]
# On a busy machine a cache that answers late would look like one that is away, and cost queries that are counted.
CACHES["default"]["OPTIONS"] |= {"socket_timeout": 20, "socket_connect_timeout": 20}  # type: ignore[operator]
LOGGING = {"version": 1, "disable_existing_loggers": False}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = False
