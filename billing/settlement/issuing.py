"""Issuing statements: the documents that go with them, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.energy.models import EnergyCost
from billing.energy.services import mark_settled
from billing.invoices.manual_services import create_manual_item
from billing.settlement.facts import COST_KEY, cost_of
from billing.settlement.models import Route, Statement, StatementLine, StatementState
from billing.settlement.preparing import prepare
from billing.settlement.self_billing import bill_itself, taxes_of
from billing.settlement.webhooks import ISSUED, tell
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation

TAX_TOLERANCE: Final = Decimal("1.00")
"""Hosts round their invoices in their own way."""


def issue_seen(*, statement: Statement, reason: str = "") -> Statement:
    """Issue a draft as it was looked at; one that no longer holds is made anew, and refused."""
    try:
        return issue_statement(statement=statement, reason=reason)
    except RuleViolation as refusal:
        if refusal.code == "stale_draft":
            prepare(statement.site_id, statement.host_id)
        raise


@transaction.atomic
def issue_statement(
    *, statement: Statement, reason: str = "", now: datetime | None = None
) -> Statement:
    """Issue a draft with what belongs to it: a self-billing invoice where that was agreed, items
    for what the host owes, and earlier sums below zero that it takes over.

    Refuses a draft whose facts have changed since it was prepared (it is made anew first), one
    that an earlier draft stands before, and documents that a party lacks details for.
    """
    now = now or timezone.now()
    seen = statement.digest
    drafts = prepare(statement.site_id, statement.host_id, now=now)
    fresh = next((one for one in drafts if one.pk == statement.pk), None)
    if fresh is None:
        raise RuleViolation("not_a_draft", _("The statement is issued already, or gone."))
    if fresh.digest != seen:
        raise RuleViolation(
            "stale_draft", _("What is settled has changed. Look at the draft again, then issue it.")
        )
    if fresh.pk != drafts[0].pk:
        raise RuleViolation(
            "earlier_draft", _("An earlier period of this host is to be issued first.")
        )
    lines = list(fresh.lines.select_related("fee_account", "statement").order_by("position"))
    _bill_fees(fresh, lines, now)
    fresh.issued_on, fresh.issued_at = operator_day(fresh.operator, now), now
    fresh.issued_label, fresh.state = current_actor.get().label[:200], StatementState.ISSUED
    if fresh.route == Route.SELF_BILLING:
        _bill_itself(fresh, lines, now)
    if fresh.route == Route.STATEMENT:
        fresh.owed_on = fresh.issued_on
    fresh.save()
    _settle_costs(fresh)
    carried = [line.carries_id for line in lines if line.carries_id]
    Statement.objects.filter(pk__in=carried).update(carried_by=fresh)
    record(
        "statement.issue",
        fresh,
        operator_id=fresh.operator_id,
        after={
            "route": fresh.route,
            "net": fresh.net,
            "tax": fresh.tax,
            "gross": fresh.gross,
            "fees": fresh.fee_net,
            "invoice": fresh.invoice.number if fresh.invoice else "",
        },
        reason=reason,
    )
    tell(ISSUED, [fresh], now=now)
    return fresh


def _settle_costs(statement: Statement) -> None:
    """The costs of energy in it stay as they are from now on; those that an earlier host of the
    month shares do so already."""
    keys = statement.items.filter(key__startswith=COST_KEY).values_list("key", flat=True)
    costs = EnergyCost.objects.filter(pk__in=[cost_of(key) for key in keys], settled_in="")
    mark_settled(costs=list(costs), statement=statement.public_id)


def _bill_itself(statement: Statement, lines: Sequence[StatementLine], now: datetime) -> None:
    agreed = statement.self_billing_agreed_on
    if agreed is None or (statement.issued_on and agreed > statement.issued_on):
        raise RuleViolation("not_agreed", _("Self-billing is agreed for later days only."))
    own = [line for line in lines if line.direction == "to_host" and line.amount]
    invoice = bill_itself(statement, own, now=now)
    statement.invoice, statement.owed_on = invoice, statement.issued_on
    statement.tax, statement.gross = invoice.tax, invoice.gross


def _bill_fees(statement: Statement, lines: Sequence[StatementLine], now: datetime) -> None:
    """What the host owes goes onto its account's next invoice."""
    for line in lines:
        if line.direction != "to_operator" or not line.amount:
            continue
        if line.fee_account is None:
            raise RuleViolation("fee_account", _("The terms name no account for the host's fees."))
        with translation.override(line.fee_account.language):
            text = _("%(what)s, %(site)s, %(from)s–%(until)s") % {
                "what": line,
                "site": statement.site,
                "from": line.from_on,
                "until": line.until_on,
            }
        line.manual_item = create_manual_item(
            account=line.fee_account,
            seller=statement.seller,
            description=text[:300],
            due_on=operator_day(statement.operator, now),
            quantity=Decimal(-1 if line.amount < 0 else 1),
            unit_price=abs(line.amount),
            tax_percent=line.tax_percent,
            site=statement.site,
        )
        line.save(update_fields=["manual_item"])


@transaction.atomic
def record_host_invoice(
    *,
    statement: Statement,
    number: str,
    invoiced_on: date,
    net: Decimal,
    tax: Decimal,
    now: datetime | None = None,
) -> Statement:
    """Note the invoice that a host sent for an issued statement; from then on it is owed.

    Refuses a second one, days to come, another net amount than the statement's, and VAT that is
    not what the statement's rates make.
    """
    row: Statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if row.is_draft or row.route != Route.HOST_INVOICE or row.owed_on is not None:
        raise RuleViolation("no_invoice_awaited", _("No invoice of the host is awaited."))
    number = " ".join(number.replace("\x00", "").split())
    if not number:
        raise InvalidInput("number", _("Enter the number of the invoice."), field="number")
    if invoiced_on > operator_day(row.operator, now or timezone.now()):
        raise InvalidInput("day", _("The day lies ahead."), field="invoiced_on")
    if net != row.net:
        raise InvalidInput(
            "other_amount",
            _("The statement says %(net)s without VAT; ask the host for another invoice.")
            % {"net": row.net.quantize(Decimal("0.01"))},
            field="net",
        )
    lines = [one for one in row.lines.order_by("position") if one.direction == "to_host"]
    expected = taxes_of(row, [one for one in lines if one.amount])
    if tax < 0 or abs(tax - expected) > TAX_TOLERANCE:
        raise InvalidInput(
            "other_tax",
            _("The VAT should be %(tax)s.") % {"tax": expected},
            field="tax",
        )
    row.host_invoice_number, row.host_invoice_on = number, invoiced_on
    row.tax, row.gross, row.owed_on = tax, row.net + tax, invoiced_on
    row.save(update_fields=["host_invoice_number", "host_invoice_on", "tax", "gross", "owed_on"])
    record(
        "statement.host_invoice",
        row,
        operator_id=row.operator_id,
        after={"number": number, "invoiced_on": invoiced_on, "gross": row.gross},
    )
    return row
