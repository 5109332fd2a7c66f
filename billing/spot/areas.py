"""Bidding zones and their codes at ENTSO-E (pure)."""

from __future__ import annotations

from typing import Final

AREAS: Final[dict[str, str]] = {
    "SE1": "10Y1001A1001A44P",
    "SE2": "10Y1001A1001A45N",
    "SE3": "10Y1001A1001A46L",
    "SE4": "10Y1001A1001A47J",
    "NO1": "10YNO-1--------2",
    "NO2": "10YNO-2--------T",
    "NO3": "10YNO-3--------J",
    "NO4": "10YNO-4--------9",
    "NO5": "10Y1001A1001A48H",
    "DK1": "10YDK-1--------W",
    "DK2": "10YDK-2--------M",
    "FI": "10YFI-1--------U",
    "EE": "10Y1001A1001A39I",
    "LV": "10YLV-1001A00074",
    "LT": "10YLT-1001A0008Q",
    "DE-LU": "10Y1001A1001A82H",
    "NL": "10YNL----------L",
    "BE": "10YBE----------2",
    "AT": "10YAT-APG------L",
    "PL": "10YPL-AREA-----S",
    "FR": "10YFR-RTE------C",
}
"""Zone to Energy Identification Code. All of them trade days of CET/CEST."""

_BY_CODE: Final = {code: area for area, code in AREAS.items()}


def area_of(text: str) -> str | None:
    """The zone that a text names: ``SE3``, ``SE_3``, ``BZN|SE3`` or its code; None if none."""
    plain = text.strip().upper()
    if plain in _BY_CODE:
        return _BY_CODE[plain]
    plain = plain.removeprefix("BZN|").replace("_", "-").replace(" ", "")
    if plain in AREAS:
        return plain
    joined = plain.replace("-", "")
    return next((area for area in AREAS if area.replace("-", "") == joined), None)
