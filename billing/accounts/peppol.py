"""Peppol addresses: scheme, colon, identifier (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from stdnum import ean
from stdnum.dk import cvr
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

_SHAPE: Final = re.compile(r"(\d{4}):([0-9A-Za-z.:_-]{2,50})")
# Electronic address schemes whose identifiers have check digits (EAS code list).
_CHECKED: Final[dict[str, Callable[[str], str]]] = {
    "0007": se_orgnr.validate,
    "0088": ean.validate,
    "0184": cvr.validate,
    "0192": no_orgnr.validate,
}


def peppol_address(text: str) -> str | None:
    """The address without blanks; None when its shape or a check digit is wrong.

    ``0007:5567037485`` is a Swedish organisation number, ``0088:...`` a GLN.
    """
    found = _SHAPE.fullmatch("".join(text.split()))
    if found is None:
        return None
    scheme, identifier = found.groups()
    check = _CHECKED.get(scheme)
    if check is None:
        return f"{scheme}:{identifier}"
    try:
        return f"{scheme}:{check(identifier)}"
    except ValidationError:
        return None
