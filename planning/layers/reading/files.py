"""Reading a file by what it is and not by what it is called (pure)."""

from __future__ import annotations

from typing import Any

import orjson

from core.imports.decoding import EncodingError, decode
from planning.layers.reading.csv_file import read_csv
from planning.layers.reading.geojson import is_geojson, read_geojson
from planning.layers.reading.geopackage import is_geopackage, read_geopackage
from planning.layers.reading.stations import (
    OPEN_CHARGE_MAP,
    read_stations,
    station_form,
    without_people,
)
from planning.layers.reading.table import MOST_BYTES, FileError, Table

ENDINGS = {"CSV": ".csv", "GeoJSON": ".geojson", "GeoPackage": ".gpkg"}


def read_file(raw: bytes, table: str = "") -> Table:
    """The table in a file; ``table`` chooses one of a GeoPackage. Raises FileError."""
    if not raw.strip():
        raise FileError("empty_file")
    if len(raw) > MOST_BYTES:
        raise FileError("file_too_large", size=MOST_BYTES // 1_000_000)
    if is_geopackage(raw):
        return read_geopackage(raw, table)
    if raw.startswith(b"PK\x03\x04"):
        raise FileError("archive")
    if _looks_like_json(raw):
        return _read_json(_json(raw))
    return read_csv(raw)


def fit_to_keep(raw: bytes) -> bytes:
    """The file as it may be kept: as it came, but without the names of Open Charge Map's users."""
    if is_geopackage(raw) or not _looks_like_json(raw):
        return raw
    data = _json(raw)
    return orjson.dumps(without_people(data)) if station_form(data) == OPEN_CHARGE_MAP else raw


def ending_of(table: Table) -> str:
    """What a kept file's name ends with."""
    return ENDINGS.get(table.read_as.partition(",")[0], ".json")


def _looks_like_json(raw: bytes) -> bool:
    return raw[:100].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _json(raw: bytes) -> Any:
    try:
        text, _encoding = decode(raw)
    except EncodingError as error:
        raise FileError(error.code) from error
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FileError("not_json", line=error.lineno) from error


def _read_json(data: Any) -> Table:
    if is_geojson(data):
        return read_geojson(data)
    form = station_form(data)
    if form:
        return read_stations(data, form)
    if data in ([], {}):
        raise FileError("no_rows")
    raise FileError("strange_json")
