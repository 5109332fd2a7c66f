"""Heartbeat (2.0.1): the station lives."""

from __future__ import annotations

from stations.ocpp.reading.reports import read_heartbeat as read

__all__ = ["read"]
