"""Ends the connections of bridges that died without a word."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from stations.ocpp.bridge.chores import END_CONNECTIONS
from stations.ocpp.models import BridgeLease

DEAD_AFTER = timedelta(seconds=20)


def end_dead_bridges() -> list[str]:
    """Close the connections of bridges whose lease ran out; returns their names."""
    ended = []
    limit = timezone.now() - DEAD_AFTER
    for name in BridgeLease.objects.filter(stopped_at=None, renewed_at__lt=limit).values_list(
        "bridge", flat=True
    ):
        with transaction.atomic():
            taken = BridgeLease.objects.filter(
                bridge=name, stopped_at=None, renewed_at__lt=limit
            ).update(stopped_at=timezone.now())
            if taken:
                with connection.cursor() as cursor:
                    cursor.execute(END_CONNECTIONS, [name])
                ended.append(name)
    return ended
