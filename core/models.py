"""The only table of core: one-time keys of forms."""

from django.db import models


class FormKey(models.Model):
    """A form that was sent: its key, and where its sender was led. Sent again, it leads there again."""

    key = models.UUIDField(primary_key=True)
    result_url = models.CharField(max_length=500, default="")
    used_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)
