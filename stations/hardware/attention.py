"""Stations that need attention: away, faulted, with a wrong clock or an old firmware."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.ui import units
from stations.hardware.clock_check import Heard, clock_error
from stations.hardware.firmware_age import Firmware, outdated
from stations.hardware.models import Connector, Station

OFFLINE: Final = Reason("offline", gettext_lazy("Offline"), "bad", "wifi-off")
FAULTED: Final = Reason("faulted", gettext_lazy("Faulted"), "bad", "alert-triangle")
CLOCK: Final = Reason("clock_wrong", gettext_lazy("Clock wrong"), "warn", "clock-off")
FIRMWARE: Final = Reason("firmware_old", gettext_lazy("Firmware old"), "idle", "cpu")


class StationAttention:
    """Three queries: stations with site and link, faulted connectors, clocks of connectors."""

    permission = Permission.NETWORK_VIEW
    reasons = (FAULTED, OFFLINE, CLOCK, FIRMWARE)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """What is wrong with stations in use."""
        stations = list(_stations())
        connectors = list(_connectors())
        by_pk = {station.pk: station for station in stations}
        yield from (_offline(station) for station in stations if _is_away(station))
        yield from _faulted(stations, connectors)
        yield from _clocks(by_pk, connectors)
        yield from _firmware(stations)


def _stations() -> QuerySet[Any]:
    rows: QuerySet[Any] = Station.objects.select_related("site", "link").filter(retired_on=None)
    return rows.defer("boot_info", "quirks", "link__info").order_by("pk")


def _connectors() -> QuerySet[Any]:
    """Connectors that are faulted or have told the time lately."""
    rows: QuerySet[Any] = Connector.objects.filter(
        evse__retired_on=None, evse__station__retired_on=None
    )
    wanted = Q(status="faulted") | Q(status_at__isnull=False, status_received_at__isnull=False)
    return (
        rows.filter(wanted)
        .order_by("evse__station_id", "evse__number", "number")
        .values(
            "evse__station_id",
            "evse__public_id",
            "evse__number",
            "status",
            "error_code",
            "vendor_error_code",
            "info",
            "status_at",
            "status_received_at",
        )
    )


def _concern(reason: Reason, station: Station, **values: Any) -> Concern:
    given = {
        "subject": str(station),
        "url": reverse("station_detail", args=[station.public_id]),
    } | values
    return Concern(
        reason=reason, place_ref=station.site.public_id, place=station.site.name, **given
    )


def _is_away(station: Station) -> bool:
    link = getattr(station, "link", None)
    return link is None or not link.is_connected


def _offline(station: Station) -> Concern:
    link = getattr(station, "link", None)
    if link is None or not link.generation:
        return _concern(
            OFFLINE,
            station,
            text=_("The station has never connected."),
            since_at=station.created_at,
        )
    return _concern(
        OFFLINE,
        station,
        text=_("The connection was lost; %(address)s was its last address.")
        % {"address": link.remote_address}
        if link.remote_address
        else _("The connection was lost."),
        since_at=link.disconnected_at,
        url=reverse("station_connections", args=[station.public_id]),
    )


def _faulted(stations: list[Station], connectors: list[dict[str, Any]]) -> Iterator[Concern]:
    by_pk = {station.pk: station for station in stations}
    for row in connectors:
        station = by_pk.get(row["evse__station_id"])
        if row["status"] != "faulted" or station is None:
            continue
        name = row["evse__public_id"] or f"{station} / {row['evse__number']}"
        yield _concern(
            FAULTED,
            station,
            subject=name,
            text=_error_words(row["error_code"], row["vendor_error_code"], row["info"]),
            since_at=row["status_received_at"] or row["status_at"],
            url=reverse("station_status", args=[station.public_id]),
        )
    for station in stations:
        link = getattr(station, "link", None)
        if link is not None and link.status == "faulted":
            words = _error_words(link.error_code, "", link.info)
            yield _concern(FAULTED, station, text=words, since_at=link.status_at)


def _error_words(code: str, vendor_code: str, info: str) -> str:
    told = [part for part in (code, vendor_code, info) if part and part != "NoError"]
    if not told:
        return _("The station reports a fault without saying which.")
    return _("The station reports: %(error)s") % {"error": " · ".join(told)}


def _clocks(stations: dict[int, Station], connectors: list[dict[str, Any]]) -> Iterator[Concern]:
    heard: dict[int, list[Heard]] = {}
    for row in connectors:
        if row["status_at"] and row["status_received_at"]:
            one = Heard(said_at=row["status_at"], heard_at=row["status_received_at"])
            heard.setdefault(row["evse__station_id"], []).append(one)
    for pk, said in heard.items():
        error = clock_error(said)
        if error is None or pk not in stations:
            continue
        words = (
            _("The clock is %(time)s ahead of ours.")
            if error.offset.total_seconds() > 0
            else _("The clock is %(time)s behind ours.")
        )
        yield _concern(
            CLOCK,
            stations[pk],
            text=words % {"time": units.duration(abs(error.offset))},
            since_at=error.heard_at,
            url=reverse("station_status", args=[stations[pk].public_id]),
        )


def _firmware(stations: list[Station]) -> Iterator[Concern]:
    by_pk = {station.pk: station for station in stations}
    known = [Firmware(s.pk, s.vendor, s.model, s.firmware_version) for s in stations]
    for old in outdated(known):
        station = by_pk[old.key]
        text = _("Runs %(version)s; %(newest)s is the newest seen of this model, on %(count)d.") % {
            "version": station.firmware_version,
            "newest": old.newest,
            "count": old.count,
        }
        yield _concern(FIRMWARE, station, text=text, since_at=None)


source = StationAttention()
