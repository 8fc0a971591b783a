"""The clock: `celery -A vipad.celery worker -B` in development, worker and beat apart in production."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vipad.settings")
app = Celery("vipad")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
