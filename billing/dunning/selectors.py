"""Reading where a late invoice stands, for pages and API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from billing.accounts.dated import operator_day
from billing.dunning.facts import debt_of, with_facts
from billing.dunning.models import CollectionFile, DunningStep
from billing.dunning.plans import plan_of, schedule_of
from billing.dunning.schedule import Decision, decide
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState


def find_invoice(public_id: str) -> Any:
    """An issued invoice of the operator in scope with what the ladder asks, or 404."""
    rows = Invoice.objects.filter(kind=InvoiceKind.INVOICE).exclude(state=InvoiceState.DRAFT)
    return get_object_or_404(
        with_facts(rows.select_related("account", "seller", "operator")), public_id=public_id
    )


def decision_of(invoice: Any) -> Decision | None:
    """Where the invoice stands on its operator's ladder; None in another currency."""
    plan = plan_of(invoice.operator)
    if plan.currency != invoice.currency or invoice.due_on is None:
        return None
    today = operator_day(invoice.operator)
    return decide(debt_of(invoice, today), schedule_of(plan), today)


def collection_files() -> Any:
    """Files for the collection agency without their content, the latest first."""
    return CollectionFile.objects.defer("content").order_by("-created_at", "-id")


def find_step(public_id: str) -> DunningStep:
    """A step of the operator in scope, or 404."""
    rows = DunningStep.objects.select_related("invoice__seller", "account")
    step: DunningStep = get_object_or_404(rows, public_id=public_id)
    return step


def find_letter(public_id: str) -> DunningStep:
    """A step that wrote a letter, or 404."""
    step = find_step(public_id)
    if not step.letter:
        raise Http404
    return step
