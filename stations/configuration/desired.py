"""What a station should be set to, from built-in defaults, templates and overrides (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from stations.hardware.keys import folded

Origin = Literal["built_in", "template", "override"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """What decides which templates apply."""

    station_id: int
    site_id: int
    ocpp_version: str
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    hands_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """A template with its values by key."""

    pk: int
    name: str
    ocpp_version: str
    priority: int = 50
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    site_ids: frozenset[int] = frozenset()
    station_ids: frozenset[int] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layer:
    """Someone who names a value for a key."""

    origin: Origin
    value: str
    name: str = ""
    template_id: int | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The desired value of a key. ``layers``: all who name one, the winner first."""

    key: str
    layers: tuple[Layer, ...]

    @property
    def winner(self) -> Layer:
        """Whose value counts."""
        return self.layers[0]


def applies(template: TemplateFacts, station: StationFacts) -> bool:
    """Whether version, patterns and targets fit."""
    if template.ocpp_version != station.ocpp_version:
        return False
    if template.site_ids or template.station_ids:
        named = station.site_id in template.site_ids or station.station_id in template.station_ids
        if not named:
            return False
    return all(
        fits(pattern, text)
        for pattern, text in (
            (template.vendor, station.vendor),
            (template.model, station.model),
            (template.firmware, station.firmware),
        )
    )


def fits(pattern: str, text: str) -> bool:
    """Whether ``text`` matches a pattern with ``*`` and ``?``, whatever the letter case; an
    empty pattern fits everything. ``[`` stands for itself."""
    literal = pattern.strip().casefold().replace("[", "[[]")
    return not literal or fnmatchcase(text.strip().casefold(), literal)


def desired(
    station: StationFacts,
    *,
    templates: Iterable[TemplateFacts] = (),
    overrides: Mapping[str, str] | None = None,
    built_in: Mapping[str, str] | None = None,
) -> dict[str, Wanted]:
    """The desired values by folded key.

    An override beats every template, a template of higher priority beats others (then the
    name, then the older), templates beat built-in defaults. A station marked hands-off has no
    built-in defaults, since nothing is sent to it unasked.
    """
    layers: dict[str, list[Layer]] = {}
    spelling: dict[str, str] = {}

    def name(key: str, layer: Layer) -> None:
        spelling.setdefault(folded(key), key)
        layers.setdefault(folded(key), []).append(layer)

    for key, value in (overrides or {}).items():
        name(key, Layer("override", value))
    fitting = (t for t in templates if applies(t, station))
    for template in sorted(fitting, key=lambda t: (-t.priority, t.name.casefold(), t.pk)):
        for key, value in template.values.items():
            name(key, Layer("template", value, template.name, template.pk, template.priority))
    if not station.hands_off:
        for key, value in (built_in or {}).items():
            name(key, Layer("built_in", value))
    return {key: Wanted(spelling[key], tuple(found)) for key, found in layers.items()}
