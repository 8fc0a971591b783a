"""What can be told. Each app lists its kinds in `emails.py`; its apps.py imports that, which registers them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Notice

_kinds: dict[str, "Kind"] = {}


class Audience(StrEnum):
    """Who reads a kind of notice, and so in how many languages its words must be complete."""

    TEAM = "team"  # German and English
    PARTNER = "partner"  # accounts.languages.PARTNER_LANGUAGES


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar file. `method` stands in it, too (RFC 5546); mail programs want it in both places."""

    method: str
    content: bytes


class Kind:
    """One kind of notice. Its three templates are `email/<name>.subject.txt`, `.txt` and `.html`."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]  # for preferences and the mail log
    audience: ClassVar[Audience] = Audience.TEAM
    # The answer to something the reader did, or a question only this reader can answer: cannot be switched off.
    essential: ClassVar[bool] = False
    # Goes even to a guest who has ended our mails: the answer to a request made just now.
    passes_stop: ClassVar[bool] = False
    # Told later it would be worthless, like a reminder: a digest does not hold it, only "no mail" holds it back.
    can_wait: ClassVar[bool] = True
    # What is asked of the row a notice is about, as `prefetch_related` names it: read for many notices at once.
    reads: ClassVar[tuple[str, ...]] = ()
    # Mails that wait for more of their kind: several to one reader in one scope become one mail.
    wait: ClassVar[timedelta] = timedelta()
    merge: ClassVar[bool] = False
    # Of a room the office does not read: the mail log shows that something was told, never the mail.
    is_private: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        if cls.name in _kinds:
            raise ValueError(f"two kinds of notices are called {cls.name}")
        _kinds[cls.name] = cls()

    def still_wanted(self, notice: "Notice", *, now: datetime) -> bool:
        """Asked at the last moment, by the app that knows: is it still there, does the reader still belong?"""
        return notice.about is not None

    def scope(self, notice: "Notice") -> str:
        """What a reader may set apart from the rest of this kind, say "group:5"; empty for none.

        Asked once when notices are queued: of `notice` only what it is about is known then. The scope's name
        comes from notifications/scopes.py.
        """
        return ""

    def reaches(self, person: "User") -> bool:
        """Whether this person can ever get it: asked for the page on which people choose their mails."""
        return True

    def calendar(self, notice: "Notice") -> "Calendar | None":
        """The calendar file that comes with the mail; only with one of a single notice."""
        return None

    def reply_to(self, notice: "Notice") -> str:
        """The address of the person who answers, where there is one."""
        return ""

    def example(self, *, language: str, now: datetime) -> "Notice":
        """An invented notice of this kind, for the office's preview and for tests.

        Called inside a transaction that is rolled back: it may write the rows it needs, marked as invented.
        """
        raise NotImplementedError(self.name)

    def context(self, notice: "Notice") -> dict[str, Any]:
        """Variables of the templates, beside `notice`, `reader`, `site_url`."""
        return {}

    def path(self, notice: "Notice") -> str:
        """The page the notice leads to, without host."""
        return "/"


def kind(name: str) -> Kind:
    return _kinds[name]


def known_kind(name: str) -> Kind | None:
    """None for a kind that an older version of ours has queued."""
    return _kinds.get(name)


def all_kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]
