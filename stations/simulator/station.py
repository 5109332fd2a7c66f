"""A simulated station: its EVSEs, what it tells and what it remembers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from ocpp.exceptions import OCPPError

from stations.simulator.clock import SimClock
from stations.simulator.evse import Evse, Hold, RemoteStart, Signal, Stop
from stations.simulator.ledger import BelievedSession, Ledger
from stations.simulator.measuring import measure
from stations.simulator.meters import Meter
from stations.simulator.outbox import Item, Outbox
from stations.simulator.profiles import Profile, limit_w
from stations.simulator.scenario import Scenario
from stations.simulator.settings_v16 import default_keys
from stations.simulator.specs import StationSpec
from stations.simulator.wire import Measured, Transaction, Wire

_READINGS = ("MeterValuePeriodic", "MeterValueClock")


@dataclass(slots=True)
class World:
    """What all stations of a run share. ``lean``: own messages are not checked against the
    schemas before they go out, to save time."""

    clock: SimClock
    ledger: Ledger
    scenario: Scenario
    lean: bool = False


@dataclass(slots=True)
class Memory:
    """What a station keeps across connections."""

    keys: dict[str, tuple[str, bool]]  # 1.6 configuration: value, read-only
    variables: dict[tuple[str, str, int], str] = field(default_factory=dict)  # 2.0.1, as set
    local_list: dict[str, str] = field(default_factory=dict)  # token: status
    local_list_version: int = 0
    profiles: list[Profile] = field(default_factory=list)
    boot_reason: str = "PowerUp"


class SimStation:
    """One station. ``wire`` is the live connection after an accepted boot, else None."""

    def __init__(self, spec: StationSpec, world: World) -> None:
        self.spec = spec
        self.world = world
        self.rng = random.Random(f"{world.scenario.seed}:{spec.identity}")
        self.outbox = Outbox()
        self.memory = Memory(keys=default_keys(spec, world.scenario.sample_s))
        self.wire: Wire | None = None
        self.firmware_version = spec.firmware_version
        self.wanted = asyncio.Event()
        self.wanted.set()
        self.cut = asyncio.Event()
        self.session_closed = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self.evses = {
            evse.number: Evse(
                evse, Meter(float(self.rng.randint(1_000, 9_000_000)), fault=spec.meter_fault)
            )
            for evse in spec.evses
        }

    def now(self) -> datetime:
        """The time on the station's own clock."""
        return self.world.clock.now() + timedelta(seconds=self.spec.drift_s)

    # Connection

    def attach(self, wire: Wire) -> None:
        """A boot was accepted: the station may talk."""
        self.wire = wire
        self.memory.boot_reason = "PowerUp"

    def detach(self) -> None:
        """The connection is gone; only what concerns sessions stays queued."""
        self.wire = None
        self.cut.clear()
        self.outbox.forget_passing()

    def disconnect(self, *, stay_away: bool = False) -> None:
        """Drop the connection; with ``stay_away`` until ``come_back``."""
        if stay_away:
            self.wanted.clear()
        self.cut.set()

    def come_back(self) -> None:
        """Connect again."""
        self.wanted.set()

    def background(self, coroutine_task: asyncio.Task[None]) -> None:
        """Keep a task alive until it ends."""
        self.tasks.add(coroutine_task)
        coroutine_task.add_done_callback(self.tasks.discard)

    # Telling

    def set_status(
        self, evse: Evse, status: str, *, error: str = "NoError", info: str = ""
    ) -> None:
        """Change an EVSE's state and tell it."""
        changed = (evse.status, evse.error) != (status, error)
        evse.status, evse.error, evse.info = status, error, info
        if changed:
            self.tell_status(evse.spec.number)

    def tell_status(self, number: int) -> None:
        """Queue a status; it is only worth something while connected."""
        status, error, info = self.words(number)
        at = self.now()
        self.tell(lambda wire: wire.status(number, status, error, info, at))

    def words(self, number: int) -> tuple[str, str, str]:
        """Status, error code and details of an EVSE; 0 is the station itself."""
        evse = self.evses.get(number)
        return (evse.status, evse.error, evse.info) if evse else ("Available", "NoError", "")

    def tell(self, message: Callable[[Wire], Awaitable[object]]) -> None:
        """Queue a message that is only worth something while connected."""

        async def send(wire: Wire, _offline: bool) -> None:
            await message(wire)

        if self.wire:
            self.outbox.put(Item(send, lasting=False))

    async def authorize(self, id_token: str) -> bool:
        """Ask the network; without it, the local list decides and unknown ones may charge."""
        if self.wire is None:
            return self.memory.local_list.get(id_token.upper(), "Accepted") == "Accepted"
        try:
            return await self.wire.authorize(id_token)
        except (OCPPError, TimeoutError, OSError):
            return False

    # Sessions

    def open_session(
        self, evse: Evse, id_token: str, remote: RemoteStart | None, hold: Hold | None
    ) -> Transaction:
        """Begin a session and queue its start."""
        at = self.now()
        belief = BelievedSession(
            station=self.spec.identity,
            version=self.spec.version,
            evse=evse.spec.number,
            id_token=id_token,
            transaction_id=None,
            started_at=at,
            meter_start_wh=evse.meter.at_begin(),
            meter_fault=self.spec.meter_fault.value,
            clock_drift_s=self.spec.drift_s,
            begun_offline=self.wire is None,
        )
        self.world.ledger.sessions.append(belief)
        tx = Transaction(evse.spec.number, 1, id_token, belief)
        tx.remote_start_id = remote.remote_start_id if remote else None
        tx.reservation_id = hold.number if hold else None
        if self.spec.version != "1.6":
            tx.id = belief.transaction_id = str(uuid4())
        evse.tx = tx
        evse.meter.true_wh = 0.0

        async def send(wire: Wire, offline: bool) -> None:
            accepted = await wire.begin(tx, at, offline=offline)
            belief.transaction_id = str(tx.id)
            if not accepted:
                self.stop_unwelcome(evse, tx)

        self._queue(Item(send, lasting=True))
        return tx

    def stop_unwelcome(self, evse: Evse, tx: Transaction) -> None:
        """The network refused the token of a running session."""
        if evse.tx is tx and self.memory.keys["StopTransactionOnInvalidId"][0] == "true":
            evse.signals.put_nowait(Stop("DeAuthorized"))

    def report_progress(self, tx: Transaction, measured: Measured, trigger: str) -> None:
        """Queue a reading along the way."""
        if trigger in _READINGS and measured.register is None:
            return

        async def send(wire: Wire, offline: bool) -> None:
            await wire.progress(tx, measured, trigger, offline=offline)

        self._queue(Item(send, lasting=True, is_sample=trigger in _READINGS))

    def report_now(self, number: int) -> None:
        """Report readings of an EVSE because the network asked."""
        evse = self.evses.get(number)
        if evse is None:
            return
        power_w = 0.0
        if evse.battery is not None:
            power_w = evse.battery.power_w(evse.power_limit_w, dc=evse.spec.is_dc)
        measured = measure(evse, self.now(), power_w)
        if evse.tx is not None:
            self.report_progress(evse.tx, measured, "Trigger")
        else:
            self.tell(lambda wire: wire.reading(number, measured))

    def close_session(self, evse: Evse, reason: str, at: datetime | None = None) -> None:
        """End the session of an EVSE (now, or as of ``at``) and queue its stop."""
        tx, at = evse.tx, at or self.now()
        if tx is None:
            return
        belief = tx.belief
        belief.stopped_at = at
        belief.reason = reason
        belief.energy_wh = evse.meter.true_wh
        belief.meter_stop_wh = evse.meter.at_end(belief.meter_start_wh)
        evse.tx = None
        self.session_closed.set()

        async def send(wire: Wire, offline: bool) -> None:
            await wire.end(tx, at, reason, offline=offline)

        def done(delivered: bool) -> None:
            belief.delivered = delivered

        self._queue(Item(send, lasting=True, done=done))

    def _queue(self, item: Item) -> None:
        item.made_offline = self.wire is None
        self.outbox.put(item)

    # Settings, limits and signals

    def sample_interval_s(self, *, dc: bool) -> float:
        """Seconds between readings as set; fast stations report three times as often."""
        text = self.memory.keys["MeterValueSampleInterval"][0]
        if self.spec.version != "1.6":
            text = self.memory.variables.get(("sampleddatactrlr", "txupdatedinterval", 0), text)
        return float(text) / (3 if dc else 1)

    def aligned_interval_s(self) -> float:
        """Seconds between readings on the clock as set; 0 for none."""
        text = self.memory.keys["ClockAlignedDataInterval"][0]
        if self.spec.version != "1.6":
            text = self.memory.variables.get(("aligneddatactrlr", "interval", 0), text)
        return float(text)

    def apply_profiles(self) -> None:
        """Work out what every EVSE may take now and wake those whose limit changed."""
        at = self.now()
        for evse in self.evses.values():
            started_at = evse.tx.belief.started_at if evse.tx else None
            limit = limit_w(self.memory.profiles, evse.spec.number, at, started_at)
            if limit != evse.limit_w:
                evse.limit_w = limit

    def signal(self, number: int | None, signal: Signal) -> None:
        """Give a signal to one EVSE, or to all."""
        for evse in self.evses.values():
            if number in (None, 0, evse.spec.number):
                evse.signals.put_nowait(signal)
