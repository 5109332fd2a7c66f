"""The basis of wages as the file that a payroll system reads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from openpyxl import Workbook

from core.lists.sheets import typed
from customers.basis.layout import Cell, write_csv
from customers.drivers.models import VehicleUse
from customers.payroll.basis import Row

HEADINGS: Final = (
    "Anställningsnr", "Namn", "Regnr", "Biltyp", "Period", "kWh arbetsplats", "kWh hem",
    "kWh publikt", "Hem kr inkl moms", "Publikt kr inkl moms", "Ersättning", "Löneart",
    "Kostnadsställe", "Antal",
)  # fmt: skip
"""Swedish in every language: payroll systems read them."""
CURRENCY: Final = "Valuta"
"""One column more where not everything is in Swedish kronor, as those headings say."""
HELD_BACK: Final = "Ej klar"
"""The last column, where a line has no amount yet: why. Payroll must not take it for nothing."""
_WHY: Final = {"unpriced": "Pris saknas", "undecided": "Väntar på beslut"}
_USES: Final = {
    VehicleUse.BENEFIT: "Förmånsbil", VehicleUse.SERVICE: "Tjänstebil",
    VehicleUse.POOL: "Poolbil", VehicleUse.PRIVATE: "Privat bil",
}  # fmt: skip


def table(rows: Sequence[Row]) -> list[list[Cell]]:
    """Headings, and a line for each row; columns that say nothing here are left out."""
    has_currency = any(row.currency != "SEK" for row in rows)
    has_reason = any(row.held_back for row in rows)
    headings: list[Cell] = [*HEADINGS, *[CURRENCY] * has_currency, *[HELD_BACK] * has_reason]
    lines = [
        [
            *_line(row),
            *[row.currency] * has_currency,
            *[_WHY.get(row.held_back, "")] * has_reason,
        ]
        for row in rows
    ]
    return [headings, *lines]


def _line(row: Row) -> list[Cell]:
    use = _USES[VehicleUse(row.vehicle_use)] if row.vehicle_use else ""
    return [
        row.employee_number, row.name, row.registration_number, use, row.period,
        row.kwh_workplace, row.kwh_home, row.kwh_public, _known(row.home_gross), row.public_gross,
        _known(row.reimbursement), row.pay_code, row.cost_centre, row.count,
    ]  # fmt: skip


def _known(amount: Decimal | None) -> Cell:
    """Empty where it is not known: nothing is another thing."""
    return "" if amount is None else amount


def as_csv(rows: Sequence[Row]) -> bytes:
    """Semicolons, decimal comma, UTF-8 with a mark."""
    return write_csv(table(rows), separator=";", decimal_sign=",", encoding="utf-8")


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """A workbook with numbers as numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Löneunderlag")
    for line in table(rows):
        sheet.append([typed(sheet, cell) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
