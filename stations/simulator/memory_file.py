"""What stations remember across a restart of the simulator: registers and open sessions.

A real station that loses power keeps its meter and, once it is back, reports the end of the
session that was cut short (reason PowerLoss). So does a simulated one with this file.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from stations.simulator.clock import stamp
from stations.simulator.evse import Evse
from stations.simulator.ledger import BelievedSession
from stations.simulator.station import SimStation
from stations.simulator.wire import Transaction

LOGGER = logging.getLogger("stations.simulator")


def save(path: Path, stations: Iterable[SimStation]) -> None:
    """Write what is to be remembered, whole or not at all."""
    content = {
        station.spec.identity: {
            str(evse.spec.number): _remember(station, evse) for evse in station.evses.values()
        }
        for station in stations
    }
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)


def _remember(station: SimStation, evse: Evse) -> dict[str, Any]:
    tx = evse.tx
    memory: dict[str, Any] = {"register_wh": round(evse.meter.register_wh, 1)}
    if tx is not None and tx.id is not None:
        memory["session"] = {
            "id": tx.id,
            "id_token": tx.id_token,
            "seq_no": tx.seq_no,
            "meter_start_wh": tx.belief.meter_start_wh,
            "started_at": stamp(tx.belief.started_at),
            "seen_at": stamp(station.now()),
        }
    return memory


def restore(path: Path, stations: Iterable[SimStation]) -> int:
    """Give stations their registers back and queue the ends of sessions that were cut short;
    returns how many. A file that is missing or damaged is no reason not to start."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return sum(
            _restore_evse(station, evse, content.get(station.spec.identity, {}))
            for station in stations
            for evse in station.evses.values()
        )
    except FileNotFoundError:
        return 0
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        LOGGER.warning("%s cannot be used: %s", path, error)
        return 0


def _restore_evse(station: SimStation, evse: Evse, memory: dict[str, Any]) -> int:
    mine = memory.get(str(evse.spec.number))
    if not mine:
        return 0
    evse.meter.register_wh = float(mine["register_wh"])
    session = mine.get("session")
    if not session:
        return 0
    belief = BelievedSession(
        station=station.spec.identity,
        version=station.spec.version,
        evse=evse.spec.number,
        id_token=session["id_token"],
        transaction_id=str(session["id"]),
        started_at=datetime.fromisoformat(session["started_at"]),
        meter_start_wh=int(session["meter_start_wh"]),
        meter_fault=station.spec.meter_fault.value,
        clock_drift_s=station.spec.drift_s,
    )
    evse.tx = Transaction(evse.spec.number, 1, session["id_token"], belief, id=session["id"])
    evse.tx.seq_no = int(session["seq_no"])
    evse.meter.true_wh = max(0.0, evse.meter.register_wh - belief.meter_start_wh)
    station.world.ledger.sessions.append(belief)
    station.close_session(evse, "PowerLoss", datetime.fromisoformat(session["seen_at"]))
    return 1
