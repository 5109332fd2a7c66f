"""Whose bank account a payment came to, and who owes what goes back."""

from __future__ import annotations

from django.db.models import Q

from billing.payments.bank.model import plain_account
from billing.sellers.models import Seller


def seller_of_bank_account(operator_id: int, bank_account: str) -> int | None:
    """The seller with this bankgiro, plusgiro, IBAN or Swish number; else the default seller."""
    wanted = plain_account(bank_account)
    default = None
    for seller in Seller.objects.filter(operator_id=operator_id).order_by("-is_default", "pk"):
        own = (seller.bankgiro, seller.plusgiro, seller.iban, seller.swish)
        if wanted and any(plain_account(number) == wanted for number in own if number):
            return int(seller.pk)
        if seller.is_default:
            default = int(seller.pk)
    return default


def owed_by(seller: Seller) -> Q:
    """Refunds of the seller's payments and credit notes; payments of no seller are the default
    seller's."""
    own = Q(payment__seller=seller) | Q(credit_note__seller=seller)
    if seller.is_default:
        own |= Q(payment__isnull=False, payment__seller=None)
    return own
