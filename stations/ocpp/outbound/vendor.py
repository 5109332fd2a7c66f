"""DataTransfer: messages of a vendor's own."""

from __future__ import annotations

import json

from stations.ocpp.outbound.command import Command, Parameter, Payload, Values
from stations.ocpp.outbound.members import is_older, payload


def _data_transfer(values: Values, version: str) -> tuple[str, Payload]:
    """1.6 carries text only; anything else is written into it as JSON."""
    data = values.get("data")
    if data is not None and is_older(version) and not isinstance(data, str):
        data = json.dumps(data, separators=(",", ":"))
    return "DataTransfer", payload(
        vendorId=values["vendor_id"], messageId=values.get("message_id"), data=data
    )


COMMANDS = (
    Command(
        "data_transfer",
        "Send a vendor's message",
        (
            Parameter("vendor_id", "text", "Vendor", required=True),
            Parameter("message_id", "text", "Name of the message"),
            Parameter("data", "any", "Content"),
        ),
        _data_transfer,
    ),
)
