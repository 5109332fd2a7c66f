"""Work orders for what remedies could not heal, where remedies are on, unless the operator makes
orders by hand.

Found by pulling: a live incident whose last run of a playbook, since it was opened last, ended
within the last day without success, and for which no order is open or was made since that run
began (so one that a person cancelled is not made again). What cannot be made is noted in the
incident, and tried again after an hour.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import InvalidInput, RuleViolation
from stations.incidents.choices import EventKind, RemedyMode, RunState
from stations.incidents.models import IS_LIVE, Incident, IncidentEvent
from stations.incidents.remedy_models import RemedyRun, RemedySetting
from stations.incidents.timeline import write
from stations.maintenance import lifecycle
from stations.maintenance.from_incident import order_of_incident
from stations.maintenance.models import WorkOrder

logger = logging.getLogger(__name__)
MOST: Final = 50
FRESH: Final = timedelta(days=1)
AGAIN_AFTER: Final = timedelta(hours=1)
_REFUSED: Final = "unhealed:refused"


def order_unhealed(*, now: datetime) -> list[WorkOrder]:
    """Make the orders that are due; what is snoozed or part of another incident has none."""
    made = []
    for incident in list(_unhealed(now)[:MOST]):
        try:
            made.append(order_of_incident(incident=incident))
        except (InvalidInput, RuleViolation, ValidationError) as refusal:
            _note(incident, refusal, now)
    return made


def _note(incident: Incident, refusal: Exception, now: datetime) -> None:
    why = (
        " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal.args[0])
    )
    logger.warning("no order for incident %s: %s", incident.public_id, why)
    with translation.override(incident.operator.language):
        text = _("No work order could be made by itself: %(why)s") % {"why": why}
    write(incident, EventKind.NOTE, at=now, text=text, ref=_REFUSED)


def _unhealed(now: datetime) -> QuerySet[Incident]:
    runs = RemedyRun.objects.filter(incident=OuterRef("pk")).order_by("-started_at", "-pk")
    opened = IncidentEvent.objects.filter(
        incident=OuterRef("pk"), kind__in=[EventKind.OPENED, EventKind.REOPENED]
    ).order_by("-at")
    ordered = WorkOrder.objects.filter(
        Q(state__in=lifecycle.OPEN) | Q(opened_at__gte=OuterRef("tried_at")),
        incident=OuterRef("pk"),
    )
    refused = IncidentEvent.objects.filter(
        incident=OuterRef("pk"), ref=_REFUSED, at__gt=now - AGAIN_AFTER
    )
    wanting = RemedySetting.objects.filter(mode=RemedyMode.ON, makes_orders=True)
    found: QuerySet[Incident] = (
        Incident.objects.filter(
            IS_LIVE, operator__in=wanting.values("operator_id"), parent=None, runs__is_dry=False,
            runs__state__in=[RunState.FAILED, RunState.STOPPED],
        )
        .annotate(
            tried_at=Subquery(runs.values("started_at")[:1]),
            last_state=Subquery(runs.values("state")[:1]),
            last_why=Subquery(runs.values("why")[:1]),
            last_ended_at=Subquery(runs.values("ended_at")[:1]),
            opened_at=Subquery(opened.values("at")[:1]),
        )
        .filter(
            Q(last_state=RunState.FAILED) | Q(last_state=RunState.STOPPED, last_why="worse"),
            tried_at__gte=F("opened_at"),
            last_ended_at__gt=now - FRESH,
        )
        .exclude(snoozed_until_at__gt=now)
        .exclude(Exists(ordered))
        .exclude(Exists(refused))
        .order_by("severity", "pk")
        .distinct()
    )  # fmt: skip
    return found
