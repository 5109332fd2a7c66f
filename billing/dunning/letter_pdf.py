"""A letter on paper: the words that were kept, set as the invoices are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.utils import translation

from billing.dunning.models import DunningStep
from billing.invoices.pdf.colour import DEFAULT, readable
from billing.invoices.pdf.render import LANGUAGES, LogoError, logo_picture
from billing.invoices.pdf.texts import page_texts
from billing.invoices.pdf.typeset import typeset
from billing.invoices.pdf.writing import breakable
from billing.sellers.models import Seller
from core.files import store

TEMPLATE: Final = Path(__file__).resolve().parent / "letter.typ"


def letter_pdf(step: DunningStep) -> bytes:
    """A tagged PDF of a letter, with the seller's logo and colour of now."""
    language = step.language if step.language in LANGUAGES else "en"
    seller = step.invoice.seller
    address, *paragraphs = _blocks(step.letter)
    *paragraphs, (contact, *_rest) = paragraphs
    logo, width = _logo(seller)
    with translation.override(language):
        page_of = page_texts()["page_of"]
    view: dict[str, Any] = {
        "lang": language,
        "colour": readable(seller.colour or DEFAULT),
        "logo": logo,
        "logo_width": width,
        "title": step.subject,
        "seller": seller.name,
        "recipient": {"name": address[0], "lines": address[1:]},
        "paragraphs": paragraphs,
        "footer": contact,
        "page_of": page_of,
    }
    return typeset(TEMPLATE, breakable(view), on=step.done_on)


def letter_name(step: DunningStep) -> str:
    """The invoice and the step, safe on every disk."""
    return store.clean_name(f"{step.invoice.number.replace('/', '-')}-{step.step}.x", ".pdf")


def _blocks(letter: str) -> list[list[str]]:
    """Paragraphs by their lines: the address first, whom to write to last."""
    found = [block.splitlines() for block in letter.split("\n\n") if block.strip()]
    return found if len(found) > 1 else [[""], *found, [""]]


def _logo(seller: Seller) -> tuple[str | None, float]:
    data = store.load(seller.logo_path) if seller.logo_path else None
    try:
        return logo_picture(data) if data else (None, 0)
    except LogoError:
        return None, 0
