"""What must be there before the site is shown to others."""

from typing import Any

from django.core.checks import Error, register

from core.catalogues import stale


@register(deploy=True)
def catalogues_are_compiled(**kwargs: Any) -> list[Error]:
    names = ", ".join(path.parts[-3] for path in stale())
    hint = "Run `manage.py compile_catalogues`."
    return [Error(f"Words are not compiled: {names}.", hint=hint, id="core.E001")] if names else []
