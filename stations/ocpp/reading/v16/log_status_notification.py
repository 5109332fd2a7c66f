"""LogStatusNotification (1.6): how far a log upload is."""

from __future__ import annotations

from stations.ocpp.reading.reports import read_log_status as read

__all__ = ["read"]
