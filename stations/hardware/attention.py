"""Stations that need attention: away, faulted, with a wrong clock or an old firmware."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.ui import units
from stations.hardware.clock_check import TOLERANCE, Heard, clock_error
from stations.hardware.firmware_age import Firmware, count_outdated, outdated
from stations.hardware.models import Connector, Station

OFFLINE: Final = Reason("offline", gettext_lazy("Offline"), "bad", "wifi-off")
FAULTED: Final = Reason("faulted", gettext_lazy("Faulted"), "bad", "alert-triangle")
CLOCK: Final = Reason("clock_wrong", gettext_lazy("Clock wrong"), "warn", "clock-off")
FIRMWARE: Final = Reason("firmware_old", gettext_lazy("Firmware old"), "idle", "cpu")

Fault = tuple[Any, ...]
"""A connector in fault: see ``_faults``."""
Told = tuple[int, datetime, datetime]
"""Key of a station, the time that it told, and when."""


class StationAttention:
    """Three queries: stations with site and link, faulted connectors, clocks of connectors.

    Rows are read as plain values, and words and addresses are made when they are shown, since a
    large network has thousands of stations with something odd about them.
    """

    permission = Permission.NETWORK_VIEW
    reasons = (FAULTED, OFFLINE, CLOCK, FIRMWARE)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """What is wrong with stations in use."""
        stations = _facts(_stations())
        yield from _urgent(stations, _faults(), _told_times())
        yield from _firmware(stations)

    def brief(self, now: datetime) -> tuple[list[Concern], dict[str, int]]:
        """All but old firmware, which is counted: most stations of a large network may have it."""
        faults, times = list(_faults()), list(_told_times())
        odd = Q(link=None) | Q(link__is_connected=False) | Q(link__status="faulted")
        odd |= Q(pk__in={row[0] for row in [*faults, *times]})
        found = list(_urgent(_facts(_stations().filter(odd)), faults, times))
        return found, {FIRMWARE.code: count_outdated(_versions())}


class StationFacts(NamedTuple):
    """What is looked at of a station; without a link its values are None."""

    pk: int
    public_id: str
    name: str
    identity: str
    created_at: datetime
    vendor: str
    model: str
    firmware_version: str
    site_ref: str
    site: str
    is_connected: bool | None
    generation: int | None
    remote_address: str | None
    disconnected_at: datetime | None
    status: str | None
    error_code: str | None
    info: str | None
    status_at: datetime | None

    def __str__(self) -> str:
        return self.name or self.identity


def _facts(rows: Iterable[tuple[Any, ...]]) -> dict[int, StationFacts]:
    return {row[0]: StationFacts(*row) for row in rows}


def _urgent(
    stations: dict[int, StationFacts], faults: Iterable[Fault], times: Iterable[Told]
) -> Iterator[Concern]:
    yield from (_offline(station) for station in stations.values() if not station.is_connected)
    yield from _faulted(stations, faults)
    yield from _clocks(stations, times)


def _versions() -> Iterable[tuple[str, str, str, int]]:
    rows = Station.objects.filter(retired_on=None).order_by()
    counted: QuerySet[Any] = rows.values("vendor", "model", "firmware_version").annotate(
        count=Count("pk")
    )
    return counted.values_list("vendor", "model", "firmware_version", "count")


def _stations() -> QuerySet[Any]:
    rows: QuerySet[Any] = Station.objects.filter(retired_on=None).order_by("pk")
    return rows.values_list(
        "pk", "public_id", "name", "identity", "created_at", "vendor", "model",
        "firmware_version", "site__public_id", "site__name", "link__is_connected",
        "link__generation", "link__remote_address", "link__disconnected_at", "link__status",
        "link__error_code", "link__info", "link__status_at",
    )  # fmt: skip


def _connectors() -> QuerySet[Any]:
    rows: QuerySet[Any] = Connector.objects.filter(
        evse__retired_on=None, evse__station__retired_on=None
    )
    return rows.order_by("evse__station_id", "evse__number", "number")


def _address(name: str, ref: str) -> str:
    return reverse(name, args=[ref])


def _concern(reason: Reason, station: StationFacts, **values: Any) -> Concern:
    given = {
        "subject": str(station),
        "url": _page("station_detail", station.public_id),
    } | values
    return Concern(reason=reason, place_ref=station.site_ref, place=station.site, **given)


def _offline(station: StationFacts) -> Concern:
    if not station.generation:
        return _concern(
            OFFLINE,
            station,
            text=gettext_lazy("The station has never connected."),
            since_at=station.created_at,
        )
    return _concern(
        OFFLINE,
        station,
        text=_lost_words(station.remote_address or ""),
        since_at=station.disconnected_at,
        url=_page("station_connections", station.public_id),
    )


def _say_lost(address: str) -> str:
    if not address:
        return _("The connection was lost.")
    return _("The connection was lost; %(address)s was its last address.") % {"address": address}


def _faults() -> Iterable[Fault]:
    """Connectors in fault, each with its station's key first."""
    return _connectors().filter(status="faulted").values_list(
        "evse__station_id", "evse__public_id", "evse__number", "error_code", "vendor_error_code",
        "info", "status_at", "status_received_at",
    )  # fmt: skip


def _faulted(stations: dict[int, StationFacts], faults: Iterable[Fault]) -> Iterator[Concern]:
    for station_id, public_id, number, code, vendor_code, info, at, heard_at in faults:
        station = stations.get(station_id)
        if station is None:
            continue
        yield _concern(
            FAULTED,
            station,
            subject=public_id or f"{station} / {number}",
            text=_error_words(code, vendor_code, info),
            since_at=heard_at or at,
            url=_page("station_status", station.public_id),
        )
    for station in stations.values():
        if station.status == "faulted":
            words = _error_words(station.error_code or "", "", station.info or "")
            yield _concern(FAULTED, station, text=words, since_at=station.status_at)


def _say_error(code: str, vendor_code: str, info: str) -> str:
    told = [part for part in (code, vendor_code, info) if part and part != "NoError"]
    if not told:
        return _("The station reports a fault without saying which.")
    return _("The station reports: %(error)s") % {"error": " · ".join(told)}


def _clocks(stations: dict[int, StationFacts], times: Iterable[Told]) -> Iterator[Concern]:
    heard: dict[int, list[Heard]] = {}
    for station_id, said_at, heard_at in times:
        heard.setdefault(station_id, []).append(Heard(said_at=said_at, heard_at=heard_at))
    for pk, said in heard.items():
        error = clock_error(said)
        if error is None or pk not in stations:
            continue
        yield _concern(
            CLOCK,
            stations[pk],
            text=_clock_words(error.offset),
            since_at=error.heard_at,
            url=_page("station_status", stations[pk].public_id),
        )


def _told_times() -> Iterable[Told]:
    """Times that the connectors of a station told, of stations that told a wrong one."""
    wrong = Q(status_at__gt=F("status_received_at") + TOLERANCE)
    wrong |= Q(status_at__lt=F("status_received_at") - TOLERANCE)
    suspects = _connectors().filter(wrong).order_by().values("evse__station_id")
    rows = _connectors().filter(
        evse__station_id__in=suspects, status_at__isnull=False, status_received_at__isnull=False
    )
    return rows.values_list("evse__station_id", "status_at", "status_received_at")


def _say_clock(offset: timedelta) -> str:
    words = (
        _("The clock is %(time)s ahead of ours.")
        if offset > timedelta()
        else _("The clock is %(time)s behind ours.")
    )
    return words % {"time": units.duration(abs(offset))}


def _firmware(stations: dict[int, StationFacts]) -> Iterator[Concern]:
    known = [Firmware(s.pk, s.vendor, s.model, s.firmware_version) for s in stations.values()]
    for old in outdated(known):
        station = stations[old.key]
        text = _firmware_words(station.firmware_version, old.newest, old.count)
        yield _concern(FIRMWARE, station, text=text, since_at=None)


def _say_firmware(version: str, newest: str, count: int) -> str:
    return _("Runs %(version)s; %(newest)s is the newest seen of this model, on %(count)d.") % {
        "version": version,
        "newest": newest,
        "count": count,
    }


Later = Callable[..., Any]
_page: Later = lazy(_address, str)
_lost_words: Later = lazy(_say_lost, str)
_error_words: Later = lazy(_say_error, str)
_clock_words: Later = lazy(_say_clock, str)
_firmware_words: Later = lazy(_say_firmware, str)

source = StationAttention()
