"""What can be told. Each app lists its kinds in `emails.py`; its apps.py imports that, which registers them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:
    from notifications.models import Notice

_kinds: dict[str, "Kind"] = {}


class Kind:
    """One kind of notice. Its three templates are `email/<name>.subject.txt`, `.txt` and `.html`."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]  # for preferences and the mail log

    def __init_subclass__(cls) -> None:
        if cls.name in _kinds:
            raise ValueError(f"two kinds of notices are called {cls.name}")
        _kinds[cls.name] = cls()

    def still_wanted(self, notice: "Notice", *, now: datetime) -> bool:
        """Asked at the last moment, by the app that knows: is it still there, does the reader still belong?"""
        return notice.about is not None

    def context(self, notice: "Notice") -> dict[str, Any]:
        """Variables of the templates, beside `notice`, `reader`, `site_url`."""
        return {}

    def path(self, notice: "Notice") -> str:
        """The page the notice leads to, without host."""
        return "/"


def kind(name: str) -> Kind:
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]
