"""What of the register waits on somebody's desk: drafts, entries to publish, and the way to register."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from partnerships import queries
from partnerships.models import Partnership, PartnershipDraft
from portal.steps import Step

MOST_DRAFTS = 3
MOST_PARTNERSHIPS = 5


def register_steps(person: User) -> Iterator[Step]:
    yield from _to_publish(person)
    yield from _drafts(person)
    yield from _mine(person)


def _to_publish(person: User) -> Iterator[Step]:
    if not (person.is_staff and person.has_perm("partnerships.change_partnership")):
        return
    number = Partnership.objects.waiting().count()
    if number:
        yield Step(
            ngettext(
                "%(number)s partnership waits to be published",
                "%(number)s partnerships wait to be published",
                number,
            )
            % {"number": number},
            _("Entered by somebody who speaks for none of its towns. Look at it and publish it."),
            reverse("admin:partnerships_partnership_changelist") + "?published=no",
            _("Look at them"),
        )


def _drafts(person: User) -> Iterator[Step]:
    drafts = list(PartnershipDraft.objects.visible_to(person).open()[:MOST_DRAFTS])
    for draft, title in zip(drafts, queries.titles_of(drafts), strict=True):
        yield Step(
            _("You have begun to register %(title)s") % {"title": title},
            _("What you have filled in is kept. Go on where you stopped."),
            reverse("partnerships:draft", args=(draft.pk, queries.CHECK)),
            _("Go on"),
        )


def _mine(person: User) -> Iterator[Step]:
    own = Partnership.objects.spoken_for_by(person).prefetch_related("sides__municipality", "sides__region")
    for partnership in own.order_by("sort_key")[:MOST_PARTNERSHIPS]:
        text = _("Your partnership. You can change the entry, add contact persons and files.")
        if partnership.published_at is None:
            text = _("Your partnership waits to be published. You can change it meanwhile.")
        yield Step(str(partnership), text, partnership.get_absolute_url(), _("Open"))
