"""Reading an operator's setup and texts."""

from __future__ import annotations

from django.db.models import QuerySet

from core.accounts.models import Operator
from core.operators.models import LegalText, OperatorSetup


def setup_of(operator: Operator) -> OperatorSetup:
    """The setup; an empty one, not stored, where nothing was entered yet."""
    found: OperatorSetup | None = OperatorSetup.objects.filter(operator=operator).first()
    return found or OperatorSetup(operator=operator, languages=[operator.language])


def texts_of(operator: Operator) -> QuerySet[LegalText]:
    """All versions, the newest of each kind and language first."""
    found: QuerySet[LegalText] = LegalText.objects.filter(operator=operator).order_by(
        "kind", "language", "-version"
    )
    return found


def texts_in_force(operator: Operator) -> dict[tuple[str, str], LegalText]:
    """The newest version by kind and language."""
    newest: dict[tuple[str, str], LegalText] = {}
    for text in texts_of(operator):
        newest.setdefault((text.kind, text.language), text)
    return newest
