"""Preventive plans: changing them, and making the orders that are due, each once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.tenancy.places import current_places
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.maintenance import lifecycle
from stations.maintenance.checklists import copy_checklist
from stations.maintenance.due import Due, Interval, Spot, Use, due, trips
from stations.maintenance.models import OrderSource
from stations.maintenance.names import refuse_taken
from stations.maintenance.plan_models import MaintenancePlan, PlanVisit
from stations.maintenance.services import open_order
from stations.sessions.models import Session
from stations.sites.models import Site

_AGAIN: Final = timedelta(hours=20)
"""A plan is looked at once a day."""
SHORTEST_MONTH: Final = 28
MANY: Final = 200
"""Orders after which a turn ends, so that a large plan is made in turns that are kept."""
_log = logging.getLogger(__name__)


@transaction.atomic
def save_plan(
    *, operator: Operator, plan: MaintenancePlan | None, **values: Any
) -> MaintenancePlan:
    """Make or change a plan. Refuses one without an interval, orders further ahead than that (they
    would never end), a name that is taken, and plans for all sites by who has chosen ones."""
    row = plan or MaintenancePlan(operator=operator, public_id=public_id("plan"))
    before, after = apply_changes(row, values)
    if current_places() is not None and (row.site_id is None or before.get("site", row) is None):
        raise RuleViolation("all_sites", _("Choose a site: you work with chosen sites."))
    if not (row.every_months or row.every_kwh or row.every_cycles):
        raise InvalidInput(
            "interval", _("Say how often: months, kWh or plug cycles."), field="every_months"
        )
    if row.every_months and row.lead_days >= SHORTEST_MONTH * row.every_months:
        raise InvalidInput(
            "lead_days",
            _("Fewer days ahead than there are between two visits (%(days)d).")
            % {"days": SHORTEST_MONTH * row.every_months},
            field="lead_days",
        )
    row.full_clean(exclude=["operator"])
    refuse_taken(row)
    row.save()
    record(
        "plan.change" if plan else "plan.create",
        row,
        operator_id=operator.pk,
        before={name: str(value) for name, value in before.items()} if plan else {},
        after={name: str(value) for name, value in after.items()},
    )
    return row


def stations_of(plan: MaintenancePlan) -> QuerySet[Station]:
    """Stations in use that a plan is for."""
    rows = Station.objects.select_related("site").filter(retired_on=None, site__retired_on=None)
    if plan.site_id is not None:
        rows = rows.filter(site_id=plan.site_id)
    if plan.hardware_model_id is not None:
        rows = rows.filter(hardware_model_id=plan.hardware_model_id)
    found: QuerySet[Station] = rows.order_by("site_id", "name", "id")
    return found


@transaction.atomic
def make_next(*, now: datetime) -> bool:
    """Make due orders of one plan that was not looked at today; whether there was one. What is
    left of a large plan follows in the next turn; a plan that fails waits for tomorrow and does not
    keep the others."""
    plan = (
        MaintenancePlan.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("operator", "checklist", "partner")
        .filter(
            Q(looked_at=None) | Q(looked_at__lt=now - _AGAIN),
            is_active=True,
            operator__is_active=True,
        )
        .order_by("looked_at", "pk")
        .first()
    )
    if plan is None:
        return False
    with operator_scope(plan.operator), override(plan.operator.language):
        is_done = True
        try:
            with transaction.atomic():
                is_done = make_orders(plan, now)
        except (RuleViolation, ValidationError):
            _log.exception("the orders of plan %s could not be made", plan.public_id)
        if is_done:
            plan.looked_at = now
            plan.save(update_fields=["looked_at"])
    return True


def make_orders(plan: MaintenancePlan, now: datetime) -> bool:
    """One order a site for the stations that are due there, whole trips until they are many;
    whether all were made. The caller holds the plan's row."""
    found = due_stations(plan, now)
    by_site: dict[int, list[tuple[Station, Due, int]]] = defaultdict(list)
    for row in found:
        by_site[row[0].site_id].append(row)
    sites = {station.site_id: station.site for station, _due, _turn in found}
    made = 0
    for keys in trips((_spot(site) for site in sites.values()), plan.group_km):
        if made >= MANY:
            return False
        trip = public_id("trip")
        names = [sites[key].name for key in keys]
        for key in keys:
            _order(plan, sites[key], by_site[key], trip, names, now)
        made += len(keys)
    return True


def due_stations(plan: MaintenancePlan, now: datetime) -> list[tuple[Station, Due, int]]:
    """Stations that are due with the number of their turn; none whose last order is still open."""
    interval = Interval(
        months=plan.every_months,
        kwh=plan.every_kwh,
        cycles=plan.every_cycles,
        lead_days=plan.lead_days,
    )
    rows = list(stations_of(plan))
    last = _last_visits(plan, rows)
    open_ones = {pk for pk, visit in last.items() if visit.order.state in lifecycle.OPEN}
    rows = [one for one in rows if one.pk not in open_ones]
    since = {one.pk: _since(plan, one, last.get(one.pk)) for one in rows}
    counts = plan.every_kwh is not None or plan.every_cycles is not None
    use = _use(since, {one.pk: ZoneInfo(one.site.time_zone) for one in rows}) if counts else {}
    found: list[tuple[Station, Due, int]] = []
    for one in rows:
        today = now.astimezone(ZoneInfo(one.site.time_zone)).date()
        state = due(interval, use.get(one.pk, Use(since[one.pk])), today)
        if state is not None:
            turn = last[one.pk].turn + 1 if one.pk in last else 1
            found.append((one, state, turn))
    return found


def _last_visits(plan: MaintenancePlan, rows: list[Station]) -> dict[int, PlanVisit]:
    visits = PlanVisit.objects.filter(plan=plan, station__in=rows).select_related("order")
    return {visit.station_id: visit for visit in visits.order_by("turn", "id")}


def _since(plan: MaintenancePlan, station: Station, visit: PlanVisit | None) -> date:
    """The day of the last visit; one that was called off counts from when it was due."""
    if visit is not None:
        done = visit.order.repaired_at
        if done is None:
            return visit.due_on
        return done.astimezone(ZoneInfo(station.site.time_zone)).date()
    return max(plan.starts_on, station.commissioned_on or plan.starts_on)


def _use(since: dict[int, date], zones: dict[int, ZoneInfo]) -> dict[int, Use]:
    """What the stations did: one query a day from which somebody counts."""
    by_day: dict[tuple[date, ZoneInfo], list[int]] = defaultdict(list)
    for pk, day in since.items():
        by_day[day, zones[pk]].append(pk)
    found: dict[int, Use] = {}
    for (day, zone), keys in by_day.items():
        rows: Any = Session.objects.filter(
            station__in=keys, started_at__gte=datetime.combine(day, time(), tzinfo=zone)
        )
        sums = rows.order_by().values("station").annotate(wh=Sum("energy_wh"), n=Count("pk"))
        for one in sums:
            found[one["station"]] = Use(day, Decimal(one["wh"] or 0) / 1000, one["n"])
    return found


def _order(
    plan: MaintenancePlan,
    site: Site,
    rows: list[tuple[Station, Due, int]],
    trip: str,
    names: list[str],
    now: datetime,
) -> None:
    only = rows[0][0] if len(rows) == 1 else None
    order = open_order(
        operator=plan.operator,
        site=site,
        station=only,
        title=plan.name[:160],
        description=_description(site, rows, names),
        kind=plan.kind,
        priority=plan.priority,
        source=OrderSource.PLAN,
        source_ref=plan.public_id,
        partner=plan.partner if plan.partner is not None and plan.partner.works else None,
        opened_at=now,
    )
    if plan.checklist is not None:
        copy_checklist(order, only, plan.checklist)
    PlanVisit.objects.bulk_create(
        PlanVisit(
            operator_id=plan.operator_id,
            plan=plan,
            station=station,
            turn=turn,
            due_on=state.on,
            reason=state.reason,
            order=order,
            trip=trip,
        )
        for station, state, turn in rows
    )


def _description(site: Site, rows: Iterable[tuple[Station, Due, int]], names: list[str]) -> str:
    lines = [f"{station}: {state.on:%Y-%m-%d}" for station, state, _turn in rows]
    others = [name for name in names if name != site.name]
    if others:
        lines.append(_("Suggested in one trip with: %(sites)s") % {"sites": ", ".join(others)})
    return "\n".join(lines)[:4000]


def _spot(site: Site) -> Spot:
    known = site.latitude is not None and site.longitude is not None
    return Spot(
        site.pk,
        float(site.latitude) if known and site.latitude is not None else None,
        float(site.longitude) if known and site.longitude is not None else None,
    )


def upcoming(
    plans: Iterable[MaintenancePlan], first: date, last: date
) -> list[tuple[MaintenancePlan, Station, date]]:
    """Turns by months that fall into some days and have no order yet; two queries for all plans."""
    timed = [one for one in plans if one.every_months is not None and one.is_active]
    stations = list(
        Station.objects.select_related("site").filter(retired_on=None, site__retired_on=None)
    )
    visits = PlanVisit.objects.filter(plan__in=timed).select_related("order")
    latest = {(one.plan_id, one.station_id): one for one in visits.order_by("turn", "id")}
    found: list[tuple[MaintenancePlan, Station, date]] = []
    for plan in timed:
        interval = Interval(months=plan.every_months)
        for station in stations:
            visit = latest.get((plan.pk, station.pk))
            is_going_on = visit is not None and visit.order.state in lifecycle.OPEN
            if is_going_on or not _is_for(plan, station):
                continue
            state = due(interval, Use(_since(plan, station, visit)), last)
            if state is not None and first <= state.on:
                found.append((plan, station, state.on))
    return sorted(found, key=lambda row: (row[2], row[0].pk, row[1].pk))


def _is_for(plan: MaintenancePlan, station: Station) -> bool:
    """The same as ``stations_of``, for a station at hand."""
    return plan.site_id in (None, station.site_id) and plan.hardware_model_id in (
        None,
        station.hardware_model_id,
    )


def today_of(plan: MaintenancePlan) -> date:
    """Today where the operator is."""
    return timezone.now().astimezone(ZoneInfo(plan.operator.time_zone)).date()
