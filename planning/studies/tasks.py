"""Tasks of studies: they pull what waits, and what a killed worker left."""

from __future__ import annotations

from celery import shared_task

from core.tenancy.scopes import across_operators
from planning.studies import running

LONGEST_S = 900


@shared_task(soft_time_limit=LONGEST_S, time_limit=LONGEST_S + 30)
def run_study(study_id: int) -> None:
    """Answer one study if it still waits."""
    with across_operators("studies of every operator are answered"):
        running.run_next(study_id)


@shared_task(soft_time_limit=LONGEST_S, time_limit=LONGEST_S + 30)
def run_waiting() -> None:
    """Answer the study that waits longest, or that a killed worker left."""
    with across_operators("studies of every operator are answered"):
        running.run_next()
