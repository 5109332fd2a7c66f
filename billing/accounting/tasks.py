"""Tasks of the books; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

import logging

from celery import shared_task

from billing.accounting.posting_services import post_due as book
from core.tenancy.scopes import across_operators

log = logging.getLogger(__name__)


@shared_task(soft_time_limit=280, time_limit=300)
def post_due() -> None:
    """Book everything that has no entry yet."""
    with across_operators("the books of every operator are kept"):
        outcome = book()
    for problem in outcome.problems[:20]:
        log.warning("%s %s is not booked: %s", problem.kind, problem.document, problem.message)
