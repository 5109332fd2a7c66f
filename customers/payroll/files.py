"""The basis of wages as the file that a payroll system reads."""

from __future__ import annotations

import io
from collections.abc import Sequence
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
_USES: Final = {
    VehicleUse.BENEFIT: "Förmånsbil", VehicleUse.SERVICE: "Tjänstebil",
    VehicleUse.POOL: "Poolbil", VehicleUse.PRIVATE: "Privat bil",
}  # fmt: skip


def table(rows: Sequence[Row]) -> list[list[Cell]]:
    """Headings, and a line for each row."""
    if all(row.currency == "SEK" for row in rows):
        return [list(HEADINGS), *(_line(row) for row in rows)]
    return [[*HEADINGS, CURRENCY], *([*_line(row), row.currency] for row in rows)]


def _line(row: Row) -> list[Cell]:
    use = _USES[VehicleUse(row.vehicle_use)] if row.vehicle_use else ""
    return [
        row.employee_number, row.name, row.registration_number, use, row.period,
        row.kwh_workplace, row.kwh_home, row.kwh_public, row.home_gross, row.public_gross,
        row.reimbursement, row.pay_code, row.cost_centre, row.count,
    ]  # fmt: skip


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
