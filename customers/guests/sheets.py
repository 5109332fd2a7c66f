"""The sheet with codes to print: one sticker a connector, four a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from billing.invoices.pdf import code as pdf_code
from billing.invoices.pdf.typeset import typeset
from core.ui import units
from customers.guests.codes import as_svg
from customers.guests.links import code_url
from customers.guests.models import GuestCode
from customers.selfservice.session_page import reader_language

TEMPLATE: Final = Path(pdf_code.__file__).parent / "codes.typ"
MOST: Final = 400


def sheet_pdf(rows: Sequence[GuestCode], *, on: date) -> bytes:
    """A PDF with a sticker for each of the codes, in the reader's language."""
    operator = rows[0].operator.name if rows else ""
    view = {
        "lang": reader_language(),
        "title": _("Codes on connectors"),
        "operator": operator,
        "stickers": [_sticker(one) for one in rows],
    }
    return typeset(TEMPLATE, view, on=on)


def _sticker(one: GuestCode) -> dict[str, Any]:
    connector = one.connector
    evse = connector.evse
    power = units.power(connector.max_power_w or evse.max_power_w, 0)
    return {
        "operator": one.operator.name,
        "head": _("Scan, pay, charge"),
        "evse": str(evse),
        "lines": [
            f"{connector.get_connector_type_display()} · {power}",
            str(evse.station.site),
            _("The page names the id above. If it does not, do not pay there."),
        ],
        "url": code_url(one).partition("//")[2],
        "svg": as_svg(one),
        "alt": _("Code that leads to %(url)s") % {"url": code_url(one)},
    }
