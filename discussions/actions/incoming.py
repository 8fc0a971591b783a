"""An answer that came by mail becomes a post: whoever writes must be whom the signed address belongs to.

The sender of a mail is easily invented, the address is not: it stands only in mails to this person. Both must fit.
Nothing here raises for what is in a mail; what the server itself cannot do now, it raises, and the mail comes again.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message
from enum import StrEnum

import structlog
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation

from accounts.models import User
from core import files
from core.limits import within_limit
from discussions.actions.drafts import keep_file
from discussions.actions.groups import NotAllowed
from discussions.actions.talk import NothingSaid, TooFast, post
from discussions.emails.answers import Unsuitable, tell_left_out, tell_refused
from discussions.incoming import (
    Attached,
    Incoming,
    Refusal,
    Refused,
    cut,
    open_mail,
    quotes_apart,
    read_mail,
    read_reply_address,
    why_ignored,
)
from discussions.models import Post, Topic
from discussions.permissions import can_post, can_view_topic
from discussions.queries.names import with_mentions

log = structlog.get_logger(__name__)

LONGEST_POST = 20_000
MOST_MAILS = 60
"""From one person in an hour, however many of them become posts."""
_LONGEST_ID = 200


class Outcome(StrEnum):
    POSTED = "posted"
    KNOWN = "known"  # delivered twice
    AUTOMATIC = "automatic"
    UNREADABLE = "unreadable"
    NOT_FOR_US = "not_for_us"  # no address we made: nobody is answered
    FLOOD = "flood"
    STRANGER = "stranger"
    CLOSED = "closed"
    TOO_FAST = "too_fast"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    EMPTY = "empty"


@dataclass
class _Answer:
    """One mail, with what it turned out to be about."""

    mail: Incoming
    topic: Topic | None
    person: User
    message_id: str
    checked: list[files.CheckedFile] = field(default_factory=list)
    unsuitable: list[Unsuitable] = field(default_factory=list)


def take_mail(raw: bytes, *, now: datetime, sent_to: str = "") -> Outcome:
    """`sent_to`: the address the mail server took it for. The same mail twice posts once.

    Raises CannotBeKept and errors of the database: then it should come again later.
    """
    outcome = _taken(raw, now=now, sent_to=sent_to)
    log.info("mail_taken", outcome=outcome.value, size=len(raw))
    return outcome


def _taken(raw: bytes, *, now: datetime, sent_to: str) -> Outcome:
    try:
        mail = open_mail(raw)
    except Refused as refused:
        return _too_large(raw, sent_to) if refused.reason == Refusal.TOO_LARGE else Outcome.UNREADABLE
    if why_ignored(mail) is not None:
        return Outcome.AUTOMATIC
    answer = _addressed(mail, raw, sent_to)
    if isinstance(answer, Outcome):
        return answer
    refusal = _refusal(answer)
    if refusal is None:
        return _said(answer, now=now)
    if refusal not in (Outcome.FLOOD, Outcome.KNOWN):
        tell_refused(answer.mail, answer.person, why=refusal)
    return refusal


def _addressed(mail: Message, raw: bytes, sent_to: str) -> _Answer | Outcome:
    """Whose address it was sent to. A sender who cannot be told for certain is not answered."""
    try:
        read = read_mail(mail, sent_to=[sent_to] if sent_to else [])
    except Refused:
        return Outcome.UNREADABLE
    numbers = {read_reply_address(address) for address in read.recipients} - {None}
    if len(numbers) != 1:
        return Outcome.NOT_FOR_US
    topic, person = numbers.pop() or (0, 0)
    owner = User.objects.filter(pk=person, is_active=True).first()
    if owner is None:
        return Outcome.NOT_FOR_US
    return _Answer(
        read, Topic.objects.select_related("group").filter(pk=topic).first(), owner, _id_of(read, raw)
    )


def _refusal(answer: _Answer) -> Outcome | None:
    if not within_limit("mails-in", str(answer.person.pk), most=MOST_MAILS, each=timedelta(hours=1)):
        return Outcome.FLOOD
    confirmed = EmailAddress.objects.filter(user=answer.person, verified=True)
    if not confirmed.filter(email__iexact=answer.mail.sender).exists():
        return Outcome.STRANGER
    topic = answer.topic
    if topic is None or not can_view_topic(answer.person, topic) or not can_post(answer.person, topic.group):
        return Outcome.CLOSED
    if topic.posts.filter(message_id=answer.message_id).exists():
        return Outcome.KNOWN
    return None


def _said(answer: _Answer, *, now: datetime) -> Outcome:
    _check_files(answer)
    text = quotes_apart(cut(answer.mail.text))
    if answer.topic is not None:
        text = with_mentions(text, answer.topic.group)
    if not text.strip() and answer.checked:
        text = ", ".join(file.name for file in answer.checked)
    if len(text) > LONGEST_POST:
        return _refused(answer, Outcome.TOO_LONG)
    try:
        said = _posted(answer, text, now=now)
    except NotAllowed:
        return _refused(answer, Outcome.CLOSED)
    except TooFast:
        return _refused(answer, Outcome.TOO_FAST)
    except NothingSaid:
        return _refused(answer, Outcome.EMPTY)
    if said is None:
        return Outcome.KNOWN
    if answer.unsuitable or answer.mail.attachments_left_out:
        tell_left_out(answer.mail, answer.person, said, answer.unsuitable)
    return Outcome.POSTED


@transaction.atomic
def _posted(answer: _Answer, text: str, *, now: datetime) -> Post | None:
    """None when another worker was faster. The files are not put into a draft: the person may have one here."""
    topic = Topic.objects.select_for_update().filter(pk=answer.topic.pk if answer.topic else 0).first()
    if topic is None:
        raise NotAllowed
    if topic.posts.filter(message_id=answer.message_id).exists():
        return None
    said = post(
        topic=topic, text=text, by=answer.person, now=now, came_by_mail=True, message_id=answer.message_id
    )
    for file in answer.checked:
        keep_file(file, now=now, post=said)
    return said


def _check_files(answer: _Answer) -> None:
    with translation.override(answer.person.language):
        for attached in answer.mail.attachments:
            try:
                answer.checked.append(files.check_upload(_upload(attached)))
            except ValidationError as error:
                name = files.clean_name(attached.name)
                answer.unsuitable.append(Unsuitable(name, " ".join(error.messages)))


def _upload(attached: Attached) -> files.Upload:
    return SimpleUploadedFile(attached.name or "file", attached.content, attached.content_type)


def _refused(answer: _Answer, why: Outcome) -> Outcome:
    tell_refused(answer.mail, answer.person, why=why)
    return why


def _too_large(raw: bytes, sent_to: str) -> Outcome:
    """Only the lines above it are read, to tell the person."""
    head = raw[: 64 * 1024].replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
    try:
        mail = open_mail(head)
    except Refused:
        return Outcome.UNREADABLE
    if why_ignored(mail) is not None:
        return Outcome.AUTOMATIC
    answer = _addressed(mail, head, sent_to)
    if isinstance(answer, Outcome):
        return answer
    refusal = _refusal(answer)
    return (
        refusal
        if refusal in (Outcome.FLOOD, Outcome.KNOWN)
        else _refused(answer, refusal or Outcome.TOO_LARGE)
    )


def _id_of(read: Incoming, raw: bytes) -> str:
    """Programs that give none, or one too long for us, send the same bytes when they send it again."""
    if read.message_id and len(read.message_id) <= _LONGEST_ID:
        return read.message_id
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
