"""SecurityEventNotification (1.6): something about security."""

from __future__ import annotations

from stations.ocpp.reading.reports import read_security_event as read

__all__ = ["read"]
