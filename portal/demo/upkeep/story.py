"""Three months of upkeep of the first operator: its faults, its people's work, its campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from core.accounts.models import Operator
from core.audit.models import ActorKind
from core.audit.services import Actor, current_actor
from core.tenancy.scopes import operator_scope
from portal.demo.history import StationHistory
from portal.demo.network_rows import Ids
from portal.demo.upkeep import orders, past, updates
from portal.demo.upkeep.contracts import Crew, write_contracts
from portal.demo.upkeep.past import PastFault
from stations.hardware.models import Evse
from stations.incidents.loading import Fleet, load_fleet
from stations.maintenance.models import WorkOrder
from stations.sites.models import Site

MOST_FAULTS: Final = 15
"""Told of: enough to read, and quick to write."""


def write_upkeep(ids: Ids, histories: Sequence[StationHistory], now: datetime) -> int:
    """Write it; returns how many work orders there are."""
    slug = next(iter(ids.operators))
    operator = Operator.objects.get(pk=ids.operators[slug])
    with operator_scope(operator):
        crew = write_contracts(operator, now)
        _write_past(_faults(ids, histories, slug, now), load_fleet(), crew)
        with _at_work(crew):
            orders.open_today(_evses_of_today(), crew, now)
            updates.write_campaigns(operator, now)
        count: int = WorkOrder.objects.count()
    return count


def _faults(
    ids: Ids, histories: Sequence[StationHistory], slug: str, now: datetime
) -> list[PastFault]:
    """Faults that are over, evenly over the time, in order."""
    spans = [
        (fault, ids.evses[history.station.identity, one.evse.number])
        for history in histories
        if history.operator.slug == slug
        for one in history.evses
        for fault in one.faults
        if fault.ended_at < now - timedelta(hours=2)
    ]
    spans.sort(key=lambda one: (one[0].began_at, one[1]))
    chosen = spans[:: max(len(spans) // MOST_FAULTS, 1)][:MOST_FAULTS]
    evses = Evse.objects.select_related("station__site").in_bulk([pk for _fault, pk in chosen])
    return [PastFault(evses[pk], fault) for fault, pk in chosen]


def _write_past(faults: list[PastFault], fleet: Fleet, crew: Crew) -> None:
    for at, fault in enumerate(faults):
        incident = past.found(fault, fleet)
        if incident is None:
            continue
        run = past.tried(fault, incident)
        if fault.length < past.HEALABLE or (run is None and fault.length < timedelta(hours=8)):
            past.over(fault, incident, run)
            continue
        with _at_work(crew):
            orders.repaired(fault, incident, crew, at)


@contextmanager
def _at_work(crew: Crew) -> Iterator[None]:
    """What is written meanwhile, the operator's technician wrote."""
    if crew.own is None:
        yield
        return
    person = crew.own.user
    token = current_actor.set(Actor(ActorKind.PERSON, str(person), person.pk))
    try:
        yield
    finally:
        current_actor.reset(token)


def _evses_of_today() -> list[Evse]:
    """One EVSE at each of the first public sites."""
    sites = Site.objects.filter(public_access="public").order_by("pk")[: len(orders.OPEN)]
    found = []
    for site in sites:
        evses = Evse.objects.select_related("station__site__operator")
        evse = evses.filter(station__site=site).order_by("station_id", "number").first()
        if evse is not None:
            found.append(evse)
    return found
