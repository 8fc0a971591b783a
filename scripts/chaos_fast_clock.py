"""The clock of a day of reminders in `make chaos`: ViPaD's own tasks, on a clock that runs faster.

`timezone.now` is what tasks and views take the time from and hand down; nothing below reads a clock of its own
(tests/architecture). So it is replaced here, in the workers and in the process that makes the trouble.
"""

import os
import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from scripts.chaos_clock import app


def fast_now() -> datetime:
    """CHAOS_DAY at the moment CHAOS_BEGAN, and from then on CHAOS_SPEED times as fast."""
    seconds = (time.time() - float(os.environ["CHAOS_BEGAN"])) * float(os.environ["CHAOS_SPEED"])
    return datetime.fromtimestamp(float(os.environ["CHAOS_DAY"]), UTC) + timedelta(seconds=seconds)


timezone.now = fast_now
EVERY = float(os.environ["CHAOS_SWEEP_EVERY"])
app.conf.beat_schedule = {
    name: {"task": name, "schedule": EVERY, "options": {"expires": EVERY}}  # as vipad/settings.py
    for name in ("webinars.tasks.look_at_sessions", "notifications.tasks.deliver")
}
