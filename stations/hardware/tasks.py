"""Tasks of the hardware room."""

from __future__ import annotations

from celery import shared_task
from django.db import connection


@shared_task(soft_time_limit=50, time_limit=60)
def ensure_partitions() -> None:
    """Keep three months of partitions ahead of the high-volume tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_ensure_partitions(current_date, "
            "(current_date + interval '3 months')::date)"
        )
