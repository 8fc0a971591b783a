"""QR codes as SVG, for pages and for PDF files."""

import segno
from django.utils.html import escape

_QUIET = 4  # empty modules around, as the standard asks; scanners need them


def qr_svg(text: str, *, title: str) -> str:
    """An <svg> that says `title` to those who do not see it; safe to insert into a page.

    It has no size and no style: the page gives both, and must show it dark on light in every theme (class
    `qr-code`), since many scanners read no other. The dark modules take the colour of the text around.
    """
    rows = segno.make(text, error="m", micro=False).matrix
    size = len(rows) + 2 * _QUIET
    return (
        f'<svg class="qr-code" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path fill="currentColor" d="{_path(rows)}"/></svg>'
    )


def _path(rows: tuple[bytearray, ...]) -> str:
    """One rectangle for each run of dark modules in a row."""
    steps = []
    for y, row in enumerate(rows, _QUIET):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                steps.append(f"M{x + _QUIET} {y}h{run}v1h-{run}z")
            x += run or 1
    return "".join(steps)
