"""The letter of a step, in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.dunning.schedule import Step
from billing.invoices.models import Invoice
from core.ui import units


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written; both empty for steps without a letter."""

    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What is asked for."""

    owed: Decimal
    fee: Decimal
    interest: Decimal
    earlier: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.owed + self.fee + self.interest + self.earlier


def write_letter(
    step: Step, invoice: Invoice, sums: Sums, *, today: date, pay_by: date | None, language: str
) -> Letter:
    """A reminder or a demand; other steps have no letter."""
    if step not in (Step.REMINDER, Step.FEE_REMINDER, Step.DEMAND):
        return Letter()
    with translation.override(language):
        subject = _subject(step) % {"number": invoice.number}
        return Letter(subject[:200], "\n".join(_lines(step, invoice, sums, today, pay_by)))


def _subject(step: Step) -> str:
    if step is Step.DEMAND:
        return _("Collection demand: invoice %(number)s")
    return _("Reminder: invoice %(number)s")


def _lines(step: Step, invoice: Invoice, sums: Sums, today: date, pay_by: date | None) -> list[str]:
    account, seller = invoice.account, invoice.seller
    due = date_format(invoice.due_on or today)

    def money(amount: Decimal) -> str:
        return units.money(amount, invoice.currency)

    lines = [account.name, *account.address_lines, ""] if account else []
    lines += [date_format(today), ""]
    lines += [_opening(step) % {"number": invoice.number, "due": due}, ""]
    owed = {"number": invoice.number, "amount": money(sums.owed)}
    lines.append(_("Invoice %(number)s: %(amount)s") % owed)
    for label, amount in (
        (_("Fee or compensation"), sums.fee),
        (_("Late interest"), sums.interest),
        (_("Earlier fees and interest"), sums.earlier),
    ):
        if amount:
            lines.append(f"{label}: {money(amount)}")
    lines += [_("To pay: %(amount)s") % {"amount": money(sums.total)}, ""]
    lines.append(_("Reference (OCR): %(ocr)s") % {"ocr": invoice.ocr or invoice.number})
    for label, number in (("Bankgiro", seller.bankgiro), ("IBAN", seller.iban),
                          ("Swish", seller.swish)):  # fmt: skip
        if number:
            lines.append(f"{label}: {number}")
    lines.append("")
    if pay_by is not None:
        lines += [
            _("If you do not pay by %(day)s, the debt may be handed over for collection, which "
              "costs more. If you dispute it, tell us before that day.")
            % {"day": date_format(pay_by)},
            "",
        ]  # fmt: skip
    lines += [_("If you have paid in the meantime, you need not mind this letter."), ""]
    contact = " · ".join(filter(None, (seller.name, seller.organisation_number, seller.email,
                                       seller.phone)))  # fmt: skip
    return [*lines, contact]


def _opening(step: Step) -> str:
    if step is Step.DEMAND:
        return _(
            "In spite of our reminders invoice %(number)s, due on %(due)s, is not paid. "
            "This is a demand for payment under the Debt Recovery Act."
        )
    return _("Invoice %(number)s was due on %(due)s and has not been paid, as far as we can see.")
