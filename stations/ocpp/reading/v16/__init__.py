"""Readers of 1.6 messages, one file per action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.ocpp.reading.shapes import Arrival
from stations.ocpp.reading.v16 import meter_values, start_transaction, stop_transaction

READERS: dict[str, Callable[[Any, Arrival], Any]] = {
    "MeterValues": meter_values.read,
    "StartTransaction": start_transaction.read,
    "StopTransaction": stop_transaction.read,
}
