"""What matching found, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.bank_models import BankTransaction
from billing.payments.models import Payment

_REASONS: Final[dict[str, Promise]] = {
    "booked_before": gettext_lazy("This payment was booked before."),
    "zero": gettext_lazy("The amount is zero."),
    "money_out": gettext_lazy("The money went out."),
    "same_amount_and_reference": gettext_lazy("One payment has this amount and reference."),
    "no_such_payment": gettext_lazy("No payment has this amount and reference."),
    "several_such_payments": gettext_lazy("Several payments have this amount and reference."),
    "reference": gettext_lazy("The reference names invoice %(about)s."),
    "reference_in_text": gettext_lazy("The message names invoice %(about)s."),
    "reference_not_found": gettext_lazy("The reference %(about)s is right but names nothing here."),
    "reference_wrong": gettext_lazy("The reference %(about)s has a wrong check digit."),
    "fixed_reference": gettext_lazy("The reference is this customer's own."),
    "disputed": gettext_lazy("Invoice %(about)s is disputed."),
    "disputed_in_the_way": gettext_lazy("The disputed invoice %(about)s comes first."),
    "several_customers": gettext_lazy("The references are of several customers."),
    "other_currency": gettext_lazy("The invoice is in another currency."),
    "not_their_sum": gettext_lazy("Of the invoices that it names %(about)s is open together."),
    "nothing_open": gettext_lazy("The customer owes nothing."),
    "amount_and_name": gettext_lazy("One open invoice has this amount and this payer's name."),
    "amount": gettext_lazy("One open invoice has this amount."),
    "name": gettext_lazy("The payer has the name of a customer: %(about)s."),
    "several_of_amount": gettext_lazy("Several open invoices have this amount."),
    "nothing_found": gettext_lazy("Neither reference, amount nor name lead to a customer."),
}
_OUTCOMES: Final[dict[str, Promise]] = {
    "full": gettext_lazy("Pays all that it names"),
    "partial": gettext_lazy("Pays a part"),
    "over": gettext_lazy("More than is owed"),
    "duplicate": gettext_lazy("Paid before"),
    "known": gettext_lazy("Booked before"),
    "reversed": gettext_lazy("Takes a payment back"),
    "several": gettext_lazy("Names several"),
    "unknown": gettext_lazy("Nobody known"),
    "nothing": gettext_lazy("Nothing to book"),
}


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal with the rows that it names."""

    outcome: str
    reasons: list[str]
    account: BillingAccount | None
    parts: list[tuple[Invoice, Decimal]]
    rest: Decimal
    takes_back: Payment | None

    @property
    def can_be_accepted(self) -> bool:
        """Whether there is something to book."""
        return self.account is not None or self.takes_back is not None


def shown_proposal(row: BankTransaction) -> ShownProposal | None:
    """What matching found about a transaction; None before it was matched."""
    given: dict[str, Any] = row.proposal
    if not given:
        return None
    amounts = {one["invoice"]: Decimal(one["amount"]) for one in given["parts"]}
    invoices = Invoice.objects.filter(public_id__in=list(amounts)).order_by("due_on", "pk")
    account = BillingAccount.objects.filter(public_id=given["account"] or "-").first()
    back = Payment.objects.filter(public_id=given["takes_back"] or "-").first()
    return ShownProposal(
        outcome=str(_OUTCOMES.get(given["outcome"], given["outcome"])),
        reasons=[reason_words(one["code"], one["about"]) for one in given["reasons"]],
        account=account,
        parts=[(one, amounts[one.public_id]) for one in invoices],
        rest=Decimal(given["rest"]),
        takes_back=back,
    )


def reason_words(code: str, about: str) -> str:
    """A reason as a sentence."""
    words = _REASONS.get(code)
    if words is None:
        return _("Unknown reason: %(code)s") % {"code": code}
    return str(words) % {"about": about}
