"""GeoJSON: features with points, lines and areas (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from planning.layers.reading.table import FileError, FileRow, Table, columns_of, need_rows, plain

GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def is_geojson(data: Any) -> bool:
    """Whether JSON says that it is GeoJSON."""
    return isinstance(data, dict) and data.get("type") in (
        "FeatureCollection", "Feature", *GEOMETRIES,
    )  # fmt: skip


def read_geojson(data: Mapping[str, Any]) -> Table:
    """The table of a collection, a single feature, or a bare geometry. Raises FileError."""
    kind = data["type"]
    if kind == "FeatureCollection":
        features = data.get("features")
    else:
        features = [data if kind == "Feature" else {"geometry": data}]
    if not isinstance(features, list):
        raise FileError("not_geojson")
    need_rows(len(features))
    rows = tuple(_row(number, one) for number, one in enumerate(features, 1))
    return Table(
        columns_of(row.cells for row in rows), rows, "GeoJSON", has_geometry=True,
        epsg=_epsg(data.get("crs")),
    )  # fmt: skip


def _row(number: int, feature: Any) -> FileRow:
    if not isinstance(feature, dict):
        raise FileError("not_geojson")
    given = feature.get("properties")
    properties = given if isinstance(given, dict) else {}
    cells = {str(name)[:100]: plain(value) for name, value in properties.items()}
    geometry = feature.get("geometry")
    return FileRow(number, cells, geometry if isinstance(geometry, dict) else None)


def _epsg(crs: Any) -> int | None:
    """The number in ``urn:ogc:def:crs:EPSG::3006``, as older files have it; CRS84 is 4326."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    found = re.search(r"EPSG:[\d.]*:?(\d{4,6})$", name)
    if found:
        return int(found[1])
    return 4326 if name.endswith("CRS84") else None
