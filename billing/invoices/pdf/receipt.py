"""The receipt of one session, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from billing.invoices.pdf.typeset import typeset

TEMPLATE: Final = Path(__file__).parent / "receipt.typ"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What stands on it, in the reader's language and with numbers as they are written."""

    lang: str
    title: str
    seller: str
    seller_lines: Sequence[str]
    facts: Sequence[Pair]
    heads: Pair
    lines: Sequence[Pair]
    taxes: Sequence[Pair]
    total: Pair
    note: str = ""


def render_receipt(view: ReceiptView, *, on: date) -> bytes:
    """A tagged PDF of one page or more; the same view gives the same bytes."""
    return typeset(TEMPLATE, asdict(view), on=on)
