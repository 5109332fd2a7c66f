"""The life of one EVSE: cars come, charge, wait and leave; faults come and go."""

from __future__ import annotations

from dataclasses import dataclass

from stations.simulator.battery import Battery, arriving_battery
from stations.simulator.evse import Arrival, Evse, Fault, RemoteStart, Stop
from stations.simulator.measuring import measure
from stations.simulator.meters import MeterFault
from stations.simulator.station import SimStation
from stations.simulator.wire import Transaction

_RARELY = 5
"""A waiting car is reported so many times more seldom than a charging one."""


async def live(station: SimStation, evse: Evse) -> None:
    """Run one EVSE for ever, one signal at a time."""
    while True:
        station.set_status(evse, resting_status(station, evse))
        timeout_s = None
        if evse.hold:
            timeout_s = (evse.hold.expires_at - station.now()).total_seconds()
            if timeout_s <= 0:
                evse.hold = None
                continue
        signal = await evse.next_signal(station.world.clock, timeout_s)
        if isinstance(signal, Fault):
            await break_down(station, evse, signal)
        elif isinstance(signal, RemoteStart) and evse.is_operative:
            battery = arriving_battery(station.rng, dc=evse.spec.is_dc)
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
    ends_at = station.world.clock.now().timestamp() + fault.lasts_s
    while (left_s := ends_at - station.world.clock.now().timestamp()) > 0:
        await evse.next_signal(station.world.clock, left_s)


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
    ending = await charge(station, evse, tx, arrival)
    station.close_session(evse, ending.reason)
    evse.battery = None
    if ending.fault:
        await break_down(station, evse, ending.fault)
    elif evse.is_operative:
        station.set_status(evse, "Finishing")
        await clock.sleep(rng.uniform(5, 60))


@dataclass(frozen=True, slots=True)
class Ending:
    """Why charging ended."""

    reason: str
    fault: Fault | None = None


async def charge(station: SimStation, evse: Evse, tx: Transaction, arrival: Arrival) -> Ending:
    """Let power flow and report it until something ends it."""
    clock = station.world.clock
    sample_s = station.world.scenario.sample_s / (3 if evse.spec.is_dc else 1)
    began = last = clock.now()
    battery = arrival.battery
    while True:
        _tell_charging(station, evse, tx, battery)
        wait_s = sample_s * (_RARELY if battery.is_full else 1)
        signal = await evse.next_signal(clock, wait_s * station.rng.uniform(0.9, 1.1))
        now = clock.now()
        power_w = _flow(station, evse, battery, (now - last).total_seconds())
        last = now
        if isinstance(signal, Stop):
            return Ending(signal.reason)
        if isinstance(signal, Fault):
            return Ending("Other", signal)
        tx_sample = measure(evse, station.now(), power_w)
        station.report_progress(tx, tx_sample, "MeterValuePeriodic")
        plugged_s = (now - began).total_seconds()
        if arrival.stay_s and plugged_s >= arrival.stay_s:
            return Ending("EVDisconnected")
        if battery.is_full and not arrival.stay_s:
            return Ending("Local" if evse.spec.is_dc else "EVDisconnected")


def _tell_charging(station: SimStation, evse: Evse, tx: Transaction, battery: Battery) -> None:
    """Tell Charging or why not; in 2.0.1 also as a change of charging state."""
    station.apply_profiles()
    if battery.is_full:
        status = "SuspendedEV"
    else:
        status = "Charging" if evse.power_limit_w > 0 else "SuspendedEVSE"
    if evse.status == status:
        return
    station.set_status(evse, status)
    tx.charging_state = status
    power_w = battery.power_w(evse.power_limit_w, dc=evse.spec.is_dc)
    if station.spec.version != "1.6":
        measured = measure(evse, station.now(), power_w)
        station.report_progress(tx, measured, "ChargingStateChanged")


def _flow(station: SimStation, evse: Evse, battery: Battery, seconds: float) -> float:
    """Move energy for a step; returns its power in W."""
    energy_wh, power_w = battery.advance(seconds, evse.power_limit_w, dc=evse.spec.is_dc)
    evse.meter.add(energy_wh)
    if evse.meter.fault is MeterFault.RESET and station.rng.random() < 0.1:
        evse.meter.fall_back()
    return power_w
