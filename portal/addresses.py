"""Where the language switch leads back to: a page of this site, never another host."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.http import url_has_allowed_host_and_scheme


def way_back(wanted: str, *, host: str, secure: bool) -> str | None:
    """Path and filters of `wanted` without `lang`, which would overrule the choice just made; None if not ours."""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={host}, require_https=secure):
        return None
    parts = urlsplit(wanted)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"]
    target = urlunsplit(("", "", parts.path or "/", urlencode(query), ""))
    # Asked again: taken apart and put together, an address must still be a path of ours.
    return (
        target
        if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
        else None
    )
