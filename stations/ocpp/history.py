"""Everything that happened to a station in one line of time, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.status_words import status_word
from core.ui import units
from stations.commands.models import Command
from stations.hardware.history import connection_entries, status_entries
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Station
from stations.ocpp.boots import boot_facts
from stations.ocpp.event_words import KINDS as EVENT_KINDS
from stations.ocpp.journal import station_frames
from stations.ocpp.models import StationEvent
from stations.sessions.models import Session, SessionState

PAGE_ROWS: Final = 50
MOST_READ: Final = 2 * PAGE_ROWS
"""Of each kind: a page, and what may share the instant of its last row."""
BOOT: Final = "boot"
FIRMWARE: Final = "firmware"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, of which kind, in words, and the page that tells more."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    tone: str = "idle"
    icon: str = "circle"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of moments; ``read`` gives the newest before an instant, ``kept`` all rows with
    the instant that they are found by."""

    code: str
    label: str | Promise
    icon: str
    permission: Permission
    read: Callable[[Station, datetime, int], Iterator[Moment]]
    kept: Callable[[Station], tuple[QuerySet[Any], str]]


def moments(
    station: Station, kinds: Collection[Kind], before: datetime
) -> tuple[list[Moment], datetime | None]:
    """A page of moments before an instant, and the instant before which the next page begins.

    Each kind is asked once or twice for at most MOST_READ. Moments of one instant stay together.
    """
    found = [m for kind in kinds for m in kind.read(station, before, MOST_READ)]
    found.sort(key=lambda moment: moment.at, reverse=True)
    if len(found) <= PAGE_ROWS:
        return found, None
    last = found[PAGE_ROWS - 1].at
    page = [moment for moment in found if moment.at >= last]
    return page, last if len(page) < len(found) else None


def oldest(station: Station, kinds: Collection[Kind]) -> datetime | None:
    """The instant of the oldest entry of these kinds that is kept; one query, by the indexes that
    pages are read by."""
    firsts = {}
    for kind in kinds:
        rows, at = kind.kept(station)
        firsts[f"first_{kind.code}"] = Subquery(rows.order_by(at).values(at)[:1])
    found = Station.objects.filter(pk=station.pk).annotate(**firsts).values_list(*firsts).first()
    return min((at for at in found or () if at), default=None)


def _place(row: StatusJournal) -> str:
    if not row.evse_number:
        return _("Station")
    connector = f"/{row.connector_number}" if row.connector_number > 1 else ""
    return _("EVSE %(number)s") % {"number": f"{row.evse_number}{connector}"}


def _statuses(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    for row in status_entries(station).filter(received_at__lt=before)[:most]:
        word = status_word(row.status)
        told = [
            c for c in (row.error_code, row.vendor_error_code, row.info) if c and c != "NoError"
        ]
        title = f"{_place(row)}: {word.word}"
        yield Moment(row.received_at, "status", title, " · ".join(told), word.tone, word.icon)


def _connections(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    # Found by when it was recorded, which the index is on; shown by when it became true.
    for row in connection_entries(station).filter(received_at__lt=before)[:most]:
        yield _connection(row)


def _connection(row: ConnectionJournal) -> Moment:
    word = status_word(row.kind, "link")
    told = [row.remote_address, f"OCPP {row.ocpp_version}" if row.ocpp_version else "", row.reason]
    text = " · ".join(part for part in told if part)
    return Moment(row.received_at, "connection", str(word.word), text, word.tone, word.icon)


def _events(station: Station, before: datetime, most: int, wanted: Q) -> Iterator[StationEvent]:
    rows = StationEvent.objects.filter(wanted, station=station, received_at__lt=before)
    yield from rows.order_by("-received_at", "-id")[:most]


def _boots(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    frames = station_frames(station).filter(action="BootNotification", received_at__lt=before)
    for frame in frames[:most]:
        told = boot_facts(frame.request)
        text = _("Firmware %(version)s") % {"version": told.firmware} if told.firmware else ""
        title = _("Booted: %(reason)s") % {"reason": told.reason} if told.reason else _("Booted")
        yield Moment(frame.received_at, BOOT, title, text, "active", "power")


def _firmware(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    for row in _events(station, before, most, Q(kind=FIRMWARE)):
        title = _("Firmware: %(status)s") % {"status": row.name}
        tone = "bad" if "Fail" in row.name or "Invalid" in row.name else "active"
        yield Moment(row.received_at, FIRMWARE, title, "", tone, "cpu")


def _other_events(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    for row in _events(station, before, most, ~Q(kind=FIRMWARE)):
        title = f"{EVENT_KINDS.get(row.kind, row.kind)}: {row.name}"
        url = reverse("station_events", args=[station.public_id])
        yield Moment(row.received_at, "event", title, "", "idle", "bell", url)


def _commands(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    rows = Command.objects.filter(station=station, created_at__lt=before)
    yield from (command_moment(row) for row in rows.order_by("-created_at", "-id")[:most])


def command_moment(row: Command) -> Moment:
    """A command with its state, the station's answer, who wanted it and why."""
    word = status_word(row.state, "command")
    told = [str(word.word), row.answer_status, row.error_code, row.requested_by, row.reason]
    text = " · ".join(part for part in told if part)
    url = reverse("command_detail", args=[row.public_id])
    name = row.command or row.action
    return Moment(row.created_at, "command", name, text, word.tone, "terminal", url)


def _sessions(station: Station, before: datetime, most: int) -> Iterator[Moment]:
    rows = Session.objects.filter(station=station, first_received_at__lt=before)
    for row in rows.order_by("-first_received_at", "-id")[:most]:
        title = _("Session began at EVSE %(number)s") % {"number": row.evse_number or "–"}
        yield _session(row, row.first_received_at, title, row.id_token, "bolt")
    ended = rows.filter(stopped_at__lt=before).exclude(state=SessionState.ACTIVE)
    for row in ended.order_by("-stopped_at", "-id")[:most]:
        title = _("Session ended at EVSE %(number)s") % {"number": row.evse_number or "–"}
        told = [units.energy(row.energy_wh), row.stop_reason]
        yield _session(row, row.stopped_at, title, " · ".join(filter(None, told)), "circle-check")


def _session(row: Session, at: Any, title: str, text: str, icon: str) -> Moment:
    tone = "warn" if row.is_held else "ok" if icon == "circle-check" else "active"
    url = reverse("session_detail", args=[row.public_id])
    return Moment(at, "session", title, text, tone, icon, url)


def _kept_statuses(station: Station) -> tuple[QuerySet[Any], str]:
    return status_entries(station), "received_at"


def _kept_connections(station: Station) -> tuple[QuerySet[Any], str]:
    return connection_entries(station), "received_at"


def _kept_boots(station: Station) -> tuple[QuerySet[Any], str]:
    return station_frames(station).filter(action="BootNotification"), "received_at"


def _kept_firmware(station: Station) -> tuple[QuerySet[Any], str]:
    return StationEvent.objects.filter(station=station, kind=FIRMWARE), "received_at"


def _kept_commands(station: Station) -> tuple[QuerySet[Any], str]:
    return Command.objects.filter(station=station), "created_at"


def _kept_sessions(station: Station) -> tuple[QuerySet[Any], str]:
    return Session.objects.filter(station=station), "first_received_at"


def _kept_events(station: Station) -> tuple[QuerySet[Any], str]:
    return StationEvent.objects.filter(~Q(kind=FIRMWARE), station=station), "received_at"


_NETWORK, _SESSION = Permission.NETWORK_VIEW, Permission.SESSION_VIEW
KINDS: Final = (
    Kind("status", gettext_lazy("Status"), "activity", _NETWORK, _statuses, _kept_statuses),
    Kind(
        "connection", gettext_lazy("Connection"), "wifi", _NETWORK, _connections, _kept_connections
    ),
    Kind(BOOT, gettext_lazy("Boots"), "power", _NETWORK, _boots, _kept_boots),
    Kind(FIRMWARE, gettext_lazy("Firmware"), "cpu", _NETWORK, _firmware, _kept_firmware),
    Kind("command", gettext_lazy("Commands"), "terminal", _NETWORK, _commands, _kept_commands),
    Kind("session", gettext_lazy("Sessions"), "bolt", _SESSION, _sessions, _kept_sessions),
    Kind("event", gettext_lazy("Other events"), "bell", _NETWORK, _other_events, _kept_events),
)


def chosen(codes: Collection[str], allows: Callable[[str], bool]) -> list[Kind]:
    """The kinds that ``codes`` name, all when it names none, as far as the caller may see them."""
    seen = [kind for kind in KINDS if allows(kind.permission)]
    return [kind for kind in seen if kind.code in codes] or seen
