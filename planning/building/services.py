"""Planning the stations of a site, and adding them when the hardware is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from planning.building.dividing import divided
from planning.building.models import PlannedStation
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.choices import ConnectorType, CurrentType, SecurityProfile
from stations.hardware.evses import propose_new_ids
from stations.hardware.models import Station
from stations.onboarding.models import StationDraft
from stations.onboarding.services import begin_draft, describe_station, finish_draft
from stations.sites.models import Site


@dataclass(frozen=True, slots=True)
class Wanted:
    """A planned station that is to be added, with what its hardware is called."""

    planned: str
    identity: str
    name: str = ""
    hardware_model: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A station that was added. ``secret``: its password; "" where none is used, None when it was
    shown before and is not known any more."""

    planned: PlannedStation
    station: Station
    secret: str | None


def plan_stations(*, site: Site, evses: int, power_kw: float) -> list[PlannedStation]:
    """Note the stations that a site of this size consists of, after those noted already."""
    last = PlannedStation.objects.filter(site=site).count()
    rows = [
        PlannedStation(
            operator_id=site.operator_id,
            public_id=public_id("pst"),
            site=site,
            number=number,
            evses=unit.evses,
            power_w=unit.power_w,
            current_type=CurrentType.DC if unit.is_dc else CurrentType.AC_3_PHASE,
            connector_type=ConnectorType.CCS2 if unit.is_dc else ConnectorType.TYPE_2,
        )
        for number, unit in enumerate(divided(evses, power_kw), start=last + 1)
    ]
    PlannedStation.objects.bulk_create(rows)
    return rows


@transaction.atomic
def add_stations(
    *,
    site: Site,
    wanted: Sequence[Wanted],
    version: str,
    security_profile: int = SecurityProfile.BASIC,
    by: User | None = None,
) -> list[Added]:
    """Make stations of planned ones, all or none of them, each with a password of its own.

    What was added before is not added again: it comes back as it is, with its password as long as
    the wizard would show it once more.
    """
    held = Site.objects.select_for_update().get(pk=site.pk)  # one after the other
    rows = {one.public_id: one for one in PlannedStation.objects.filter(site=site)}
    unknown = [one.planned for one in wanted if one.planned not in rows]
    if unknown or not wanted:
        raise InvalidInput(
            "no_planned_station", _("Choose planned stations of this site."), field="stations"
        )
    fresh = [one for one in wanted if rows[one.planned].built_at is None]
    _refuse_doubles(fresh)
    if fresh and held.retired_on is not None:
        raise RuleViolation("site_retired", _("The site has been retired."))
    common = {"version": version, "security_profile": int(security_profile)}
    for one in fresh:
        _add(rows[one.planned], one, common, by)
    return [_shown(rows[one.planned]) for one in wanted]


def _refuse_doubles(wanted: Sequence[Wanted]) -> None:
    seen: set[str] = set()
    for one in wanted:
        if one.identity.upper() in seen:
            raise InvalidInput(
                "identity_twice",
                _("This identity is given twice."),
                field=f"identity_{one.planned}",
            )
        seen.add(one.identity.upper())


def _add(planned: PlannedStation, one: Wanted, common: dict[str, Any], by: User | None) -> None:
    model = HardwareModel.objects.filter(public_id=one.hardware_model).first()
    if one.hardware_model and model is None:
        raise InvalidInput(
            "unknown_model", _("There is no such model."), field=f"model_{planned.public_id}"
        )
    values = {
        **common,
        "identity": one.identity,
        "name": one.name or str(planned),
        "hardware_model": one.hardware_model,
    }
    draft = begin_draft(site=planned.site, by=by, values={})
    try:
        describe_station(draft=draft, values=values)
        station, _secret = finish_draft(draft=draft, evses=evses_of(planned, model))
    except RuleViolation as refusal:
        if refusal.field == "identity":
            refusal.field = f"identity_{planned.public_id}"
        raise
    planned.station, planned.built_at = station, timezone.now()
    planned.save(update_fields=["station", "built_at"])
    record(
        "planned_station.add",
        planned,
        operator_id=planned.operator_id,
        after={"station": station.public_id, "identity": one.identity, "site": planned.site},
    )


def evses_of(planned: PlannedStation, model: HardwareModel | None) -> list[dict[str, Any]]:
    """The EVSEs as the wizard makes them: those of the model, else those of the plan, with the
    next free ids."""
    is_dc = planned.current_type == CurrentType.DC
    usual = {
        "max_power_w": planned.power_w,
        "current_type": planned.current_type,
        "phases": 1 if planned.current_type == CurrentType.AC_1_PHASE else 3,
        "connectors": [{"connector_type": planned.connector_type, "is_tethered": is_dc}],
    }
    of_model = list(model.evses) if model else []
    plain = of_model or [usual] * planned.evses
    ids = propose_new_ids(operator=planned.operator, count=len(plain))
    return [
        {**one, "connectors": [dict(part) for part in one["connectors"]], "number": number}
        | {"public_id": evse_id}
        for number, (one, evse_id) in enumerate(zip(plain, ids, strict=True), start=1)
    ]


def _shown(planned: PlannedStation) -> Added:
    draft = StationDraft.objects.filter(station_id=planned.station_id).first()
    if planned.station is None or draft is None:
        raise RuleViolation("station_gone", _("The station that was built is not there any more."))
    station, secret = finish_draft(draft=draft, evses=())
    return Added(planned, station, secret)
