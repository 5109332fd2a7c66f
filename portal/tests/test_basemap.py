"""Parts of the base map's file, and pages that show it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.accounts.permissions import Role
from core.ui.basemap import MOST_BYTES, OutOfRange, Part, part_of
from core.ui.checks import base_map_is_there
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-3", Part(0, 3)),
        ("bytes=4-", Part(4, 9)),
        ("bytes=4-400", Part(4, 9)),
        ("bytes=-3", Part(7, 9)),
        ("bytes=-400", Part(0, 9)),
        ("", Part(0, 9)),
        ("bytes=-", Part(0, 9)),
        ("bytes=1-2,4-5", Part(0, 9)),
        ("lines=1-2", Part(0, 9)),
    ],
)
def test_parts(header: str, part: Part) -> None:
    assert part_of(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=5-4", "bytes=-0"])
def test_parts_that_are_not_there(header: str) -> None:
    with pytest.raises(OutOfRange):
        part_of(header, 10)


def test_a_part_is_never_large() -> None:
    assert part_of("bytes=5-", 2 * MOST_BYTES) == Part(5, MOST_BYTES + 4)


@pytest.mark.django_db
def test_the_file_is_served_in_parts_and_named_on_pages(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    operator = make_operator()
    make_site(operator=operator, latitude=59, longitude=18)
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    settings.MAP_PMTILES_PATH = None
    assert client.get("/map/base.pmtiles").status_code == 404
    assert b"protomaps" not in client.get("/").content

    settings.MAP_PMTILES_PATH = tmp_path / "a map.pmtiles"
    assert client.get("/map/base.pmtiles").status_code == 404
    settings.MAP_PMTILES_PATH.write_bytes(b"0123456789")
    found = client.get("/map/base.pmtiles", headers={"range": "bytes=2-4"})
    assert (found.status_code, found.content) == (206, b"234")
    assert found["Content-Range"] == "bytes 2-4/10"
    beyond = client.get("/map/base.pmtiles", headers={"range": "bytes=10-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, "bytes */10")
    page = client.get("/").content.decode()
    assert 'data-pmtiles="/map/base.pmtiles"' in page
    assert "protomaps-leaflet.js" in page


def test_a_file_that_maps_cannot_use_is_told(settings: Any, tmp_path: Path) -> None:
    settings.MAP_PMTILES_PATH = None
    assert base_map_is_there() == []
    settings.MAP_PMTILES_PATH = tmp_path / "none.pmtiles"
    assert [one.id for one in base_map_is_there()] == ["core.W001"]
    settings.MAP_PMTILES_PATH.mkdir()
    assert [one.id for one in base_map_is_there()] == ["core.W001"]
    settings.MAP_PMTILES_PATH = tmp_path / "a.pmtiles"
    settings.MAP_PMTILES_PATH.write_bytes(b"PK\x03\x04")
    assert [one.id for one in base_map_is_there()] == ["core.W002"]
    settings.MAP_PMTILES_PATH.write_bytes(b"PMTiles\x03")
    assert base_map_is_there() == []
