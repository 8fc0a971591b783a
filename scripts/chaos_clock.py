"""The clock of `make chaos`: that of ViPaD, only faster."""

import os
from pathlib import Path
from typing import Any

from celery.signals import worker_ready

from vipad.celery import app

app.conf.beat_schedule = {
    "deliver due notices": {
        "task": "notifications.tasks.deliver",
        "schedule": float(os.environ["CHAOS_SWEEP_EVERY"]),
    }
}


@worker_ready.connect(weak=False)
def _say_so(**kwargs: Any) -> None:
    """A worker that is killed while it starts proves nothing."""
    Path(os.environ["CHAOS_READY"], str(os.getpid())).touch()
