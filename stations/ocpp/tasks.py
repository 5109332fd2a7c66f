"""Tasks of the OCPP room."""

from __future__ import annotations

from celery import shared_task

from stations.ocpp import leases


@shared_task(soft_time_limit=25, time_limit=30)
def end_dead_bridges() -> None:
    """Journal as our own outage what a dead bridge left connected."""
    leases.end_dead_bridges()
