"""What a remote start takes: a token and the EVSE, as the station's version writes them."""

from __future__ import annotations

from typing import Any

from customers.tokens.models import IdToken, TokenKind
from stations.commands.services import link_of
from stations.hardware.models import Evse


def start_parameters(token: IdToken, evse: Evse) -> dict[str, Any]:
    """Parameters of the command ``remote_start``; 1.6 knows no types of tokens."""
    parameters: dict[str, Any] = {"id_token": token.uid, "evse": evse.number}
    link = link_of(evse.station)
    if link is not None and link.ocpp_version != "1.6":
        parameters["token_type"] = "iso14443" if token.kind == TokenKind.RFID else "central"
    return parameters
