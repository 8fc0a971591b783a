import factory
from django.utils import timezone

from notifications.models import Notice


class NoticeFactory(factory.django.DjangoModelFactory):
    """A waiting notice of the kind "test_notice" (see tests/notifications/conftest.py) to a guest."""

    class Meta:
        model = Notice

    key = factory.Sequence(lambda number: f"notice {number}")
    kind = "test_notice"
    email = factory.Sequence(lambda number: f"guest{number}@example.org")
    language = "de"
    due_at = factory.LazyFunction(timezone.now)
    bell_at = factory.SelfAttribute("due_at")
    queued_at = factory.SelfAttribute("due_at")
