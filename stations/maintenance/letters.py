"""Letters of warnings that were given up, and sending them once more."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from stations.maintenance.escalation_models import EscalationLetter, LetterState
from stations.maintenance.models import WorkOrder


def letters() -> QuerySet[EscalationLetter]:
    """Letters about orders of the places in scope, the latest first."""
    rows: QuerySet[EscalationLetter] = EscalationLetter.objects.select_related(
        "warning", "order__site"
    )
    return rows.order_by("-due_at", "-id")


@transaction.atomic
def send_again(*, letter: EscalationLetter, reason: str) -> None:
    """Let a letter that was given up wait again, with all its tries; refuses any other, and one
    about an order that is closed."""
    if not WorkOrder.objects.select_for_update(of=("self",)).get(pk=letter.order_id).is_open:
        raise RuleViolation("order_closed", _("The order is closed."))
    changed = EscalationLetter.objects.filter(pk=letter.pk, state=LetterState.FAILED).update(
        state=LetterState.WAITING, due_at=timezone.now(), attempts=0
    )
    if not changed:
        raise RuleViolation("letter_not_failed", _("This letter has not been given up."))
    record(
        "letter.again", letter.order, operator_id=letter.operator_id, reason=reason,
        before={"state": LetterState.FAILED, "error": letter.error},
        after={"state": LetterState.WAITING, "to": letter.email},
    )  # fmt: skip
