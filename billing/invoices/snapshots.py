"""Seller and buyer as they were on the day of issue, kept on the invoice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billing.accounts.models import BillingAccount
from billing.invoices.document_parts import Party, Payment
from billing.sellers.models import Seller

_WAYS: Final = ("bankgiro", "plusgiro", "iban", "bic", "swish")
_PARTY: Final = (
    "name",
    "postal_code",
    "city",
    "country_code",
    "organisation_number",
    "vat_number",
    "peppol_address",
    "email",
    "phone",
    "website",
    "registered_office",
    "has_f_tax",
    "customer_number",
)


def seller_snapshot(seller: Seller) -> dict[str, Any]:
    """What an invoice says of its seller, its ways to be paid and its terms."""
    interest = seller.late_interest_percent
    return {name: getattr(seller, name) for name in _PARTY if name != "customer_number"} | {
        "id": seller.public_id,
        "address": [seller.address] if seller.address else [],
        "is_vat_registered": seller.is_vat_registered,
        "late_interest_percent": "" if interest is None else format(interest.normalize(), "f"),
        **{name: getattr(seller, name) for name in _WAYS},
    }


def buyer_snapshot(account: BillingAccount) -> dict[str, Any]:
    """What an invoice says of its buyer, and the references that the buyer asked for."""
    return {
        "id": account.public_id,
        "kind": account.kind,
        "name": account.name,
        "organisation_number": account.organisation_number,
        "vat_number": account.vat_number,
        "address": [line for line in (account.address, account.address_extra) if line],
        "postal_code": account.postal_code,
        "city": account.city,
        "country_code": account.country_code,
        "peppol_address": account.peppol_address,
        "email": account.emails[0] if account.emails else "",
        "emails": list(account.emails),
        "customer_number": str(account.pk),
        "buyer_reference": account.buyer_reference,
        "order_number": account.order_number,
        "terms_days": account.payment_terms_days,
    }


def party_of(snapshot: Mapping[str, Any]) -> Party:
    """The party that a snapshot describes."""
    known = {name: snapshot[name] for name in _PARTY if name in snapshot}
    return Party(address=tuple(snapshot.get("address", ())), **known)


def payment_of(snapshot: Mapping[str, Any], ocr: str) -> Payment:
    """The seller's ways to be paid, with the reference to give."""
    return Payment(ocr=ocr, **{name: snapshot.get(name, "") for name in _WAYS})
