"""Loading what the rules of the configuration need."""

from __future__ import annotations

from collections.abc import Iterable

from core.tenancy.places import limited_to
from stations.configuration.desired import StationFacts, TemplateFacts
from stations.configuration.drift import Told
from stations.configuration.models import ConfigurationTemplate, ValueOverride
from stations.hardware.keys import folded
from stations.hardware.models import DeviceVariable, Station, StationLink

Values = dict[str, Told]


def station_facts(station: Station, link: StationLink | None) -> StationFacts:
    """The station as templates see it; version "" when it has never connected."""
    return StationFacts(
        station_id=station.pk,
        site_id=station.site_id,
        ocpp_version=link.ocpp_version if link else "",
        vendor=station.vendor,
        model=station.model,
        firmware=station.firmware_version,
        hands_off=station.hands_off,
    )


def template_facts() -> list[TemplateFacts]:
    """The templates in use of the operator in scope, in three queries.

    With all their targets, whoever asks: with some of them hidden a template would seem to
    apply elsewhere.
    """
    with limited_to(None):
        templates = ConfigurationTemplate.objects.filter(is_active=True)
        return [template_as_facts(t) for t in templates.prefetch_related("values", "targets")]


def template_as_facts(template: ConfigurationTemplate) -> TemplateFacts:
    """One template with its values and targets."""
    targets = list(template.targets.all())
    return TemplateFacts(
        pk=template.pk,
        name=template.name,
        ocpp_version=template.ocpp_version,
        priority=template.priority,
        vendor=template.vendor,
        model=template.model,
        firmware=template.firmware,
        site_ids=frozenset(t.site_id for t in targets if t.site_id is not None),
        station_ids=frozenset(t.station_id for t in targets if t.station_id is not None),
        values={row.key: row.value for row in template.values.all()},
    )


def overrides_of(station: Station) -> dict[str, str]:
    """The station's own values by key."""
    return dict(ValueOverride.objects.filter(station=station).values_list("key", "value"))


def told_by(station: Station) -> Values:
    """What the station last said of its actual values, by folded key."""
    return told(DeviceVariable.objects.filter(station=station, attribute="Actual"))


def told(rows: Iterable[DeviceVariable]) -> Values:
    """The same from rows at hand."""
    return {
        folded(row.key): Told(
            value=row.value,
            at=row.updated_at,
            mutability=row.mutability,
            data_type=str(row.characteristics.get("dataType", "")),
        )
        for row in rows
    }


def number_told(values: Values, *keys: str) -> int:
    """The first of these keys that the station tells a whole number above 0 for; else 0."""
    for key in keys:
        found = values.get(folded(key))
        text = (found.value or "").strip() if found else ""
        if text.isascii() and text.isdigit() and int(text[:9]) > 0:
            return int(text[:9])
    return 0
