"""Commands that start, stop and ask about sessions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.marks import gettext_noop
from stations.ocpp.outbound.command import (
    NEWER,
    Command,
    CommandParameterError,
    Parameter,
    Payload,
    Values,
)
from stations.ocpp.outbound.members import (
    EVSE,
    ID_TOKEN,
    TOKEN_TYPE,
    id_token,
    is_older,
    payload,
)
from stations.ocpp.outbound.profiles import profile_payload


def _remote_start(values: Values, version: str) -> tuple[str, Payload]:
    token = id_token(values["id_token"], values.get("token_type"), version)
    profile = values.get("profile")
    built = None if profile is None else profile_payload(profile, version)
    if is_older(version):
        return "RemoteStartTransaction", payload(
            idTag=token, connectorId=values.get("evse"), chargingProfile=built
        )
    return "RequestStartTransaction", payload(
        remoteStartId=values["remote_start_id"],
        idToken=token,
        evseId=values.get("evse"),
        groupIdToken=id_token(values.get("group_id_token"), "central", version),
        chargingProfile=built,
    )


def transaction_id(value: str, version: str) -> Any:
    """A transaction id in the version's form: a whole number in 1.6."""
    if not is_older(version):
        return value
    try:
        return int(value)
    except ValueError:
        raise CommandParameterError(
            "transaction", "type", "transaction must be a whole number in OCPP 1.6"
        ) from None


def _remote_stop(values: Values, version: str) -> tuple[str, Payload]:
    action = "RemoteStopTransaction" if is_older(version) else "RequestStopTransaction"
    return action, {"transactionId": transaction_id(values["transaction"], version)}


def _get_transaction_status(values: Values, _version: str) -> tuple[str, Payload]:
    return "GetTransactionStatus", payload(transactionId=values.get("transaction"))


def _show_cost(values: Values, _version: str) -> tuple[str, Payload]:
    # The wire has a JSON number; more than four decimals are nothing that a display shows.
    total = float(values["amount"].quantize(Decimal("0.0001")))
    return "CostUpdated", {"totalCost": total, "transactionId": values["transaction"]}


COMMANDS = (
    Command(
        "remote_start",
        "Start a session",
        (
            ID_TOKEN,
            TOKEN_TYPE,
            EVSE,
            Parameter(
                "remote_start_id",
                "integer",
                "Number by which the station's start is recognised",
                required=True,
                versions=NEWER,
            ),
            Parameter("group_id_token", "text", "Group of the id token", versions=NEWER),
            Parameter("profile", "object", "Charging profile of the session"),
        ),
        _remote_start,
    ),
    Command(
        "remote_stop",
        "Stop a session",
        (Parameter("transaction", "text", "OCPP transaction id", required=True),),
        _remote_stop,
        is_dangerous=True,
        consequence=gettext_noop("The driver's session ends."),
    ),
    Command(
        "get_transaction_status",
        "Ask about a session",
        (Parameter("transaction", "text", "OCPP transaction id; left out: the queue"),),
        _get_transaction_status,
        versions=NEWER,
    ),
    Command(
        "show_cost",
        "Show what a session has cost",
        (
            Parameter("transaction", "text", "OCPP transaction id", required=True),
            Parameter("amount", "decimal", "Cost so far with tax", required=True),
        ),
        _show_cost,
        versions=NEWER,
    ),
)
