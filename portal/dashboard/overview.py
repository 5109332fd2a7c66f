"""What the operator home shows: tiles and places on the map. A fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from stations.hardware.fleet import is_offline, worst_ranks
from stations.hardware.models import Station
from stations.hardware.severity import WORST_FIRST, marker
from stations.ocpp.knocks import knocks
from stations.sessions.models import Session, SessionState
from stations.sites.models import Site

_ENERGY = DecimalField(max_digits=24, decimal_places=4)


@dataclass(frozen=True, slots=True)
class Tiles:
    """The numbers of the home page. Energy in Wh since midnight, power in W now."""

    evses: int
    by_status: dict[str, int]
    stations: int
    offline: int
    charging: int
    power_w: Decimal
    energy_today_wh: Decimal
    today: str
    held: int
    knocks: int | None

    @property
    def faulted(self) -> int:
        """EVSEs in fault."""
        return self.by_status.get("faulted", 0)


StateCounts = dict[int, Counter[str]]
"""EVSEs in use by site and state."""


def state_counts() -> StateCounts:
    """States of all EVSEs in use; one query, for tiles and places alike.

    Grouped by EVSE, since one subquery for each of thousands takes four times as long.
    """
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for site_id, rank in worst_ranks().values_list("station__site_id", "rank"):
        counts[site_id][WORST_FIRST[rank]] += 1
    return counts


class FleetCount(NamedTuple):
    """Stations in use of a site, and how many of them are offline."""

    stations: int
    offline: int


FleetCounts = dict[int, FleetCount]
"""Stations in use by site."""


def fleet_counts() -> FleetCounts:
    """Stations in use and offline of all sites; one query, for tiles and places alike."""
    rows: QuerySet[Any] = Station.objects.filter(retired_on=None).order_by().values("site_id")
    rows = rows.annotate(all=Count("pk"), offline=Count("pk", filter=is_offline()))
    return {
        site_id: FleetCount(stations, offline)
        for site_id, stations, offline in rows.values_list("site_id", "all", "offline")
    }


def tiles(
    operator: Operator, counts: StateCounts, fleet: FleetCounts, *, with_knocks: bool
) -> Tiles:
    """Numbers over the whole network of the operator in scope; two queries at most."""
    today = timezone.now().astimezone(ZoneInfo(operator.time_zone)).date()
    midnight = datetime.combine(today, time.min, ZoneInfo(operator.time_zone))
    statuses = sum(counts.values(), Counter[str]())
    sessions = _session_numbers(midnight)
    return Tiles(
        evses=statuses.total(),
        by_status={s: statuses[s] for s in reversed(WORST_FIRST) if statuses[s]},
        stations=sum(one.stations for one in fleet.values()),
        offline=sum(one.offline for one in fleet.values()),
        charging=sessions["charging"],
        power_w=sessions["power"],
        energy_today_wh=sessions["energy"],
        today=today.isoformat(),
        held=sessions["held"],
        knocks=knocks(operator).count() if with_knocks else None,
    )


def _session_numbers(midnight: datetime) -> dict[str, Any]:
    active = Q(state=SessionState.ACTIVE)
    live_wh = F("register_wh") - F("meter_start_wh")
    energy = Coalesce("energy_wh", live_wh, Value(Decimal()), output_field=_ENERGY)
    recent = Q(started_at__gte=midnight)
    relevant = Session.objects.filter(active | recent | Q(is_held=True))
    numbers = relevant.aggregate(
        charging=Count("pk", filter=active),
        power=Sum("power_w", filter=active, default=Decimal(), output_field=_ENERGY),
        energy=Sum(energy, filter=recent, default=Decimal(), output_field=_ENERGY),
        held=Count("pk", filter=Q(is_held=True)),
    )
    return dict(numbers)


@dataclass
class Place:
    """A site on the map and in the list beside it."""

    pk: int
    public_id: str
    name: str
    city: str
    latitude: Decimal | None
    longitude: Decimal | None
    stations: int = 0
    offline: int = 0
    by_status: Counter[str] = field(default_factory=Counter)

    @property
    def evses(self) -> int:
        """EVSEs in use."""
        return self.by_status.total()

    @property
    def available(self) -> int:
        """EVSEs that a car could use now."""
        return self.by_status["available"]

    @property
    def charging(self) -> int:
        """EVSEs that deliver energy now."""
        return self.by_status["charging"]

    @cached_property
    def state(self) -> str:
        """The word, colour and shape of its marker."""
        return marker(self.by_status.elements(), offline_stations=self.offline)

    @property
    def note(self) -> str:
        """How many are free, in words; by hand, since a list of hundreds shows it."""
        return _("%(free)d of %(all)d available") % {"free": self.available, "all": self.evses}

    @cached_property
    def url(self) -> str:
        """The site's page."""
        return reverse("site_detail", args=[self.public_id])


def places(counts: StateCounts, fleet: FleetCounts) -> list[Place]:
    """All sites in use, the ones with trouble first; one query."""
    found = {
        row[0]: Place(*row)
        for row in Site.objects.filter(retired_on=None).values_list(
            "pk", "public_id", "name", "city", "latitude", "longitude"
        )
    }
    for site_id, count in fleet.items():
        if site_id in found:
            found[site_id].stations, found[site_id].offline = count
    for site_id, by_status in counts.items():
        if site_id in found:
            found[site_id].by_status = by_status
    return sorted(found.values(), key=lambda p: (_trouble(p), p.name))


def _trouble(place: Place) -> int:
    return {"faulted": 0, "offline": 1, "unavailable": 2}.get(place.state, 3)
