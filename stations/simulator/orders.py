"""What the network may ask of a station, whatever the version; answers in OCPP's words."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from stations.simulator import files
from stations.simulator.evse import Evse, Hold, RemoteStart, Restarted, Stop, Wake
from stations.simulator.profiles import Profile, composite
from stations.simulator.station import SimStation

# Steps of an update in 1.6 words with simulated seconds before each (OCPP 1.6 §4.5).
FIRMWARE_STEPS: Final = (
    ("Downloading", 2.0),
    ("Downloaded", 25.0),
    ("Installing", 5.0),
    ("Installed", 40.0),
)
LOG_STEPS: Final = (("Uploading", 2.0), ("Uploaded", 15.0))


WITHOUT_LOCAL_LIST: Final = frozenset({"HS One 11"})
"""Models of OCPP 1.6 that know no local lists."""
LIST_ITEMS_A_MESSAGE: Final = 200


class Orders:
    """Carries out orders on one station."""

    def __init__(self, station: SimStation) -> None:
        self.station = station

    def later(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something after the answer is out."""
        self.station.background(asyncio.create_task(coroutine))

    def remote_start(self, number: int | None, id_token: str, remote_id: int | None) -> bool:
        """Begin a session at an EVSE, or at any free one."""
        for evse in self.station.evses.values():
            if number is not None and number != evse.spec.number:
                continue
            held_for = evse.hold and evse.hold.id_token.upper()
            if evse.is_idle or (evse.tx is None and held_for == id_token.upper()):
                evse.signals.put_nowait(RemoteStart(id_token, remote_id))
                return True
        return False

    def remote_stop(self, transaction_id: str) -> bool:
        """End the session with this transaction id, if it runs here."""
        for evse in self.station.evses.values():
            if evse.tx is not None and str(evse.tx.id) == transaction_id:
                evse.signals.put_nowait(Stop("Remote"))
                return True
        return False

    def unlock(self, number: int) -> str:
        """Unlock; ends a session there. 1.6 words."""
        evse = self.station.evses.get(number)
        if evse is None or evse.spec.is_dc:
            return "NotSupported"
        if evse.status == "Faulted" and evse.error == "ConnectorLockFailure":
            return "UnlockFailed"
        if evse.tx is not None:
            evse.signals.put_nowait(Stop("UnlockCommand"))
        return "Unlocked"

    def reset(self, *, hard: bool) -> None:
        """Restart after ending all sessions: soft ones first report them."""
        self.later(self._restart("HardReset" if hard else "SoftReset", "RemoteReset"))

    def reset_when_idle(self) -> None:
        """Restart when no session runs any more."""
        self.later(self._restart_when_idle())

    async def _restart_when_idle(self) -> None:
        while any(evse.tx is not None for evse in self.station.evses.values()):
            self.station.session_closed.clear()
            await self.station.session_closed.wait()
        await self._restart("SoftReset", "ScheduledReset")

    async def _restart(self, reason: str, boot_reason: str) -> None:
        station = self.station
        running = [evse for evse in station.evses.values() if evse.tx is not None]
        for evse in running:
            evse.signals.put_nowait(Stop(reason))
        patience_s = 1.0 if reason == "HardReset" else 5.0
        for _ in range(int(patience_s / 0.1)):
            if not len(station.outbox) and all(evse.tx is None for evse in running):
                break
            await asyncio.sleep(0.1)
        for evse in station.evses.values():
            if evse.status == "Faulted":
                evse.signals.put_nowait(Restarted())
        station.memory.boot_reason = boot_reason
        station.disconnect()

    def change_availability(self, number: int, *, operative: bool) -> str:
        """Take EVSEs (0: all) in or out of use; Scheduled while one of them charges."""
        if number and number not in self.station.evses:
            return "Rejected"
        answer = "Accepted"
        for evse in self._evses(number):
            evse.is_operative = operative
            if evse.tx is not None and not operative:
                answer = "Scheduled"
            evse.signals.put_nowait(Wake())
        return answer

    def _evses(self, number: int) -> list[Evse]:
        return [e for e in self.station.evses.values() if number in (0, e.spec.number)]

    def reserve(self, number: int, hold: Hold) -> str:
        """Keep an EVSE for a token."""
        evse = self.station.evses.get(number)
        if evse is None:
            return "Rejected"
        if evse.status in ("Faulted", "Unavailable"):
            return evse.status
        if not evse.is_idle and not (evse.hold and evse.hold.number == hold.number):
            return "Occupied"
        evse.hold = hold
        evse.signals.put_nowait(Wake())
        return "Accepted"

    def cancel_reservation(self, reservation: int) -> bool:
        """Give a reserved EVSE free."""
        for evse in self.station.evses.values():
            if evse.hold and evse.hold.number == reservation:
                evse.hold = None
                evse.signals.put_nowait(Wake())
                return True
        return False

    def update_local_list(
        self, version: int, *, differential: bool, entries: list[tuple[str, str | None]]
    ) -> str:
        """Take over a list of (token, status); status None removes the token."""
        memory = self.station.memory
        if self.station.spec.model in WITHOUT_LOCAL_LIST:
            return "NotSupported"
        if len(entries) > LIST_ITEMS_A_MESSAGE:
            return "Failed"
        if differential and version <= memory.local_list_version:
            return "VersionMismatch"
        if not differential:
            memory.local_list.clear()
        for id_token, status in entries:
            if status is None:
                memory.local_list.pop(id_token.upper(), None)
            else:
                memory.local_list[id_token.upper()] = status
        memory.local_list_version = version
        return "Accepted"

    def set_profile(self, profile: Profile) -> bool:
        """Install a profile; one with the same id, or place and level, is replaced."""
        station = self.station
        if profile.evse and profile.evse not in station.evses:
            return False
        if profile.purpose == "TxProfile" and station.evses[profile.evse or 1].tx is None:
            return False
        place = (profile.evse, profile.purpose, profile.stack_level)
        station.memory.profiles = [
            other
            for other in station.memory.profiles
            if other.number != profile.number
            and (other.evse, other.purpose, other.stack_level) != place
        ]
        station.memory.profiles.append(profile)
        self._limits_changed()
        return True

    def clear_profiles(
        self, number: int | None, evse: int | None, purpose: str | None, level: int | None
    ) -> bool:
        """Remove profiles that match all given criteria."""
        memory = self.station.memory
        kept = [
            profile
            for profile in memory.profiles
            if (number is not None and profile.number != number)
            or (evse is not None and profile.evse != evse)
            or (purpose is not None and profile.purpose != purpose)
            or (level is not None and profile.stack_level != level)
        ]
        changed = len(kept) != len(memory.profiles)
        memory.profiles = kept
        self._limits_changed()
        return changed

    def _limits_changed(self) -> None:
        self.station.apply_profiles()
        self.station.signal(None, Wake())

    def schedule(self, number: int, duration_s: int) -> list[tuple[int, float]] | None:
        """What an EVSE (0: the station) may take from now on; None for an unknown one."""
        station = self.station
        if number and number not in station.evses:
            return None
        specs = [evse.spec for evse in self._evses(number)]
        greatest_w = sum(spec.max_power_w for spec in specs)
        return composite(
            station.memory.profiles, number, station.now(), min(duration_s, 86_400), greatest_w
        )

    def update_firmware(self, request_id: int | None, location: str, retrieve_at: str) -> None:
        """Fetch and install firmware, then restart with the version that the file's name tells,
        or with the next one. A name with ``fail`` in it cannot be fetched."""
        delay_s = (_instant(retrieve_at) - self.station.now()).total_seconds()
        self.later(self._install(request_id, max(0.0, delay_s), location))

    async def _install(self, request_id: int | None, delay_s: float, location: str) -> None:
        await asyncio.sleep(min(delay_s, 86_400))
        for status, wait_s in FIRMWARE_STEPS:
            await self.station.world.clock.sleep(wait_s)
            failed = status == "Downloaded" and not await _fetched(location)
            self._tell_firmware("DownloadFailed" if failed else status, request_id)
            if failed:
                return
        station = self.station
        station.memory.boot_reason = "FirmwareUpdate"
        station.firmware_version = files.version_in(location) or next_version(
            station.firmware_version
        )
        await asyncio.sleep(0.3)
        self.station.disconnect()

    def _tell_firmware(self, status: str, request_id: int | None) -> None:
        self.station.tell(lambda wire: wire.firmware_status(status, request_id))

    def upload_log(self, request_id: int | None, location: str) -> str:
        """Send a small log; returns its file name."""
        name = f"{self.station.spec.serial_number}-{self.station.now():%Y%m%d%H%M%S}.log"
        self.later(self._upload(request_id, location, name))
        return name

    async def _upload(self, request_id: int | None, location: str, name: str) -> None:
        for status, wait_s in LOG_STEPS:
            await self.station.world.clock.sleep(wait_s)
            is_lost = status == "Uploaded" and not await self._sent(location, name)
            self._tell_log("UploadFailure" if is_lost else status, request_id)

    async def _sent(self, location: str, name: str) -> bool:
        if not files.is_ours(location):
            return True
        return await asyncio.to_thread(files.send, location, name, log_of(self.station))

    def _tell_log(self, status: str, request_id: int | None) -> None:
        self.station.tell(lambda wire: wire.log_status(status, request_id))


async def _fetched(location: str) -> bool:
    """Whether the file can be had; that of another server always, unless it says ``fail``."""
    if "fail" in location.lower():
        return False
    return not files.is_ours(location) or await asyncio.to_thread(files.fetch, location)


def log_of(station: SimStation) -> bytes:
    """What a station's log might say."""
    spec, at = station.spec, station.now()
    lines = [
        f"{at:%Y-%m-%d %H:%M:%S} {spec.vendor} {spec.model} {spec.serial_number}",
        f"{at:%Y-%m-%d %H:%M:%S} firmware {station.firmware_version}",
        *(
            f"{at:%Y-%m-%d %H:%M:%S} evse {number}: {evse.status} {evse.error}"
            for number, evse in sorted(station.evses.items())
        ),
    ]
    return "\n".join([*lines, ""]).encode()


def next_version(version: str) -> str:
    """The version after ``version``: its last number plus one."""
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}" if last.isdigit() else f"{version}.1"


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def hold_from(number: int, id_token: str, group: str | None, expires: str) -> Hold:
    """A reservation as asked for; an unreadable expiry means a quarter of an hour."""
    try:
        expires_at = datetime.fromisoformat(expires)
    except ValueError:
        expires_at = datetime.now(UTC) + timedelta(minutes=15)
    if expires_at.tzinfo is None:
        expires_at = expires_at.replace(tzinfo=UTC)
    return Hold(number, id_token, group or "", expires_at)
