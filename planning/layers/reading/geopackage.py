"""GeoPackage: an SQLite file with tables of features (pure)."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import Any, Final

from planning.layers.reading.table import (
    MOST_ROWS,
    FileError,
    FileRow,
    Table,
    columns_of,
    need_rows,
    plain,
)
from planning.layers.reading.wkb import read_geopackage_geometry

MAGIC: Final = b"SQLite format 3\x00"
_MOST_SECONDS: Final = 20.0
_FEATURES: Final = """
SELECT c.table_name, g.column_name, g.srs_id
FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table'
WHERE c.data_type = 'features' ORDER BY c.table_name LIMIT 100
"""


def is_geopackage(raw: bytes) -> bool:
    """Whether the bytes are an SQLite file, as a GeoPackage is."""
    return raw.startswith(MAGIC)


def read_geopackage(raw: bytes, table: str = "") -> Table:
    """One table of features, the first unless named. Raises FileError."""
    try:
        with closing(sqlite3.connect(":memory:")) as file:
            file.deserialize(raw)
            return _read(file, table)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise FileError("not_geopackage") from error


def _read(file: sqlite3.Connection, table: str) -> Table:
    # The file is somebody else's: nothing in its schema may run, and nothing may take long.
    file.execute("PRAGMA trusted_schema = OFF")
    file.execute("PRAGMA query_only = ON")
    until = time.monotonic() + _MOST_SECONDS
    file.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    found = {str(name): (str(column), srs) for name, column, srs in file.execute(_FEATURES)}
    if not found:
        raise FileError("no_features")
    chosen = table if table in found else next(iter(found))
    column, srs = found[chosen]
    rows_of = f"SELECT * FROM {_quoted(chosen)} LIMIT {MOST_ROWS + 1}"  # noqa: S608 - a quoted name
    cursor = file.execute(rows_of)
    names = [str(one[0]) for one in cursor.description]
    if column not in names:
        raise FileError("not_geopackage")
    rows = tuple(_row(number, names, column, cells) for number, cells in enumerate(cursor, 1))
    need_rows(len(rows))
    return Table(
        columns_of(row.cells for row in rows),
        rows,
        "GeoPackage",
        has_geometry=True,
        epsg=_epsg(file, srs),
        tables=tuple(found),
        table=chosen,
    )


def _row(number: int, names: list[str], column: str, cells: tuple[Any, ...]) -> FileRow:
    values = dict(zip(names, cells, strict=True))
    geometry = read_geopackage_geometry(values.pop(column))
    return FileRow(number, {name[:100]: plain(one) for name, one in values.items()}, geometry)


def _epsg(file: sqlite3.Connection, srs: Any) -> int | None:
    row = file.execute(
        "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        [srs],
    ).fetchone()
    if row is None or str(row[0]).upper() != "EPSG" or not isinstance(row[1], int):
        return None
    return row[1]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
