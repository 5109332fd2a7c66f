"""Reading support cases."""

from __future__ import annotations

from django.db.models import QuerySet

from customers.support.models import CaseEntry, SupportCase
from customers.support.services import Subjects


def cases() -> QuerySet[SupportCase]:
    """All cases of the operator in scope with what they are about, newest first."""
    return SupportCase.objects.select_related(
        "operator",
        "driver__company",
        "token__driver__company",
        "token__company",
        "station__site",
        "evse__station__site",
        "session__station",
        "session__evse",
    ).order_by("-opened_at", "-id")


def log_of(case: SupportCase) -> QuerySet[CaseEntry]:
    """The log of a case with commands and attempts, the newest first."""
    rows: QuerySet[CaseEntry] = CaseEntry.objects.filter(case=case)
    return rows.select_related("command__station", "attempt__station").order_by("-at", "-id")


def subjects_of(case: SupportCase) -> Subjects:
    """What the case is about."""
    return Subjects(
        driver=case.driver,
        token=case.token,
        evse=case.evse,
        station=case.station,
        session=case.session if case.evse is None else None,
    )
