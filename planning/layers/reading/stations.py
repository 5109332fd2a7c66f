"""Stations of others: Nobil, Open Charge Map and OCPI locations as tables (pure).

Only what is named here is read; who wrote comments and took pictures is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from planning.layers.kinds import LayerKind
from planning.layers.reading.table import FileRow, Table, columns_of, need_rows, plain

NOBIL, OPEN_CHARGE_MAP, OCPI = "Nobil", "Open Charge Map", "OCPI"
PEOPLE: Final = frozenset({"MediaItems", "UserComments", "SubmittedBy", "User"})
"""Members of Open Charge Map that name people; they are dropped from the file before it is kept."""
_KW: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*kW", re.I)


def station_form(data: Any) -> str:
    """Which of the formats JSON is in; empty for none."""
    if isinstance(data, dict) and isinstance(data.get("chargerstations"), list):
        return NOBIL
    rows = _list(data)
    first = rows[0] if rows else None
    if isinstance(first, dict) and "AddressInfo" in first:
        return OPEN_CHARGE_MAP
    if isinstance(first, dict) and "latitude" in _dict(first.get("coordinates")):
        return OCPI
    return ""


def without_people(data: Any) -> Any:
    """The same without the members that name people, at any depth."""
    if isinstance(data, dict):
        return {name: without_people(one) for name, one in data.items() if name not in PEOPLE}
    if isinstance(data, list):
        return [without_people(one) for one in data]
    return data


def read_stations(data: Any, form: str) -> Table:
    """One row a station: position, name, EVSEs, highest power, operator. Raises FileError."""
    read = {NOBIL: _nobil, OPEN_CHARGE_MAP: _open_charge_map, OCPI: _ocpi}[form]
    stations = data["chargerstations"] if form == NOBIL else _list(data)
    need_rows(len(stations))
    rows = tuple(
        FileRow(number, {name: plain(value) for name, value in read(_dict(one)).items()})
        for number, one in enumerate(stations, 1)
    )
    return Table(
        columns_of(row.cells for row in rows), rows, form, kind=LayerKind.EXISTING_STATIONS
    )


def _nobil(station: Mapping[str, Any]) -> dict[str, Any]:
    told = _dict(station.get("csmd"))
    position = re.findall(r"-?\d+(?:\.\d+)?", str(told.get("Position", "")))
    connectors = _dict(_dict(station.get("attr")).get("conn"))
    powers = [
        float(found[1].replace(",", "."))
        for one in connectors.values()
        for value in _dict(one).values()
        if (found := _KW.search(str(_dict(value).get("trans", "")))) is not None
    ]
    return {
        "longitude": position[1] if len(position) > 1 else None,
        "latitude": position[0] if position else None,
        "name": told.get("name"),
        "evses": told.get("Number_charging_points"),
        "power_kw": max(powers, default=None),
        "operator": told.get("Operator") or told.get("Owned_by"),
        "reference": told.get("International_id") or told.get("id"),
    }


def _open_charge_map(station: Mapping[str, Any]) -> dict[str, Any]:
    address = _dict(station.get("AddressInfo"))
    connections = [_dict(one) for one in _list(station.get("Connections"))]
    several = sum(_whole(one.get("Quantity"), 1) for one in connections)
    return {
        "longitude": address.get("Longitude"),
        "latitude": address.get("Latitude"),
        "name": address.get("Title"),
        "evses": _whole(station.get("NumberOfPoints"), several) or several or 1,
        "power_kw": _highest(one.get("PowerKW") for one in connections),
        "operator": _dict(station.get("OperatorInfo")).get("Title"),
        "reference": station.get("UUID") or station.get("ID"),
    }


def _ocpi(location: Mapping[str, Any]) -> dict[str, Any]:
    position = _dict(location.get("coordinates"))
    evses = [_dict(one) for one in _list(location.get("evses"))]
    connectors = [_dict(one) for evse in evses for one in _list(evse.get("connectors"))]
    highest = _highest(one.get("max_electric_power") or _watts(one) for one in connectors)
    return {
        "longitude": position.get("longitude"),
        "latitude": position.get("latitude"),
        "name": location.get("name") or location.get("address"),
        "evses": sum(one.get("status") != "REMOVED" for one in evses),
        "power_kw": None if highest is None else highest / 1000,
        "operator": _dict(location.get("operator")).get("name"),
        "reference": location.get("id"),
    }


def _watts(connector: Mapping[str, Any]) -> float | None:
    volts, amperes = connector.get("max_voltage"), connector.get("max_amperage")
    if not isinstance(volts, int | float) or not isinstance(amperes, int | float):
        return None
    return volts * amperes * (3 if connector.get("power_type") == "AC_3_PHASE" else 1)


def _highest(values: Iterable[Any]) -> float | None:
    return max((float(one) for one in values if isinstance(one, int | float)), default=None)


def _whole(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return value["data"]  # type: ignore[no-any-return]  # a list, as just seen
    return value if isinstance(value, list) else []
