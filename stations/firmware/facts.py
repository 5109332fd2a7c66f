"""Reads what the guards of an update go by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from stations.commands.models import Command
from stations.firmware.guards import StationFacts
from stations.firmware.models import CampaignStation
from stations.firmware.progress import ACTIVE, same_version
from stations.hardware.models import Connector
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session, SessionState

JUST_NOW: Final = timedelta(minutes=2)


def facts_of(target: CampaignStation, now: datetime) -> StationFacts:
    """What is so now at the station of a target."""
    station, link = target.station, target.station.link
    connectors = Connector.objects.filter(evse__station=station, retired_on=None)
    started = Command.objects.filter(
        station=station, command="remote_start", created_at__gt=now - JUST_NOW
    )
    accepted = AuthorisationAttempt.objects.filter(
        station=station, at__gt=now - JUST_NOW, decision="Accepted"
    )
    others = CampaignStation.objects.filter(station=station, state__in=sorted(ACTIVE))
    return StationFacts(
        is_retired=station.retired_on is not None,
        hands_off=station.hands_off,
        is_other_model=station.hardware_model_id != target.campaign.image.hardware_model_id,
        has_version=same_version(station.firmware_version, target.campaign.image.version),
        is_known=bool(link.ocpp_version),
        is_connected=link.is_connected,
        has_session=Session.objects.filter(station=station, state=SessionState.ACTIVE).exists(),
        was_authorised=started.exists() or accepted.exists(),
        is_updating=others.exclude(pk=target.pk).exists(),
        statuses=frozenset(connectors.order_by().values_list("status", flat=True)),
        hour=now.astimezone(ZoneInfo(station.site.time_zone)).hour,
    )
