"""Working out what stations should be set to, and how far they are from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from stations.commands.services import link_of
from stations.configuration import facts
from stations.configuration.desired import StationFacts, TemplateFacts, Wanted, desired
from stations.configuration.drift import Attempt, Told, state_of
from stations.configuration.models import ConfigurationState, DesiredValue, DriftState
from stations.hardware.journal_models import ValueChange
from stations.hardware.keys import folded
from stations.hardware.models import Station
from stations.ocpp.bridge.setup_plan import BUILT_IN
from stations.ocpp.models import SetUpPlan

_MADE = (
    "key",
    "value",
    "origin",
    "template_id",
    "layers",
    "actual",
    "told_at",
    "state",
    "since_at",
)


def state_row(station: Station) -> ConfigurationState:
    """The station's state, locked until the end of the transaction."""
    ConfigurationState.objects.get_or_create(
        station=station, defaults={"operator_id": station.operator_id}
    )
    row: ConfigurationState = ConfigurationState.objects.select_for_update().get(station=station)
    return row


@transaction.atomic
def refresh(station: Station, templates: Sequence[TemplateFacts] | None = None) -> None:
    """Make the station's desired values anew; ``templates`` of the operator when at hand."""
    row = state_row(station)
    link = link_of(station)
    seen = ValueChange.objects.filter(station=station).aggregate(last=Max("id"))["last"] or 0
    known = facts.station_facts(station, link)
    wanted = desired(
        known,
        templates=facts.template_facts() if templates is None else templates,
        overrides=facts.overrides_of(station) if known.ocpp_version else {},
        built_in=BUILT_IN.get(known.ocpp_version, {}),
    )
    booted_at = link.booted_at if link else None
    _write(station, wanted, facts.told_by(station), booted_at)
    _leave_out(station, wanted)
    row.is_due, row.seen_change = False, seen
    row.computed_at = timezone.now()
    _remember(row, known)
    row.save()


def _remember(row: ConfigurationState, known: StationFacts) -> None:
    """What decided which templates apply; another make or site is found by comparing."""
    row.matched_site, row.matched_version = known.site_id, known.ocpp_version
    row.matched_vendor, row.matched_model = known.vendor, known.model
    row.matched_firmware, row.matched_hands_off = known.firmware, known.hands_off


def _write(
    station: Station,
    wanted: Mapping[str, Wanted],
    told: Mapping[str, Told],
    booted_at: datetime | None,
) -> None:
    now = timezone.now()
    held = {folded(row.key): row for row in DesiredValue.objects.filter(station=station)}
    made, changed = [], []
    for key, one in wanted.items():
        row = held.pop(key, None)
        if row is None:
            row = DesiredValue(operator_id=station.operator_id, station=station, since_at=now)
            _fill(row, one, told.get(key), booted_at, now)
            made.append(row)
        elif _fill(row, one, told.get(key), booted_at, now):
            changed.append(row)
    DesiredValue.objects.filter(pk__in=[row.pk for row in held.values()]).delete()
    DesiredValue.objects.bulk_create(made)
    DesiredValue.objects.bulk_update(changed, _MADE)


def _fill(
    row: DesiredValue, one: Wanted, told: Told | None, booted_at: datetime | None, now: datetime
) -> bool:
    """Set what follows from the facts; True when any of it is new."""
    before = {name: getattr(row, name) for name in _MADE}
    winner = one.winner
    row.key, row.value, row.origin = one.key, winner.value, winner.origin
    row.template_id = winner.template_id
    row.layers = [asdict(layer) for layer in one.layers]
    row.actual = told.value if told else None
    row.told_at = told.at if told else None
    state = DriftState(state_of(row.value, told, _attempt(row), booted_at))
    if (state == DriftState.IN_STEP) != (row.state == DriftState.IN_STEP):
        row.since_at = now
    row.state = state
    return before != {name: getattr(row, name) for name in _MADE}


def _attempt(row: DesiredValue) -> Attempt | None:
    if row.attempted_at is None or row.is_pending:
        return None
    return Attempt(row.attempted_value, row.answer, row.attempted_at)


def _leave_out(station: Station, wanted: Mapping[str, Wanted]) -> None:
    """Tell the bridge which of its own settings others take care of."""
    keys = sorted(
        one.key.lower()
        for one in wanted.values()
        if any(layer.origin == "built_in" for layer in one.layers)
        and one.winner.origin != "built_in"
    )
    plan: Any = SetUpPlan.objects.filter(station=station).first()
    if plan is None and not keys:
        return
    if plan is None:
        SetUpPlan.objects.create(station=station, operator_id=station.operator_id, left_out=keys)
    elif plan.left_out != keys:
        plan.left_out = keys
        plan.save(update_fields=["left_out"])
