"""Setting a document with typst: the same document gives the same bytes."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Final

from django.utils import translation
from PIL import Image, UnidentifiedImageError

from billing.invoices.document import Document
from billing.invoices.pdf.colour import DEFAULT, readable
from billing.invoices.pdf.typeset import typeset
from billing.invoices.pdf.view import invoice_view

HERE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("sv", "en")
_LOGO_WIDTH, _LOGO_HEIGHT = 70.0, 15.0  # mm, at most


class LogoError(ValueError):
    """The logo is no PNG or JPEG that can be read."""


def render_invoice(
    document: Document, *, language: str, logo: bytes | None = None, colour: str = DEFAULT
) -> bytes:
    """A tagged PDF (PDF/UA-1) of ``document`` in ``sv`` or ``en``.

    Signs that no font has are shown as a question mark. Raises LogoError for an unreadable logo.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no invoices in {language!r}")
    with translation.override(language):
        view = invoice_view(document, language=language, colour=readable(colour))
    if logo is not None:
        view["logo"], view["logo_width"] = logo_picture(logo)
    return typeset(HERE / "invoice.typ", view, on=document.issued_on)


def logo_picture(logo: bytes) -> tuple[str, float]:
    """The picture as an SVG around it (the template takes text), and its width in mm.

    Raises LogoError for what is no picture."""
    try:
        with Image.open(BytesIO(logo), formats=("PNG", "JPEG")) as picture:
            picture.verify()
            kind, (width, height) = str(picture.format).lower(), picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoError("a logo is a PNG or JPEG picture") from error
    data = base64.b64encode(logo).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{data}"/></svg>'
    )
    return svg, min(_LOGO_WIDTH, _LOGO_HEIGHT * width / height)
