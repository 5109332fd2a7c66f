"""Setting what is on paper with typst: the same view gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

ROOT: Final = Path(__file__).resolve().parent.parent.parent
"""Templates may take parts from anywhere in billing: ``/invoices/pdf/parts/page.typ``."""
FONTS: Final = ROOT / "invoices" / "pdf" / "fonts"
_UNSHOWN: Final = re.compile(r'the text `?"(.+?)"`? could not be displayed', re.S)
_UNKNOWN: Final = "?"
_MOST_TRIES: Final = 4
_ONE_AT_A_TIME: Final = Lock()


@cache
def _compiler(template: Path) -> typst.Compiler:
    """One for the process: fonts beside the invoice and in typst, never those of the machine."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    root = ROOT if template.is_relative_to(ROOT) else template.parent
    return typst.Compiler(template, root=root, font_paths=fonts)


def typeset(template: Path, view: Mapping[str, Any], *, on: date) -> bytes:
    """A tagged PDF (PDF/UA-1) of ``view`` by a template of billing or one that stands alone.

    It is stamped with a day. Signs that no font has are shown as a question mark.
    """
    text = json.dumps(view, ensure_ascii=False)
    stamp = datetime.combine(on, time(), UTC)
    for attempt in range(_MOST_TRIES):
        try:
            with _ONE_AT_A_TIME:
                found = _compiler(template).compile(
                    format="pdf",
                    sys_inputs={"view": text},
                    pdf_standards=["ua-1"],
                    timestamp=stamp,
                )
        except typst.TypstError as error:
            unshown = set("".join(_UNSHOWN.findall(str(error.diagnostic))))
            if not unshown or attempt == _MOST_TRIES - 1:
                raise
            text = "".join(_UNKNOWN if sign in unshown else sign for sign in text)
        else:
            assert isinstance(found, bytes)
            return found
    raise AssertionError("unreachable")
