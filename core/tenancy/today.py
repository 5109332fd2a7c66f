"""Which day it is for the operator in scope."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils import timezone
from django_scopes import get_scope


def operator_today() -> date:
    """Today in the zone of the operator in scope, by which days of validity are judged.

    Pages show times in the reader's zone and the API speaks UTC; neither may say that a card
    holds which the station refuses. Without an operator in scope: in the current zone.
    """
    operator = get_scope().get("operator")
    if operator is None:
        return timezone.localdate()
    if isinstance(operator, int):
        operator = apps.get_model("core", "Operator").objects.get(pk=operator)
    return timezone.localdate(timezone=ZoneInfo(operator.time_zone))
