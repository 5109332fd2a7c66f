"""Reports on paper: set as the invoices are, with heads and sums on every page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.accounting.reports.report import Asked, Column, Report, Result, Tie
from billing.invoices.pdf.colour import DEFAULT, readable
from billing.invoices.pdf.render import LANGUAGES
from billing.invoices.pdf.texts import page_texts
from billing.invoices.pdf.typeset import typeset
from billing.invoices.pdf.writing import MAY_BREAK, Writer, breakable
from core.errors import RuleViolation

TEMPLATE: Final = Path(__file__).resolve().parent / "report.typ"
MOST_ROWS: Final = 3_000
"""About sixty pages: nobody reads more, and CSV has all."""
_WIDE_FROM: Final = 7
_SIZES: Final = ((8, 8.0), (11, 7.2), (14, 6.4), (99, 5.6))
_ID_LENGTH: Final = 14


def report_pdf(report: Report, asked: Asked, result: Result) -> bytes:
    """A tagged PDF in the active language; refuses more rows than anybody reads."""
    if len(result.rows) > MOST_ROWS:
        raise RuleViolation(
            "too_many_rows",
            _("A PDF takes at most %(count)d rows: choose fewer days, or take the CSV.")
            % {"count": MOST_ROWS},
        )
    language = (get_language() or "en").split("-")[0]
    write = Writer(language if language in LANGUAGES else "en", asked.seller.operator.currency)
    view = _view(report, asked, result, write)
    return typeset(TEMPLATE, breakable(view), on=asked.until_on)


def _view(report: Report, asked: Asked, result: Result, write: Writer) -> dict[str, Any]:
    seller, count = asked.seller, len(result.columns)
    totals = result.totals if result.is_summed else []
    return {
        "lang": "sv" if write.is_swedish else "en",
        "colour": readable(seller.colour or DEFAULT),
        "title": str(report.title),
        "about": str(report.about),
        "seller": f"{seller.name} {seller.organisation_number}".strip(),
        "days": _days(report, asked, write),
        "ties": [_tie(tie, write) for tie in result.ties],
        "is_wide": count >= _WIDE_FROM,
        "size": next(size for most, size in _SIZES if count <= most),
        "columns": [_column(one, at, result) for at, one in enumerate(result.columns)],
        "rows": [
            [
                written(value, column, write)
                for value, column in zip(row, result.columns, strict=True)
            ]
            for row in result.rows
        ],
        "totals": [
            _("Total") if place == 0 else "" if value is None else write.number(value, least=2)
            for place, value in enumerate(totals)
        ],
        "empty": _("Nothing in these days"),
        "made": _("Made %(when)s") % {"when": f"{timezone.localtime():%Y-%m-%d %H:%M}"},
        "page_of": page_texts()["page_of"],
    }


def _days(report: Report, asked: Asked, write: Writer) -> str:
    if report.is_as_of:
        return write.day(asked.until_on)
    return write.days(asked.from_on, asked.until_on)


def _tie(tie: Tie, write: Writer) -> dict[str, Any]:
    own = Writer("sv" if write.is_swedish else "en", tie.currency or "SEK")
    shown = own.money_with_currency if tie.currency else own.number
    if tie.difference:
        off = shown(tie.difference)
        said = _("Not explained: %(off)s") % {"off": off}
    else:
        said = _("The report agrees with it.")
    text = f"{tie.label}: {shown(tie.journal)}. {said}"
    return {"text": text, "is_sound": not tie.difference}


def _column(column: Column, place: int, result: Result) -> dict[str, Any]:
    """Texts share what numbers leave, by the longest of them."""
    longest = max((len(str(row[place] or "")) for row in result.rows), default=1)
    return {
        "label": str(column.label),
        "is_number": column.is_number,
        "share": round(min(max(longest, len(str(column.label)) * 1.1, 4), 24), 1),
    }


def written(value: object, column: Column, write: Writer) -> str:
    """A value as people read it; ids may be broken."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return write.number(value, least=2)
    if isinstance(value, int):
        return write.number(Decimal(value)) if column.is_number else str(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}" if write.is_swedish else write.day(value)
    text = str(value)
    if len(text) > _ID_LENGTH and " " not in text:
        return MAY_BREAK.join(text[at : at + 6] for at in range(0, len(text), 6))
    return text
