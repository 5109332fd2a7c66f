"""Reads the facts that rules go by: the present state of all stations, and what some of them told
lately. Whatever the operator in scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Q

from stations.commands.models import Command
from stations.hardware.journal_models import CsmsOutage, StatusJournal
from stations.hardware.models import Connector, DeviceVariable, Station
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.incidents.rules.codes import Meaning, Reported, meaning_of
from stations.incidents.rules.contact import LinkFacts
from stations.incidents.rules.finding import Override, Setting, setting_of
from stations.incidents.rules.statuses import ConnectorFacts
from stations.incidents.rules.table import DEFAULTS
from stations.sessions.models import Session, SessionState
from stations.uptime.models import Cause, CauseStatement, StatementState

RUN_BACK: Final = timedelta(days=14)
"""How far back the beginning of a status is looked for."""
_LOOKED_AT: Final = ("faulted", "unavailable", "preparing", "charging")
_NEVER: Final = frozenset({"faulted", "unavailable"})


class StationRow(NamedTuple):
    """A station in use that has been connected once, with its link."""

    pk: int
    operator_id: int
    site_id: int
    vendor: str
    model: str
    firmware: str
    is_connected: bool
    lost_at: datetime | None
    generation: int
    status: str
    error_code: str
    info: str
    status_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fleet:
    """All stations in use, and how their operators set the rules."""

    stations: Mapping[int, StationRow]
    overrides: Mapping[int, list[Override]]
    _known: dict[tuple[int, str], Setting]

    def setting(self, station: int, rule: str) -> Setting:
        """How a rule is set for a station."""
        found = self._known.get((station, rule))
        if found is None:
            row = self.stations[station]
            found = setting_of(
                DEFAULTS[rule],
                self.overrides.get(row.operator_id, ()),
                row.vendor,
                row.model,
                row.firmware,
            )
            self._known[station, rule] = found
        return found


def load_fleet() -> Fleet:
    """Two queries, whatever the number of rows."""
    rows = Station.objects.filter(retired_on=None, link__generation__gt=0).order_by("pk")
    names = (
        "pk", "operator_id", "site_id", "vendor", "model", "firmware_version",
        "link__is_connected", "link__disconnected_at", "link__generation", "link__status",
        "link__error_code", "link__info", "link__status_at",
    )  # fmt: skip
    stations = {row[0]: StationRow(*row) for row in rows.values_list(*names)}
    overrides: dict[int, list[Override]] = {}
    for one in IncidentRule.objects.order_by("pk"):
        overrides.setdefault(one.operator_id, []).append(
            Override(
                one.code,
                one.vendor,
                one.model,
                one.firmware,
                one.is_enabled,
                one.severity,
                {name: float(value) for name, value in one.settings.items()},
            )
        )
    return Fleet(stations, overrides, {})


def load_links(fleet: Fleet) -> list[LinkFacts]:
    """Connections; the heartbeat and our own outages of those that are away."""
    away = [row.pk for row in fleet.stations.values() if not row.is_connected]
    beats: dict[int, int] = {}
    own: set[tuple[int, int]] = set()
    if away:
        told = DeviceVariable.objects.filter(
            station_id__in=away, variable="HeartbeatInterval", attribute="Actual"
        )
        for pk, value in told.order_by().values_list("station_id", "value"):
            if value and value.isdecimal() and len(value) < 7:
                beats[pk] = int(value)
        open_ones = CsmsOutage.objects.filter(station_id__in=away, ended_at=None)
        own = set(open_ones.order_by().values_list("station_id", "generation"))
    return [
        LinkFacts(
            station=row.pk,
            site=row.site_id,
            is_connected=row.is_connected,
            lost_at=row.lost_at,
            heartbeat_s=beats.get(row.pk, 0),
            is_own=(row.pk, row.generation) in own,
        )
        for row in fleet.stations.values()
    ]


@dataclass(frozen=True, slots=True)
class Statuses:
    """What connectors say, and codes that no table knows: (operator, vendor, code) and info."""

    facts: list[ConnectorFacts]
    unknown: dict[tuple[int, str, str], str]


def load_statuses(fleet: Fleet, now: datetime) -> Statuses:
    """Connectors whose status may mean trouble, with the beginning of it; cars that charge are
    the most of them, and left out before the journal is read."""
    told = _connector_rows(fleet)
    busy = set(
        Session.objects.filter(station_id__in={row[0] for row in told}, state=SessionState.ACTIVE)
        .order_by()
        .values_list("station_id", "evse_number")
    )
    rows = [row for row in told if row[3] in _NEVER or (row[0], row[1]) not in busy]
    stations = {row[0] for row in rows}
    begins = _begins(stations, now) if rows else {}
    taken = _taken_out({row[0] for row in rows if row[3] == "unavailable"})
    own = _own_codes(fleet, stations)
    facts: list[ConnectorFacts] = []
    unknown: dict[tuple[int, str, str], str] = {}
    for pk, evse, connector, status, code, vendor_code, info, heard_at in rows:
        row = fleet.stations[pk]
        meaning: Meaning | None = None
        if status == "faulted":
            words = own.get((row.operator_id, row.vendor.lower()), {})
            meaning = meaning_of(Reported(code, vendor_code, info), words)
            for one in meaning.unknown:
                unknown[row.operator_id, row.vendor, one[:80]] = info
        begin, ref = begins.get((pk, evse, connector, status), (heard_at or now, ""))
        facts.append(
            ConnectorFacts(
                station=pk,
                evse=evse,
                status=status,
                since_at=begin,
                meaning=meaning,
                has_session=(pk, evse) in busy,
                taken_out=(pk, evse) in taken or (pk, 0) in taken,
                ref=ref,
            )
        )
    return Statuses(facts, unknown)


def _connector_rows(fleet: Fleet) -> list[tuple[Any, ...]]:
    found = Connector.objects.filter(
        evse__station_id__in=list(fleet.stations),
        status__in=_LOOKED_AT,
        retired_on=None,
        evse__retired_on=None,
    ).order_by()
    rows: list[tuple[Any, ...]] = list(
        found.values_list(
            "evse__station_id", "evse__number", "number", "status", "error_code",
            "vendor_error_code", "info", "status_received_at",
        )
    )  # fmt: skip
    rows += [
        (row.pk, 0, 0, row.status, row.error_code, "", row.info, row.status_at)
        for row in fleet.stations.values()
        if row.status in _NEVER
    ]
    return rows


def _begins(
    stations: Collection[int], now: datetime
) -> dict[tuple[int, int, int, str], tuple[datetime, str]]:
    """When the present status of each connector began, and the row of the journal that says so."""
    rows = (
        StatusJournal.objects.filter(station_id__in=stations, received_at__gte=now - RUN_BACK)
        .order_by("received_at", "id")
        .values_list("station_id", "evse_number", "connector_number", "status", "received_at", "id")
    )
    present: dict[tuple[int, int, int], tuple[str, datetime, str]] = {}
    for station, evse, connector, status, at, pk in rows:
        place = (station, evse, connector)
        if place not in present or present[place][0] != status:
            present[place] = (status, at, f"status:{pk}")
    return {(*place, status): (at, ref) for place, (status, at, ref) in present.items()}


def _taken_out(stations: Collection[int]) -> set[tuple[int, int]]:
    """(Station, EVSE or 0) that somebody took out of service, by the last such command."""
    if not stations:
        return set()
    rows = (
        Command.objects.filter(
            station_id__in=stations,
            command="change_availability",
            answer_status__in=["Accepted", "Scheduled"],
        )
        .order_by("pk")
        .values_list("station_id", "parameters")
    )
    last: dict[tuple[int, int], bool] = {}
    for station, parameters in rows:
        last[station, int(parameters.get("evse") or 0)] = bool(parameters.get("operative"))
    return {place for place, operative in last.items() if not operative}


def _own_codes(
    fleet: Fleet, stations: Iterable[int]
) -> dict[tuple[int, str], dict[str, tuple[str, str]]]:
    """What operators say that codes mean, by operator and vendor; a vendor left empty: any."""
    rows = [fleet.stations[pk] for pk in stations]
    operators = {row.operator_id for row in rows}
    if not operators:
        return {}
    told = list(
        ErrorCode.objects.filter(operator_id__in=operators)
        .exclude(fault_class="")
        .values_list("operator_id", "vendor", "code", "fault_class", "meaning")
    )
    found: dict[tuple[int, str], dict[str, tuple[str, str]]] = {}
    for row in rows:
        key = (row.operator_id, row.vendor.lower())
        if key not in found:
            found[key] = {
                code.lower(): (fault, meaning)
                for operator, vendor, code, fault, meaning in told
                if operator == row.operator_id and vendor.lower() in ("", key[1])
            }
    return found


class Window(NamedTuple):
    """A maintenance window that is open now; empty parts mean all of them."""

    site_id: int
    station_id: int | None
    evse__number: int | None


def load_windows(now: datetime) -> list[Window]:
    """Approved scheduled maintenance, by site."""
    rows = CauseStatement.objects.filter(
        Q(cause=Cause.MAINTENANCE) | Q(cause=Cause.CLOSED),
        state=StatementState.APPROVED,
        began_at__lte=now,
        ended_at__gt=now,
    )
    return [
        Window(*row) for row in rows.order_by().values_list("site_id", "station_id", "evse__number")
    ]
