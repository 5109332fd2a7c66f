"""The life of one EVSE: cars come, charge, wait and leave; faults come and go."""

from __future__ import annotations

from stations.simulator.battery import arriving_battery
from stations.simulator.charging import Charging
from stations.simulator.evse import Arrival, Evse, Fault, RemoteStart, Restarted
from stations.simulator.station import SimStation

LASTING = frozenset({"GroundFailure", "ConnectorLockFailure", "PowerMeterFailure"})
"""Faults that no restart clears."""


async def live(station: SimStation, evse: Evse) -> None:
    """Run one EVSE for ever, one signal at a time."""
    while True:
        station.set_status(evse, resting_status(station, evse))
        timeout_s = None
        if evse.hold:
            left_s = (evse.hold.expires_at - station.now()).total_seconds()
            timeout_s = station.world.clock.simulated_s(left_s)
            if timeout_s <= 0:
                evse.hold = None
                continue
        signal = await evse.next_signal(station.world.clock, timeout_s)
        if isinstance(signal, Fault):
            await break_down(station, evse, signal)
        elif isinstance(signal, RemoteStart) and evse.is_operative:
            battery = arriving_battery(
                station.rng, dc=evse.spec.is_dc, shrink=station.world.clock.speed
            )
            await visit(station, evse, Arrival(signal.id_token, battery, 0.0), signal)
        elif isinstance(signal, Arrival) and evse.is_operative:
            await visit(station, evse, signal, None)


def resting_status(station: SimStation, evse: Evse) -> str:
    """The status of an EVSE without a car."""
    if not evse.is_operative:
        return "Unavailable"
    return "Reserved" if evse.hold else "Available"


async def break_down(station: SimStation, evse: Evse, fault: Fault) -> None:
    """Be faulted for a while; remote starts and cars are turned away meanwhile."""
    station.set_status(evse, "Faulted", error=fault.error, info=fault.info)
    station.world.ledger.count("faults")
    clock = station.world.clock
    ends_at = clock.world_now().timestamp() + fault.lasts_s
    while (left_s := ends_at - clock.world_now().timestamp()) > 0:
        signal = await evse.next_signal(clock, left_s)
        if isinstance(signal, Restarted) and fault.error not in LASTING:
            return


async def visit(
    station: SimStation, evse: Evse, arrival: Arrival, remote: RemoteStart | None
) -> None:
    """One car from plugging in to leaving."""
    clock, rng = station.world.clock, station.rng
    hold = evse.hold
    if hold and arrival.id_token.upper() not in (
        hold.id_token.upper(),
        hold.group_id_token.upper(),
    ):
        station.world.ledger.count("turned_away_by_reservation")
        return
    station.set_status(evse, "Preparing")
    await clock.sleep(rng.uniform(2, 12))
    if remote is None and not await station.authorize(arrival.id_token):
        station.world.ledger.count("refused")
        await clock.sleep(rng.uniform(5, 20))
        return
    evse.hold, evse.battery = None, arrival.battery
    tx = station.open_session(evse, arrival.id_token, remote, hold)
    ending = await Charging(station, evse, tx, arrival).run()
    station.close_session(evse, ending.reason)
    evse.battery = None
    if ending.fault:
        await break_down(station, evse, ending.fault)
    elif evse.is_operative:
        station.set_status(evse, "Finishing")
        await clock.sleep(rng.uniform(5, 60))
