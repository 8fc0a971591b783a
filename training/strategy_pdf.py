"""A version of a strategy on paper: PDF/UA, a heading for each section, every language of it."""

from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.pdf import render
from training.choices import Section, VersionState
from training.models import StrategyVersion
from training.queries.content import Block, blocks_of, measure_sentence
from training.queries.strategies import owner_names


def strategy_pdf(name: str, row: StrategyVersion, *, language: str) -> bytes:
    """`language` is that of headings and labels; texts stand in the languages they were written in.

    Of an approved version what a coach has approved; of any other one all of it, and the first page says so.
    """
    with translation.override(language):
        is_approved = row.state == VersionState.APPROVED
        title = _("Digital strategy: %(partnership)s") % {"partnership": name}
        owners = owner_names(row.content)
        data = {
            "heading": _("Digital strategy"),
            "partnership": name,
            "lines": _lines(row, is_approved=is_approved),
            "sections": [_section(row, code) for code in _codes(row, is_approved=is_approved)],
            "measures_heading": _("Measures"),
            "measures": [measure_sentence(measure, owners) for measure in row.content["measures"]],
            "page": _("Page"),
        }
    return render("strategy.typ", data, language=language, title=title)


def _codes(row: StrategyVersion, *, is_approved: bool) -> list[Section]:
    known = row.approved if is_approved else [code for code in Section if row.content["sections"].get(code)]
    return [code for code in Section if code in known]


def _lines(row: StrategyVersion, *, is_approved: bool) -> list[str]:
    sent = _("Version %(number)s, sent on %(day)s") % {
        "number": row.number,
        "day": date_format(localdate(row.sent_at), "DATE_FORMAT"),
    }
    if is_approved and row.decided_at:
        day = date_format(localdate(row.decided_at), "DATE_FORMAT")
        return [sent, _("Approved on %(day)s") % {"day": day}]
    return [sent, _("Not approved: this version is a draft.")]


def _section(row: StrategyVersion, code: Section) -> dict[str, Any]:
    blocks = blocks_of(code, row.content["sections"].get(code, {}), row.content["languages"])
    return {"title": f"{int(code[1:])}. {code.label}", "blocks": [_block(block) for block in blocks]}


def _block(block: Block) -> dict[str, Any]:
    return {
        "heading": block.heading,
        "lines": [
            {
                "label": line.label,
                "texts": [
                    {
                        "language": text.language.partition("-")[0],
                        "name": text.language_name,
                        "text": text.text,
                    }
                    for text in line.texts
                ],
            }
            for line in block.lines
        ],
    }
