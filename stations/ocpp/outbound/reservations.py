"""Commands about reservations."""

from __future__ import annotations

from stations.ocpp.outbound.command import NEWER, Command, Parameter, Payload, Values
from stations.ocpp.outbound.members import (
    EVSE,
    ID_TOKEN,
    TOKEN_TYPE,
    id_token,
    is_older,
    moment,
    payload,
)

_CONNECTOR_TYPES = (
    "cCCS1",
    "cCCS2",
    "cG105",
    "cTesla",
    "cType1",
    "cType2",
    "s309-1P-16A",
    "s309-1P-32A",
    "s309-3P-16A",
    "s309-3P-32A",
    "sBS1361",
    "sCEE-7-7",
    "sType2",
    "sType3",
    "Other1PhMax16A",
    "Other1PhOver16A",
    "Other3Ph",
    "Pan",
    "wInductive",
    "wResonant",
    "Undetermined",
    "Unknown",
)


def _reserve(values: Values, version: str) -> tuple[str, Payload]:
    """Connector 0 (1.6) or no EVSE (2.x) reserves any connector of the station."""
    token = id_token(values["id_token"], values.get("token_type"), version)
    group = id_token(values.get("group_id_token"), "central", version)
    expiry = moment(values["expires_at"])
    if is_older(version):
        return "ReserveNow", payload(
            connectorId=values.get("evse", 0),
            expiryDate=expiry,
            idTag=token,
            parentIdTag=group,
            reservationId=values["reservation_id"],
        )
    return "ReserveNow", payload(
        id=values["reservation_id"],
        expiryDateTime=expiry,
        idToken=token,
        evseId=values.get("evse") or None,
        connectorType=values.get("connector_type"),
        groupIdToken=group,
    )


def _cancel(values: Values, _version: str) -> tuple[str, Payload]:
    return "CancelReservation", {"reservationId": values["reservation_id"]}


COMMANDS = (
    Command(
        "reserve_now",
        "Reserve",
        (
            Parameter("reservation_id", "integer", "Number of the reservation", required=True),
            ID_TOKEN,
            TOKEN_TYPE,
            Parameter("expires_at", "instant", "End of the reservation", required=True),
            EVSE,
            Parameter("group_id_token", "text", "Group of the id token"),
            Parameter(
                "connector_type",
                "choice",
                "Kind of connector",
                choices=_CONNECTOR_TYPES,
                versions=NEWER,
            ),
        ),
        _reserve,
    ),
    Command(
        "cancel_reservation",
        "Cancel a reservation",
        (Parameter("reservation_id", "integer", "Number of the reservation", required=True),),
        _cancel,
    ),
)
