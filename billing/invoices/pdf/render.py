"""Setting a document with typst: the same document gives the same bytes."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final

import typst
from django.utils import translation
from PIL import Image, UnidentifiedImageError

from billing.invoices.document import Document
from billing.invoices.pdf.colour import DEFAULT, readable
from billing.invoices.pdf.view import invoice_view

HERE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("sv", "en")
_UNSHOWN: Final = re.compile(r'the text `?"(.+?)"`? could not be displayed', re.S)
_UNKNOWN: Final = "?"
_MOST_TRIES: Final = 4
_LOGO_WIDTH, _LOGO_HEIGHT = 70.0, 15.0  # mm, at most
_ONE_AT_A_TIME: Final = Lock()


class LogoError(ValueError):
    """The logo is no PNG or JPEG that can be read."""


@cache
def _compiler() -> typst.Compiler:
    """One for the process: fonts beside the template and in typst, never those of the machine."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[HERE / "fonts"])
    return typst.Compiler(HERE / "invoice.typ", root=HERE, font_paths=fonts)


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
        view["logo"], view["logo_width"] = _logo(logo)
    stamp = datetime.combine(document.issued_on, time(), UTC)
    return _compile(json.dumps(view, ensure_ascii=False), stamp)


def _logo(logo: bytes) -> tuple[str, float]:
    """The picture as an SVG around it (the template takes text), and its width in mm."""
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


def _compile(view: str, stamp: datetime) -> bytes:
    for attempt in range(_MOST_TRIES):
        try:
            with _ONE_AT_A_TIME:
                found = _compiler().compile(
                    format="pdf",
                    sys_inputs={"view": view},
                    pdf_standards=["ua-1"],
                    timestamp=stamp,
                )
        except typst.TypstError as error:
            unshown = set("".join(_UNSHOWN.findall(str(error.diagnostic))))
            if not unshown or attempt == _MOST_TRIES - 1:
                raise
            view = "".join(_UNKNOWN if sign in unshown else sign for sign in view)
        else:
            assert isinstance(found, bytes)
            return found
    raise AssertionError("unreachable")
