"""The rules of the MDN HTTP Observatory, as far as they concern one answer (reliability.md, section 6).

100 points to begin with, bonus only where little was lost. A+ would be 100; we ask for far more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import Morsel

HALF_A_YEAR = 182 * 86400
GOOD_REFERRER = {
    "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin",
}  # fmt: skip


@dataclass(frozen=True)
class Grade:
    points: int
    losses: list[str]


def grade(headers: Mapping[str, str], cookies: Iterable["Morsel[str]"], *, session: str, csrf: str) -> Grade:
    """`session` and `csrf` are the names of these two cookies."""
    headers = {name.lower(): value for name, value in headers.items()}
    policy = _directives(headers.get("content-security-policy", ""))
    losses = {
        **_policy(policy),
        **_cookies(list(cookies), headers, session, csrf),
        **_others(headers, policy),
    }
    points = 100 - sum(losses.values())
    if points >= 90:
        points += _bonus(headers, policy, list(cookies))
    return Grade(points, sorted(losses))


def _directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {part[0].lower(): part[1:] for part in parts}


def _policy(policy: dict[str, list[str]]) -> dict[str, int]:
    if not policy:
        return {"no CSP": 25}
    losses = {}
    default = policy.get("default-src", ["*"])
    scripts, objects = policy.get("script-src", default), policy.get("object-src", default)
    if {"'unsafe-inline'", "data:", "*", "https:", "http:"} & set(scripts) or {"*", "https:"} & set(objects):
        losses["scripts from anywhere"] = 20
    if "'unsafe-eval'" in scripts:
        losses["unsafe-eval"] = 10
    if {"'unsafe-inline'", "*", "https:", "http:"} & set(policy.get("style-src", default)):
        losses["styles from anywhere"] = 0  # costs the bonus only
    if any(source.startswith("http:") for sources in policy.values() for source in sources):
        losses["http sources"] = 20
    return losses


def _cookies(
    cookies: list["Morsel[str]"], headers: Mapping[str, str], session: str, csrf: str
) -> dict[str, int]:
    losses = {}
    hsts = "strict-transport-security" in headers
    for cookie in cookies:
        if not cookie["secure"]:
            losses[f"{cookie.key} not Secure"] = (
                (10 if hsts else 40) if cookie.key == session else (5 if hsts else 20)
            )
        if cookie.key == session and not cookie["httponly"]:
            losses["session not HttpOnly"] = 30
        if cookie.key == csrf and not cookie["samesite"]:
            losses["CSRF cookie without SameSite"] = 20
    return losses


def _others(headers: Mapping[str, str], policy: dict[str, list[str]]) -> dict[str, int]:
    losses = {}
    hsts = headers.get("strict-transport-security", "")
    age = next((part.split("=")[1] for part in hsts.split(";") if part.strip().startswith("max-age=")), "0")
    if int(age) < HALF_A_YEAR:
        losses["HSTS missing or short"] = 20 if not hsts else 10
    if "frame-ancestors" not in policy and "x-frame-options" not in headers:
        losses["may be framed"] = 20
    if headers.get("x-content-type-options") != "nosniff":
        losses["no nosniff"] = 5
    if headers.get("referrer-policy", "same-origin") not in GOOD_REFERRER:
        losses["unsafe referrer"] = 5
    if headers.get("access-control-allow-credentials") == "true":
        losses["CORS with credentials"] = 50
    return losses


def _bonus(headers: Mapping[str, str], policy: dict[str, list[str]], cookies: list["Morsel[str]"]) -> int:
    clean = not any("'unsafe-inline'" in sources for sources in policy.values())
    return sum(
        (
            10 if policy.get("default-src") == ["'none'"] and clean else 5 if clean else 0,
            5 if "frame-ancestors" in policy or "x-frame-options" in headers else 0,
            5 if headers.get("referrer-policy") in GOOD_REFERRER else 0,
            5
            if cookies
            and all(cookie["secure"] and cookie["httponly"] and cookie["samesite"] for cookie in cookies)
            else 0,
            10 if headers.get("cross-origin-opener-policy") == "same-origin" else 0,
            10 if headers.get("cross-origin-resource-policy") in {"same-origin", "same-site"} else 0,
            10 if headers.get("cross-origin-embedder-policy") in {"require-corp", "credentialless"} else 0,
            5 if "preload" in headers.get("strict-transport-security", "") else 0,
        )
    )
