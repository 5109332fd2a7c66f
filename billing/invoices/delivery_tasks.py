"""Tasks of files and deliveries; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from celery import shared_task
from django.utils import timezone

from billing.invoices.delivery_services import plan_due
from billing.invoices.file_services import make_next
from billing.invoices.sending import give_up_interrupted, send_next
from core.tenancy.scopes import across_operators

_TURN_S: Final = 80


@shared_task(soft_time_limit=110, time_limit=120)
def make_invoice_files(everything: bool = False) -> None:
    """Make files of issued documents for a while, then plan their deliveries."""
    with across_operators("documents of every operator are made"):
        _for_a_while(lambda now: make_next(now=now, everything=everything) > 0)
        plan_due(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def send_deliveries() -> None:
    """Send what waits, for a while."""
    with across_operators("documents of every operator are sent"):
        give_up_interrupted(now=timezone.now())
        _for_a_while(lambda now: send_next(now=now) is not None)


def _for_a_while(step: Callable[[datetime], bool]) -> None:
    end = time.monotonic() + _TURN_S
    while time.monotonic() < end and step(timezone.now()):
        pass
