"""Tasks of the model catalogue."""

from __future__ import annotations

from celery import shared_task

from core.tenancy.scopes import across_operators
from stations.hardware.catalogue import services


@shared_task(soft_time_limit=50, time_limit=60)
def match_stations() -> None:
    """Find out which model stations are that said something new of themselves."""
    with across_operators("stations of every operator are matched"):
        services.match_due_stations()
