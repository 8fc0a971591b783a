"""`make handbook`: takes the pictures of docs/handbook anew, in both languages, from the demo world.

    python -m scripts.handbook                               # a site of its own, with servers of its own
    python -m scripts.handbook --base http://localhost:8000  # a site that runs already, with the demo world

Nothing is written on the site: forms are filled in and looked at, never sent. Ends 1 when a page is not there, a script
breaks, a request leaves for a foreign host, or the folder grows beyond what a handbook may weigh.
"""

import argparse
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from scripts.servers import CHECKOUT, CannotStart, Servers, die_with_parent, home

FOLDER = CHECKOUT / "docs" / "handbook" / "pictures"
LANGUAGES = ("de", "en")
HEAVIEST = 2_500_000  # bytes of the whole folder
COLOURS = 64
MARGIN = 12  # around a part of a page, in pixels
WHOLE = ("main", "#content", "#content-main")  # have a margin of their own
TALLEST = 900
SECONDS_TO_START = 300
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

# The people of the demo world (portal/demo.py), and their password: on a newcomer's own machine only.
PASSWORD = "demo-vipad-2026"  # noqa: S105 -- see above
COORDINATOR, CHAIR, PARTNER, OFFICE, COACH = (
    f"{name}@example.org" for name in ("koordinatorin", "vorsitz", "partner", "verwaltung", "coach")
)
COURSE = "/courses/digitale-partnerschaft/"
COURSES = "/admin/training/course/"
FIRST = "#result_list tbody tr:first-child th a"
LIST = (
    "email;name;language\nanna@example.org;Anna Beispiel;de\nbela@example.org;Béla Minta;en\nno address;;de"
)
MAIL = {
    "subject_de": "Nächster Termin",
    "text_de": "Guten Tag,\n\nwir treffen uns am Dienstag um 18 Uhr. Bitte sagen Sie uns, ob Sie kommen.",
    "subject_en": "Next date",
    "text_en": "Good day,\n\nwe meet on Tuesday at 6 p.m. Please tell us whether you will come.",
}


@dataclass(frozen=True)
class Picture:
    """`do` is done on the page first: ("click", selector), ("fill", selector, text), ("choose", selector, value)."""

    name: str
    person: str
    path: str
    cut: str = "main"
    do: tuple[tuple[str, ...], ...] = ()
    width: int = 1280
    tallest: int = TALLEST
    languages: tuple[str, ...] = LANGUAGES


PICTURES = (
    # The office
    Picture("office-overview", OFFICE, "/admin/", "#content-main .app-training"),
    Picture("office-courses", OFFICE, COURSES, "#content"),
    Picture(
        "office-course-copy", OFFICE, COURSES, "#content", (("click", FIRST), ("click", "a[href$='/copy/']"))
    ),
    Picture("office-course-form", OFFICE, COURSES, "#content", (("click", FIRST),), tallest=800),
    Picture(
        "office-texts",
        OFFICE,
        "/admin/training/module/",
        "#content",
        (("click", "#result_list tbody tr:first-child a"),),
    ),
    Picture(
        "office-publish",
        OFFICE,
        COURSES,
        "#changelist-form",
        (("tick", ".action-select >> nth=0"), ("choose", "[name=action]", "publish")),
    ),
    Picture(
        "office-invite",
        OFFICE,
        COURSES,
        "#content",
        (
            ("click", FIRST),
            ("click", "a[href$='/invite/']"),
            ("fill", "[name=text]", LIST),
            ("click", "[name=look]"),
        ),
    ),
    Picture(
        "office-write",
        OFFICE,
        "/admin/training/enrolment/",
        "#content",
        (
            ("tick", ".action-select >> nth=0"),
            ("choose", "[name=action]", "write"),
            ("click", ".actions button"),
            *(("fill", f"[name={name}]", text) for name, text in MAIL.items()),
            ("click", "[name=look]"),
        ),
    ),
    Picture("office-report", OFFICE, "/admin/training/course/report/", "#content"),
    Picture("office-mail-log", OFFICE, "/admin/notifications/notice/", "#content", tallest=700),
    Picture("office-roles", OFFICE, "/admin/directory/membership/", "#content", (("click", FIRST),)),
    # Coaches
    Picture("coach-queue", COACH, "/coaching/sections/"),
    Picture(
        "coach-answer", COACH, "/coaching/sections/", ".answer >> nth=0", (("click", ".table--rows tbody a"),)
    ),
    Picture("coach-participants", COACH, "/coaching/participants/?light=green"),
    Picture("coach-strategies", COACH, "/coaching/strategies/"),
    Picture("coach-notes", COACH, "/partnerships/beispiel-1/strategy/", "#notes"),
    # Teams
    Picture("strategy-overview", CHAIR, "/partnerships/beispiel-2/strategy/"),
    Picture("strategy-section", CHAIR, "/partnerships/beispiel-2/strategy/s1/"),
    Picture("strategy-send", CHAIR, "/partnerships/beispiel-2/strategy/send/"),
    Picture("strategy-revise", COORDINATOR, "/partnerships/beispiel-4/strategy/s3/", tallest=700),
    Picture("strategy-measures", COORDINATOR, "/partnerships/beispiel-1/strategy/measures/"),
    Picture("strategy-summary", COORDINATOR, "/partnerships/beispiel-1/strategy/summary/"),
    Picture(
        "strategy-review",
        CHAIR,
        "/partnerships/beispiel-6/strategy/",
        "main",
        (("click", "a[href*='/reviews/']"),),
    ),
    # Who takes part
    Picture("course-enrol", PARTNER, f"{COURSE}enrol/"),
    Picture("course-progress", COORDINATOR, COURSE, "section[aria-labelledby=how-far]"),
    Picture("course-lesson", COORDINATOR, f"{COURSE}1/2/", ".lesson__end"),
    Picture("course-module", COORDINATOR, f"{COURSE}1/"),
    Picture("course-self-check", COORDINATOR, f"{COURSE}self-check/before/", tallest=700),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Takes the pictures of the handbook anew.")
    parser.add_argument("--base", help="address of a running site with the demo world")
    parser.add_argument("--only", default="", help="only pictures whose name begins so")
    asked = parser.parse_args()
    chosen = [picture for picture in PICTURES if picture.name.startswith(asked.only)]
    try:
        if asked.base:
            return _take(asked.base.rstrip("/"), chosen)
        with _site() as base:
            return _take(base, chosen)
    except CannotStart as reason:
        print(f"\nViPaD: {reason}", file=sys.stderr)
        return 1


@contextmanager
def _site() -> Iterator[str]:
    """A demo world just made, on a free port, in a database of its own: that of `make run` stays as it is."""
    # Given addresses would lead into somebody's database.
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL"):
        os.environ.pop(name, None)
    shutil.rmtree(home("handbook") / "pg", ignore_errors=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    servers = Servers("handbook", durable=False)
    with tempfile.TemporaryDirectory() as mails:
        try:
            values = servers.start() | {"PORT": str(port), "HOST": "127.0.0.1", "MAILBOX_DIR": mails}
            run = subprocess.Popen(
                [sys.executable, "-m", "scripts.run"],
                cwd=CHECKOUT,
                env={**os.environ, **values},
                preexec_fn=die_with_parent,
            )
            try:
                _wait(run, port)
                yield f"http://localhost:{port}"
            finally:
                run.send_signal(signal.SIGTERM)
                run.wait(30)
        finally:
            servers.stop()
            shutil.rmtree(home("handbook") / "pg", ignore_errors=True)


def _wait(run: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if run.poll() is not None:
            raise CannotStart("the site ended by itself; its reason stands above.")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise CannotStart("the site does not answer.")


def _take(base: str, pictures: list[Picture]) -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise CannotStart("Chromium is not there; install it, or name it in CHROMIUM.")
    wrong = [f"{file} is in no table" for file in _forgotten()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for person in dict.fromkeys(picture.person for picture in pictures):
            context = _signed_in(browser, base, person, wrong)
            for picture in pictures:
                if picture.person == person:
                    for language in picture.languages:
                        _one(context, base, picture, language, wrong)
            context.close()
        browser.close()
    weight = sum(file.stat().st_size for file in FOLDER.rglob("*.png"))
    if weight > HEAVIEST:
        wrong.append(f"the pictures weigh {weight:,} bytes, more than {HEAVIEST:,}")
    print("\n".join([f"{weight:,} bytes in all", *dict.fromkeys(wrong)]))
    return bool(wrong)


def _forgotten() -> list[Path]:
    known = {
        FOLDER / language / f"{picture.name}.png" for picture in PICTURES for language in picture.languages
    }
    return [file.relative_to(CHECKOUT) for file in sorted(FOLDER.rglob("*.png")) if file not in known]


def _signed_in(browser: Browser, base: str, person: str, wrong: list[str]) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="light",
        reduced_motion="reduce",
        timezone_id="Europe/Berlin",
    )
    context.set_default_timeout(15_000)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text}")

    def see(request: Request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != urlsplit(base).netloc:
            wrong.append(f"foreign request: {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: wrong.append(f"script: {error.error}"))
    context.on("request", see)
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", person)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button").first.click()
    page.wait_for_url("**/desk/")
    page.close()
    return context


def _one(context: BrowserContext, base: str, picture: Picture, language: str, wrong: list[str]) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page = context.new_page()
    page.set_viewport_size({"width": picture.width, "height": 900})
    answer = page.goto(base + picture.path)
    if answer is None or not answer.ok:
        wrong.append(f"{picture.name}: {picture.path} does not answer as it should")
    else:
        for how, selector, *value in picture.do:
            _do(page, how, selector, *value)
        file = FOLDER / language / f"{picture.name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_small(_cut(page, picture)))
        print(f"{file.relative_to(CHECKOUT)} {file.stat().st_size:,}", flush=True)
    page.close()


def _do(page: Page, how: str, selector: str, value: str = "") -> None:
    there = page.locator(selector).first
    match how:
        case "click":
            there.click()
            page.wait_for_load_state()
        case "tick":
            there.check()
        case "choose":
            there.select_option(value)
        case "fill":
            there.fill(value)
        case _:
            raise ValueError(how)


def _cut(page: Page, picture: Picture) -> bytes:
    """Its part of the page with a margin, from the top as far as is worth looking at."""
    page.mouse.move(0, 0)
    box = page.locator(picture.cut).first.bounding_box()
    if box is None:
        raise CannotStart(f"{picture.name}: nothing is to be seen at {picture.cut}")
    top = page.evaluate("scrollY")
    margin = 0 if picture.cut in WHOLE else MARGIN
    left, above = max(0, box["x"] - margin), max(0, box["y"] + top - margin)
    clip = {
        "x": left,
        "y": above,
        "width": min(picture.width - left, box["width"] + 2 * margin),
        "height": min(picture.tallest, box["height"] + 2 * margin),
    }
    return page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")


def _small(png: bytes) -> bytes:
    """Pages have few colours: a palette is a third of the weight."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    packed = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
