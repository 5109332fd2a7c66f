"""DataTransfer (2.0.1): a vendor's own message."""

from __future__ import annotations

from stations.ocpp.reading.reports import read_data_transfer as read

__all__ = ["read"]
