"""How far a new station has come: has it knocked, connected, booted, been configured?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from core.accounts.models import Operator
from stations.commands.models import Command, CommandOrigin, CommandState
from stations.hardware.choices import BootStatus
from stations.hardware.models import DeviceVariable, Station, StationLink
from stations.ocpp.bridge.setup_plan import set_up_commands
from stations.ocpp.knocks import knocks
from stations.ocpp.models import Knock, SetUpPlan

RECENT: Final = timedelta(minutes=30)
ON_THEIR_WAY: Final = (CommandState.QUEUED, CommandState.SENT)


@dataclass(frozen=True, slots=True)
class Progress:
    """What the waiting page tells.

    ``knocks``: refused attempts of this identity since it was expected and not answered by a
    connection; ``strangers``: unknown identities of the last half hour, where a mistyped one
    would be. ``settings_left``: how many of our own settings the station has not answered.
    """

    link: StationLink | None
    is_connected: bool
    is_booted: bool
    is_configured: bool
    settings_left: int
    knocks: list[Knock]
    strangers: list[Knock]

    @property
    def phase(self) -> str:
        """waiting, connected, booted or configured."""
        if self.is_configured:
            return "configured"
        if self.is_booted:
            return "booted"
        return "connected" if self.is_connected else "waiting"


def expected_since(station: Station) -> datetime:
    """When this unit was announced: the station's creation or its last replacement."""
    removed = station.units.order_by("-removed_at").values_list("removed_at", flat=True).first()
    return max(filter(None, (station.created_at, removed)))


def progress(station: Station, operator: Operator) -> Progress:
    """How far the station has come; ``station`` with its link."""
    since = expected_since(station)
    link: StationLink | None = getattr(station, "link", None)
    connected = bool(link and link.connected_at and link.connected_at >= since)
    booted = bool(
        link
        and link.booted_at
        and link.booted_at >= since
        and link.boot_status == BootStatus.ACCEPTED
    )
    left = _settings_left(station, link) if booted and link else 0
    return Progress(
        link=link,
        is_connected=connected,
        is_booted=booted,
        is_configured=booted and left == 0,
        settings_left=left,
        knocks=_knocks(station, operator, (connected and link and link.connected_at) or since),
        strangers=[] if connected else _strangers(operator, since),
    )


def _settings_left(station: Station, link: StationLink) -> int:
    """Settings of ours that the station neither has nor has answered since it booted."""
    if station.hands_off:
        return 0
    values = DeviceVariable.objects.filter(station=station, attribute="Actual")
    known = {(c, v): value for c, v, value in values.values_list("component", "variable", "value")}
    answered = [
        (action, payload)
        for action, payload in Command.objects.filter(
            station=station, origin=CommandOrigin.SYSTEM, created_at__gte=link.booted_at
        )
        .exclude(state__in=ON_THEIR_WAY)
        .values_list("action", "payload")
    ]
    plan = SetUpPlan.objects.filter(station=station).first()
    left_out = plan.left_out if plan else []
    wanted = set_up_commands(link.ocpp_version, known, left_out)
    return sum(one not in answered for one in wanted)


def _knocks(station: Station, operator: Operator, since: datetime) -> list[Knock]:
    mine = Q(station=station) | Q(station=None, identity__iexact=station.identity)
    return list(knocks(operator).filter(mine, last_at__gte=since)[:10])


def _strangers(operator: Operator, since: datetime) -> list[Knock]:
    recent = max(since, timezone.now() - RECENT)
    rows = knocks(operator).filter(station=None, reason="unknown_station", last_at__gte=recent)
    return list(rows[:5])
