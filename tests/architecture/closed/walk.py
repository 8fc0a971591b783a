"""Every address of the URLconf, with every parameter filled from the closed group, and what is answered there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from itertools import product
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.converters import IntConverter, UUIDConverter
from django.utils.regex_helper import normalize

from core.remembered import Remembered
from tests.architecture.closed.world import (
    FILE_NAME,
    FIRST,
    NOT_THERE,
    NUMBERS,
    OTHER_SLUG,
    REFERENCE,
    SLUG,
    World,
)

UUID = "7310000a-0000-4000-8000-000000007310"
THOROUGH = ("visitor", "outsider")
OF_THE_STAFF = ("staff", "superuser")
OURS = "discussions:"
# By the name of the parameter; of names nobody knew when this was written everything is tried that fits.
BY_NAME: dict[str, tuple[str, ...]] = {
    "slug": (SLUG,),
    "reference": (REFERENCE,),
    "language": ("hu", SLUG),
    "lang": ("hu", SLUG),
    "code": ("s1",),
    "object_id": (str(FIRST),),
    "content_type_id": (str(FIRST),),
    "app_label": ("discussions",),
}
SENT = {
    "key": "7310000b-0000-4000-8000-000000007310",
    **dict.fromkeys(("group", "slug"), SLUG),
    **dict.fromkeys(
        ("topic", "post", "number", "person", "member", "option", "options", "id", "row", "registration"),
        str(FIRST),
    ),
    "scope": f"group:{FIRST}",
    "reference": REFERENCE,
    **dict.fromkeys(("next", "address"), f"/groups/{SLUG}/"),
    "title": "Ein Titel",
    **dict.fromkeys(("text", "reason", "note"), "Ein Text, der lang genug ist."),
    **dict.fromkeys(("language", "to"), "hu"),
    **{
        "what": "pin",
        "following": "follow",
        "reaction": "thanks:1",
        "on": "1",
        "do": "accept",
        "role": "coach",
    },
    **{"decision": "keep", "answer": "1", "step": "send", "base_version": "1", "of_version": "1"},
    **{"email": "somebody@guest.example", "in_good_faith": "on"},
}
ASKED = {name: SENT[name] for name in ("group", "slug", "topic", "post", "number", "scope", "next", "person")}
DRAWN = re.compile(
    rb"""(?:name="(?:csrfmiddlewaretoken|key)"\svalue|nonce|data-key|id="error-id)="?[^">\s]*"""
    rb'|name="base_version" value="[^"]*"|\d\d:\d\d:\d\d'
)
ZIP = b"PK\x03\x04"
HEADERS = ("Location", "Content-Disposition", "Content-Type", "Cache-Control", "ETag", "Link", "Refresh")


@dataclass(frozen=True)
class Asked:
    """One request. `view` is the name of its address, with the namespace."""

    view: str
    path: str
    method: str = "get"
    data: tuple[tuple[str, str], ...] = ()

    @property
    def is_of_the_group(self) -> bool:
        return self.path != not_there(self.path)

    @property
    def text(self) -> str:
        return f"{self.path} {self.data}"

    def of_a_group_that_never_was(self) -> "Asked":
        data = tuple((name, not_there(value)) for name, value in self.data)
        return Asked(self.view, not_there(self.path), self.method, data)


@dataclass(frozen=True)
class Answered:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def whole(self) -> bytes:
        """As a person or a program reads it."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.headers).encode()
        text = headers + b"\n" + unpacked(self.body)
        return unescape(text.decode()).encode().lower() if b"&" in text and _is_text(text) else text.lower()

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    def leveled(self) -> tuple[int, tuple[str, ...], bytes]:
        """Without what was asked for and what is drawn for each answer."""
        headers = tuple(levelled(self.header(name).encode()).decode() for name in HEADERS)
        # The number of a new row and the reference of a report are drawn, and a copy of a group tells its moment.
        headers = tuple(re.sub(r"V-\w{4}-\w{4}|\d+", "#", header) for header in headers)
        body = b"" if self.body.startswith(ZIP) else levelled(DRAWN.sub(b"", self.body))
        return self.status, headers, body


def unpacked(body: bytes) -> bytes:
    if not body.startswith(ZIP):
        return body
    with ZipFile(BytesIO(body)) as packed:
        return b"\n".join(name.encode() + b"\n" + packed.read(name) for name in packed.namelist())


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def not_there(text: str) -> str:
    for there, missing in NOT_THERE.items():
        text = text.replace(there, missing)
    return text


def levelled(content: bytes) -> bytes:
    for there, missing in NOT_THERE.items():
        for word in (there, missing):
            content = content.replace(word.encode(), b"*").replace(quote(word, safe="").encode(), b"*")
    return content


# --- what there is to ask


def addresses(world: World) -> list[tuple[str, str]]:
    """(name, path) of every address with every filling. An address that nothing fits fails."""
    found = []
    for name, template, parameters in _patterns(get_resolver(), "", "", {}):
        is_ours = name.startswith(OURS)
        choices = [_candidates(*parameter, world, is_ours=is_ours) for parameter in parameters.items()]
        filled = [template % dict(zip(parameters, values, strict=True)) for values in product(*choices)]
        fitting = [path for path in filled if _leads_somewhere(path)]
        assert fitting, f"nothing fits {template}: add what does to BY_NAME"
        found += [(name, path) for path in fitting]
    return found


def _patterns(
    resolver: URLResolver, namespace: str, before: str, known: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for entry in resolver.url_patterns:
        for part, names in normalize(entry.pattern.regex.pattern):
            converters = known | {name: entry.pattern.converters.get(name) for name in names}
            if isinstance(entry, URLResolver):
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from _patterns(entry, inner, before + part, converters)
            elif isinstance(entry, URLPattern):
                yield f"{namespace}{entry.name}", f"/{before}{part}", converters


def _candidates(name: str, converter: Any, world: World, *, is_ours: bool) -> tuple[str, ...]:
    """In groups also the address of another group, and the rows that are gone. To other apps all numbers are alike."""
    numbers = tuple(map(str, NUMBERS if is_ours else NUMBERS[:1]))
    if isinstance(converter, IntConverter):
        return numbers
    if isinstance(converter, UUIDConverter):
        return (UUID,)
    if name == "slug" and is_ours:
        return (SLUG, OTHER_SLUG)
    fitting = (SLUG, REFERENCE, world.token, numbers[0])
    return BY_NAME.get(name, (*fitting, FILE_NAME, "hu") if is_ours else fitting)


def _leads_somewhere(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def requests_of(world: World, role: str) -> Iterator[Asked]:
    """Each address read and sent to, with and without data; for two roles all of that, for the others the most.

    Addresses of other apps that name something know nothing of groups: most roles only read them. The admin is closed
    to who is not of the staff before it looks at anything.
    """
    for view, path in addresses(world):
        is_admin, asked = view.startswith("admin:"), Asked(view, path)
        if is_admin and role not in (*THOROUGH, *OF_THE_STAFF):
            continue
        if f"/{OTHER_SLUG}/" in path and role != "moderator":
            continue  # for them there is no such group either
        yield asked
        is_thorough = role in THOROUGH and not is_admin
        if is_thorough or view.startswith(OURS) or not asked.is_of_the_group or role == "superuser":
            yield Asked(view, path, "post", tuple(SENT.items()))
        if is_thorough or not (asked.is_of_the_group or is_admin):
            yield Asked(view, path, "get", tuple(ASKED.items()))
        if is_thorough:
            yield Asked(view, path, "post")


def pages_to_read(world: World, *, of_the_group: bool = True) -> Iterator[Asked]:
    """All of groups, and every address that names nothing."""
    for view, path in addresses(world):
        asked = Asked(view, path)
        if (of_the_group and view.startswith(OURS)) or not asked.is_of_the_group:
            yield asked


# --- asking


def answer(client: Client, asked: Asked) -> Answered:
    """Whatever it does is taken back, and no limit counts it."""
    cache.clear()
    Remembered.empty_memory()
    cookies = dict(client.cookies.items())
    with transaction.atomic():
        answered = read(client, asked)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return answered


def read(client: Client, asked: Asked) -> Answered:
    response = getattr(client, asked.method)(asked.path, dict(asked.data))
    body = b"".join(response.streaming_content) if response.streaming else response.content
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
    return Answered(response.status_code, (*response.headers.items(), *cookies), body)
