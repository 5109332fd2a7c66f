"""Fetch the browser's libraries from npm: checked by hash, stored in git, no network later.

``python tools/vendor.py`` reads tools/vendor.toml and rewrites static/vendor, the icon sprite
and the map outline. It needs ``npm``; nothing else in the project does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.outline import cut_countries  # noqa: E402 - the script's folder is not on the path
from tools.sprite import build_sprite  # noqa: E402 - as above

_SOURCE_MAP = re.compile(rb"\s*(?:/\*#|//#) sourceMappingURL=[^\n*]*(?:\*/)?\s*$")


class WrongHashError(Exception):
    """A tarball is not the one that vendor.toml names."""


def check_integrity(content: bytes, integrity: str, name: str) -> None:
    """Raise WrongHashError unless ``content`` has npm's ``sha512-<base64>``."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != integrity:
        raise WrongHashError(f"{name}: expected {integrity}, got {found}")


def fetch(package: dict[str, Any], folder: Path) -> Path:
    """Download, check and unpack one package; its root folder."""
    spec = f"{package['name']}@{package['version']}"
    target = folder / re.sub(r"\W+", "-", spec)
    target.mkdir()
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch packages.")
    subprocess.run(
        [npm, "pack", "--silent", "--pack-destination", str(target), spec],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    tarball = next(target.glob("*.tgz"))
    check_integrity(tarball.read_bytes(), package["integrity"], spec)
    with tarfile.open(tarball) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def without_source_map(content: bytes) -> bytes:
    """A file's bytes without the trailing reference to a source map that is not shipped."""
    return _SOURCE_MAP.sub(b"\n", content)


def install(package: dict[str, Any], source: Path) -> None:
    """Copy the named files to ``<into>/<name>-<version>/``, folders below dist/ kept."""
    into = ROOT / package.get("into", "static/vendor")
    target = into / f"{package['name']}-{package['version']}"
    shutil.rmtree(target, ignore_errors=True)
    for name in package["files"]:
        plain = name.removeprefix("dist/").removeprefix("css/")
        path = target / ("LICENSE" if plain == "MIT-LICENCE.txt" else plain)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = (source / name).read_bytes()
        path.write_bytes(without_source_map(content) if path.suffix in {".js", ".css"} else content)
    print(f"{package['name']} {package['version']} -> {target.relative_to(ROOT)}")


def write_outline(spec: dict[str, Any], source: Path) -> None:
    """Write the cut of the world's countries as GeoJSON."""
    topology = json.loads((source / spec["file"]).read_text())
    box = (spec["box"][0], spec["box"][1], spec["box"][2], spec["box"][3])
    collection = cut_countries(topology, spec["object"], box, spec["decimals"])
    collection["credit"] = spec["credit"]
    target = ROOT / spec["into"]
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(collection, separators=(",", ":"), ensure_ascii=False)
    target.write_text(text + "\n")
    print(f"{spec['name']} -> {spec['into']} ({len(text) // 1024} KiB)")


def write_sprite(spec: dict[str, Any], source: Path) -> None:
    """Write the sprite and its licence."""
    folder = source / spec["folder"]
    icons = {name: (folder / f"{name}.svg").read_text() for name in sorted(spec["icons"])}
    (ROOT / spec["into"]).write_text(build_sprite(icons))
    shutil.copyfile(source / "LICENSE", ROOT / spec["licence"])
    print(f"{len(icons)} icons -> {spec['into']}")


def main() -> None:
    """Fetch everything."""
    config = tomllib.loads((ROOT / "tools/vendor.toml").read_text())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in config["package"]:
            install(package, fetch(package, folder))
        write_outline(config["outline"], fetch(config["outline"], folder))
        write_sprite(config["sprite"], fetch(config["sprite"], folder))


if __name__ == "__main__":
    main()
