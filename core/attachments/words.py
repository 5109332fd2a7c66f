"""Why a file is not taken, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TAKEN: Final = _(
    "Photos as JPEG, PNG or WebP; documents as PDF, Word, Excel, OpenDocument or text."
)
_REFUSALS: Final[dict[str, str | Promise]] = {
    "empty": _("The file is empty."),
    "svg": _("SVG drawings are not taken, since they may carry scripts. Use PNG or PDF."),
    "heic": _("HEIC and AVIF pictures cannot be read. Save the picture as JPEG."),
    "macros": _("The document holds macros or programs. Save it without them, or as PDF."),
    "old_office": _("Documents of old Office versions are not taken. Save it as PDF or anew."),
    "zip": _("Archives are not taken. Add the files one by one."),
    "markup": _("Web pages and XML files are not taken. Save it as PDF."),
}


def refusal_in_words(code: str) -> str:
    """The sentence for a refusal of ``core.files.sniff``."""
    return str(_REFUSALS.get(code, _("Files of this kind are not taken.")))
