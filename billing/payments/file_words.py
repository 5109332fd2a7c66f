"""What is wrong with a bank's file, in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.payments.bank.model import BankFileError

_WORDS: Final[dict[str, Promise]] = {
    "truncated": gettext_lazy("The file ends before its last record; it was cut off."),
    "after_end": gettext_lazy("Something follows after the end of the file."),
    "no_start": gettext_lazy("The file does not begin as a BgMax file does."),
    "no_section": gettext_lazy("A payment stands outside a section."),
    "unknown_record": gettext_lazy("The file has a record that this format does not know."),
    "version": gettext_lazy("This version of the format is not known."),
    "no_deposit": gettext_lazy("A section has no deposit."),
    "bankgiro": gettext_lazy("The bankgiro number is missing or wrong."),
    "currency": gettext_lazy("The currency is not one that belongs here."),
    "no_payment": gettext_lazy("Details stand where there is no payment."),
    "deposit_sum": gettext_lazy("The deposit is not the sum of its payments."),
    "deposit_count": gettext_lazy("The deposit counts other payments than the file has."),
    "totals": gettext_lazy("The totals at the end do not agree with the payments."),
    "bad_number": gettext_lazy("A number cannot be read."),
    "bad_day": gettext_lazy("A day cannot be read."),
    "bad_amount": gettext_lazy("An amount cannot be read."),
    "other_document": gettext_lazy("The file is neither a camt.053 nor a camt.054."),
    "no_statements": gettext_lazy("The file has no statement in it."),
    "no_account": gettext_lazy("The account or Swish number is missing."),
    "no_amount": gettext_lazy("A payment has no amount."),
    "direction": gettext_lazy("It is not said whether the money came in or went out."),
    "entry_count": gettext_lazy("An entry counts other payments than it has."),
    "entry_sum": gettext_lazy("An entry is not the sum of its payments."),
    "balance": gettext_lazy("The balances do not agree with the payments between them."),
    "summary_count": gettext_lazy("The summary counts other entries than the file has."),
    "summary_sum": gettext_lazy("The summary's sum does not agree with the entries."),
    "transaction_twice": gettext_lazy("The same payment stands in the file twice."),
    "too_large": gettext_lazy("The file is too large."),
    "empty": gettext_lazy("The file is empty."),
    "not_text": gettext_lazy("This is no text file."),
    "not_csv": gettext_lazy("This is no CSV file that can be read."),
    "no_head": gettext_lazy(
        "The columns of day, amount, Swish number and reference were not found."
    ),
    "not_xml": gettext_lazy("This is no XML that can be read."),
    "doctype": gettext_lazy("A DOCTYPE is not accepted in files of banks."),
}


def refused(error: BankFileError) -> str:
    """Why a file is refused, with the place and what the file says there."""
    words = str(_WORDS.get(error.code, gettext_lazy("The file cannot be read.")))
    given = {"words": words, "at": error.at, "what": error.message}
    if error.at:
        return _("%(words)s Nothing of the file was taken over. Place: %(at)s (%(what)s).") % given
    return _("%(words)s Nothing of the file was taken over.") % given
