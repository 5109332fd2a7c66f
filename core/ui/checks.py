"""System check of the base map's file: without it every map of the product is empty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

_MAGIC: Final = b"PMTiles"


@register()
def base_map_is_there(
    app_configs: Sequence[AppConfig] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Warn where MAP_PMTILES_PATH names a file that cannot be read or is no PMTiles file."""
    path = settings.MAP_PMTILES_PATH
    if path is None:
        return []
    try:
        with Path(path).open("rb") as file:
            is_known = file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        return [_warning(f"cannot be read: {error.strerror}", "core.W001")]
    return [] if is_known else [_warning("is no PMTiles file", "core.W002")]


def _warning(problem: str, code: str) -> Warning:
    return Warning(
        f"MAP_PMTILES_PATH: {settings.MAP_PMTILES_PATH} {problem}; maps stay empty.",
        hint="Name a file that the web processes may read, or leave it empty.",
        id=code,
    )
