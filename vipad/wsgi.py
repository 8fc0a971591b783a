"""What granian serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vipad.settings")
# structlog loads these where a tool of development has brought them along: 5 MiB a worker, and we use neither.
for tool in ("greenlet", "rich"):
    sys.modules.setdefault(tool, None)  # type: ignore[arg-type]
application = get_wsgi_application()
