"""The seller that a new operator begins with."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.sellers.models import Seller
from billing.sellers.selectors import default_seller, missing_in
from billing.sellers.services import create_seller
from core.accounts.models import Operator
from core.operators.selectors import setup_of
from core.operators.steps import Step


def make_default_seller(operator: Operator) -> Seller:
    """The default seller, made of what the operator said of itself when there is none."""
    found = default_seller()
    if found is not None:
        return found
    setup = setup_of(operator)
    shared = (
        "organisation_number", "vat_number", "address", "postal_code", "city",
        "bankgiro", "iban", "bic",
    )  # fmt: skip
    values = {name: getattr(setup, name) for name in shared}
    return create_seller(
        operator=operator,
        name=setup.legal_name or operator.name,
        is_vat_registered=True,
        **values,
    )


def seller_steps(_operator: Operator) -> Iterable[Step]:
    """What is missing before invoices can be issued."""
    seller = default_seller()
    if seller is None:
        return [Step(_("Enter who sells"), reverse("seller_create"), False)]
    url = reverse("seller_detail", args=[seller.public_id])
    return [Step(_("Complete the default seller"), url, not missing_in(seller))]
