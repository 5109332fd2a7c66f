"""Tasks of lists."""

from __future__ import annotations

from celery import shared_task

from core.lists import bulk
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=240, time_limit=280)
def execute_bulk_actions() -> None:
    """Do the bulk actions that were confirmed and are not finished."""
    with across_operators("members of every operator have asked for something"):
        bulk.execute_waiting()
