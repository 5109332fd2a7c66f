"""Orders to the bank that a seller pays: files (pain.001), and the ids that banks give back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from billing.payments.bank.pain001 import Debtor, Payout, PayoutError, write_pain001
from billing.sellers.models import Seller
from core.errors import RuleViolation


def bank_id(public_id: str) -> str:
    """A public id in the signs that banks take."""
    return public_id.replace("_", "-")


def write_order(
    seller: Seller, payouts: Sequence[Payout], *, public_id: str, now: datetime
) -> bytes:
    """The file by which the seller's bank pays; refuses what a bank would refuse."""
    if not seller.iban:
        raise RuleViolation("seller_iban", _("The seller has no IBAN to pay from."))
    debtor = Debtor(
        name=seller.name,
        organisation_number=seller.organisation_number,
        iban=seller.iban,
        bic=seller.bic,
    )
    try:
        return write_pain001(payouts, debtor=debtor, message_id=bank_id(public_id), created_at=now)
    except PayoutError as error:
        raise RuleViolation(
            f"payout_{error.code}",
            _("The file would be refused by the bank: %(what)s") % {"what": str(error)},
        ) from error
