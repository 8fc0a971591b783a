"""Addresses of servers we do not run: checked before a browser, a policy header or a connection gets them."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*\.?")
# A browser reads "\" as "/", and drops tabs and line ends: what it opens would not be what was checked.
_NOT_ALLOWED = re.compile(r"[\x00-\x20\x7f\\]")


def checked(address: str) -> str:
    """The address in ASCII (a host with umlauts as xn--…), or ValueError.

    https everywhere; http is for trying things out, outside production. No name and password before the host.
    """
    return urlunsplit(_split(address))


def server(address: str) -> str:
    """The address of a server we add paths to: without "/" at its end, query and fragment."""
    if "?" in address or "#" in address:
        raise ValueError("query")
    return checked(address.rstrip("/"))


def origin(address: str) -> str:
    parts = _split(address)
    return f"{parts.scheme}://{parts.netloc}"


def _split(address: str) -> SplitResult:
    if _NOT_ALLOWED.search(address):
        raise ValueError("characters")
    parts = urlsplit(address)
    if parts.scheme not in ({"https"} if settings.PRODUCTION else {"https", "http"}):
        raise ValueError("scheme")
    if "@" in parts.netloc:
        raise ValueError("user")
    host = _ascii_host(parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    path, query, fragment = (iri_to_uri(part) for part in parts[2:])
    return SplitResult(parts.scheme, host + port, path, query, fragment)


def _ascii_host(host: str) -> str:
    """Only what a host name may be: the host stands in a header, where ";" would begin a directive of its own."""
    try:
        in_ascii = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("host") from None
    if not _HOST.fullmatch(in_ascii):
        raise ValueError("host")
    return in_ascii
