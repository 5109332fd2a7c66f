"""Fetched files are what vendor.toml names, and nothing points at files that are not shipped."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tools.outline import clip, stitch, tidy, unwrap
from tools.sprite import build_sprite
from tools.vendor import WrongHashError, check_integrity, without_source_map

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "tools/vendor.toml").read_text())


def test_a_tarball_with_another_hash_is_refused() -> None:
    with pytest.raises(WrongHashError, match="left-pad"):
        check_integrity(b"evil", "sha512-AAAA", "left-pad")


def test_every_package_is_here_with_its_licence() -> None:
    for package in CONFIG["package"]:
        folder = ROOT / package.get("into", "static/vendor")
        folder = folder / f"{package['name']}-{package['version']}"
        assert (folder / "LICENSE").stat().st_size > 300
        assert len([p for p in folder.rglob("*") if p.is_file()]) == len(package["files"])


def test_pages_name_the_versions_that_are_here() -> None:
    text = "".join(p.read_text() for p in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"'(vendor/[^']+)'", text))

    assert len(named) >= 7
    assert [path for path in named if not (ROOT / "static" / path).is_file()] == []


def test_no_style_or_script_points_at_a_missing_file() -> None:
    for path in (ROOT / "static").rglob("*"):
        if path.suffix not in {".css", ".js"}:
            continue
        text = path.read_text()
        assert "sourceMappingURL=" not in text, path
        for url in re.findall(r"url\([\"']?([^\"')]+)", text) if path.suffix == ".css" else []:
            assert url.startswith(("data:", "#")) or (path.parent / url).is_file(), url


def test_source_maps_are_cut_off() -> None:
    assert without_source_map(b"a()\n//# sourceMappingURL=a.js.map\n") == b"a()\n"
    assert without_source_map(b"a{}\n/*# sourceMappingURL=a.css.map */") == b"a{}\n"
    assert without_source_map(b"plain") == b"plain"


def test_the_sprite_has_every_icon_that_is_listed() -> None:
    sprite = (ROOT / "static/icons.svg").read_text()

    assert sprite.count("<symbol") == len(set(CONFIG["sprite"]["icons"]))
    with pytest.raises(ValueError, match="broken"):
        build_sprite({"broken": "<p>"})


def test_the_outline_lies_in_its_box() -> None:
    outline = json.loads((ROOT / "static/map/outline.geojson").read_text())
    west, south, east, north = outline["bbox"]
    names = {feature["properties"]["name"] for feature in outline["features"]}

    assert {"Sweden", "Norway", "Denmark", "Finland"} <= names
    for feature in outline["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            for x, y in polygon[0]:
                assert west <= x <= east
                assert south <= y <= north


def test_rings_are_clipped_and_closed() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]

    assert set(tidy(clip(square, (5, 5, 20, 20)), 1)) == {(5, 5), (10, 5), (10, 10), (5, 10)}
    assert clip(square, (20, 20, 30, 30)) == []
    assert tidy([(0.0, 0.0), (0.01, 0.0), (0.0, 0.0)], 1) == []


def test_arcs_join_without_repeated_points_and_do_not_jump() -> None:
    arcs = [[(0.0, 0.0), (1.0, 1.0)], [(0.0, 0.0), (2.0, 0.0), (1.0, 1.0)]]

    assert stitch([0, ~1], arcs) == [(0, 0), (1, 1), (2, 0), (0, 0)]
    assert unwrap([(179.0, 0.0), (-179.0, 0.0), (178.0, 1.0)]) == [(179, 0), (181, 0), (178, 1)]
