"""Readers of 2.0.1 messages, one file per action; 2.1 uses them too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.ocpp.reading.shapes import Arrival
from stations.ocpp.reading.v201 import meter_values, transaction_event

READERS: dict[str, Callable[[Any, Arrival], Any]] = {
    "MeterValues": meter_values.read,
    "TransactionEvent": transaction_event.read,
}
