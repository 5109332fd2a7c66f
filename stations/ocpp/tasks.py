"""Tasks of the OCPP room."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from stations.ocpp import leases
from stations.ocpp.lists import sync


@shared_task(soft_time_limit=25, time_limit=30)
def end_dead_bridges() -> None:
    """Journal as our own outage what a dead bridge left connected."""
    leases.end_dead_bridges()


@shared_task(soft_time_limit=50, time_limit=60)
def sync_local_lists() -> None:
    """Bring local lists in step with who may charge."""
    sync.run(timezone.now())
