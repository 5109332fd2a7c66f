"""Commands of the past weeks, with what came of them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from portal.demo.network_rows import Ids
from portal.demo.plan import DemoOperator, DemoPlan, DemoStation
from stations.commands.models import Command, CommandOrigin, CommandState

# Neutral name, 1.6 action, 2.0.1 action, parameters, reason
_KINDS: Final[tuple[tuple[str, str, str, dict[str, Any], str], ...]] = (
    ("reset", "Reset", "Reset", {"kind": "soft"}, "Kortläsaren svarar inte"),
    ("unlock", "UnlockConnector", "UnlockConnector", {"evse": 1}, "Kunden får inte loss kabeln"),
    (
        "trigger",
        "TriggerMessage",
        "TriggerMessage",
        {"message": "StatusNotification"},
        "",
    ),
    ("stop", "RemoteStopTransaction", "RequestStopTransaction", {}, "Kunden ringde"),
    ("change_availability", "ChangeAvailability", "ChangeAvailability", {"evse": 1}, "Service"),
)
_OUTCOMES: Final = (
    (CommandState.ANSWERED, "Accepted", 78),
    (CommandState.ANSWERED, "Rejected", 8),
    (CommandState.TIMED_OUT, "", 5),
    (CommandState.REFUSED_OFFLINE, "", 6),
    (CommandState.FAILED, "", 3),
)
_PEOPLE: Final = {
    "nordljus": ("Olga Ohlsson", "Sixten Sund", "Tore Tegnér"),
    "vastkraft": ("Uma Ulfsdotter",),
}
COUNT: Final = 140


def write_commands(plan: DemoPlan, ids: Ids, now: datetime) -> int:
    """Write the commands; returns how many."""
    rng = random.Random(f"{plan.seed}:commands")
    commands = []
    for _ in range(COUNT):
        operator = rng.choices(plan.operators, [len(op.sites) for op in plan.operators])[0]
        station = rng.choice(operator.stations)
        commands.append(_command(rng, operator, station, ids, now))
    return len(Command.objects.bulk_create(commands))


def _command(
    rng: random.Random, operator: DemoOperator, station: DemoStation, ids: Ids, now: datetime
) -> Command:
    name, action_16, action_201, parameters, reason = rng.choice(_KINDS)
    outcomes = [(state, status) for state, status, _weight in _OUTCOMES]
    state, status = rng.choices(outcomes, [weight for *_rest, weight in _OUTCOMES])[0]
    created_at = now - timedelta(minutes=rng.uniform(30, 60 * 24 * 45))
    sent = state != CommandState.REFUSED_OFFLINE
    waited_s = 30.0 if state == CommandState.TIMED_OUT else rng.uniform(0.1, 2.5)
    return Command(
        public_id=f"cmd_{rng.getrandbits(64):016x}",
        operator_id=ids.operators[operator.slug],
        station_id=ids.stations[station.identity],
        origin=CommandOrigin.PERSON,
        requested_by=rng.choice(_PEOPLE[operator.slug]),
        reason=reason,
        command=name,
        parameters=parameters,
        ocpp_version=station.make.ocpp_version,
        action=action_16 if station.make.ocpp_version == "1.6" else action_201,
        state=state,
        answer={"status": status} if status else None,
        answer_status=status,
        error_code="InternalError" if state == CommandState.FAILED else "",
        message_id=str(UUID(int=rng.getrandbits(128), version=4)) if sent else "",
        bridge="bridge1" if sent else "",
        created_at=created_at,
        expires_at=created_at + timedelta(minutes=5),
        sent_at=created_at + timedelta(milliseconds=60) if sent else None,
        finished_at=created_at + timedelta(seconds=waited_s),
    )
