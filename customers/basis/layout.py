"""The property manager's file: columns, and cells as CSV writes them (pure)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from core.lists.cells import defused

COLUMNS: Final[Mapping[str, str]] = {
    "object_number": "Objektsnummer",
    "apartment": "Lägenhet",
    "bay": "Plats",
    "name": "Namn",
    "email": "E-post",
    "text": "Text",
    "month": "Månad",
    "from_on": "Från",
    "until_on": "Till",
    "energy_kwh": "kWh",
    "session_count": "Laddningar",
    "price": "Pris per kWh",
    "net": "Belopp exkl. moms",
    "tax": "Moms",
    "gross": "Belopp",
    "adjustment": "Varav rättelser",
    "currency": "Valuta",
    "site": "Anläggning",
}
"""Every column with its usual heading; files of property managers are in Swedish."""
SUMMED: Final = ("energy_kwh", "session_count", "net", "tax", "gross", "adjustment")
_CHOSEN: Final = (
    "object_number",
    "apartment",
    "bay",
    "name",
    "energy_kwh",
    "session_count",
    "gross",
)
DEFAULT_COLUMNS: Final = tuple((name, COLUMNS[name]) for name in _CHOSEN)
_CENT: Final = Decimal("0.01")
Cell = str | int | date | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One resident in a basis. Amounts are exact; cells are rounded."""

    object_number: str = ""
    apartment: str = ""
    bay: str = ""
    name: str = ""
    email: str = ""
    energy_wh: Decimal
    session_count: int
    net: Decimal
    tax: Decimal
    gross: Decimal
    adjustment: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all rows of a file share."""

    site: str
    first_on: date
    last_on: date
    currency: str
    text: str = ""


def cells_of(line: Line, frame: Frame) -> dict[str, Cell]:
    """The cells of a row by column. Amounts in cents, kWh to three decimals; the price is that of
    a kWh on average, empty where corrections or nothing are in the amount."""
    kwh = (line.energy_wh / 1000).quantize(Decimal("0.001"), ROUND_HALF_UP)
    has_price = line.energy_wh > 0 and not line.adjustment
    return {
        "object_number": line.object_number,
        "apartment": line.apartment,
        "bay": line.bay,
        "name": line.name,
        "email": line.email,
        "text": frame.text.replace("{month}", f"{frame.first_on:%Y-%m}"),
        "month": f"{frame.first_on:%Y-%m}",
        "from_on": frame.first_on,
        "until_on": frame.last_on,
        "energy_kwh": kwh,
        "session_count": line.session_count,
        "price": (line.gross * 1000 / line.energy_wh).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        if has_price
        else None,
        "net": _money(line.gross) - _money(line.tax),
        "tax": _money(line.tax),
        "gross": _money(line.gross),
        "adjustment": _money(line.adjustment),
        "currency": frame.currency,
        "site": frame.site,
    }


def table(
    lines: Sequence[Line],
    frame: Frame,
    columns: Sequence[tuple[str, str]],
    *,
    has_headings: bool,
    has_total: bool,
) -> list[list[Cell]]:
    """All rows of the file. The last one has the sums of what can be summed, if wanted."""
    cells = [cells_of(line, frame) for line in lines]
    rows: list[list[Cell]] = [[row[name] for name, _heading in columns] for row in cells]
    if has_total:
        rows.append([_sum(cells, name) for name, _heading in columns])
    headings: list[list[Cell]] = [[heading for _name, heading in columns]]
    return headings + rows if has_headings else rows


def _sum(cells: Sequence[Mapping[str, Cell]], name: str) -> Cell:
    if name not in SUMMED:
        return None
    return sum((Decimal(str(row[name])) for row in cells), Decimal(0))


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def write_csv(
    rows: Sequence[Sequence[Cell]], *, separator: str, decimal_sign: str, encoding: str
) -> bytes:
    """A CSV file with Windows line ends; UTF-8 has a mark so that spreadsheets know. A letter
    that CP1252 has not becomes a question mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([[_written(cell, decimal_sign) for cell in row] for row in rows])
    if encoding == "cp1252":
        return out.getvalue().encode("cp1252", errors="replace")
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Cell, decimal_sign: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", decimal_sign)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int) else defused(cell)
