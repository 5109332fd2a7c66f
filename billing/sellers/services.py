"""Writing sellers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.sellers.models import ContractForm, Seller, SiteContract
from billing.sellers.series_services import give_default_series
from billing.sellers.values import checked_seller
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id


@transaction.atomic
def create_seller(*, operator: Operator, reason: str = "", **values: Any) -> Seller:
    """Add a seller with the usual number series; the first of its own becomes the default.

    Refuses numbers and addresses that cannot be right.
    """
    own = {"country_code": operator.country_code}
    found = checked_seller(own | values, country_code=operator.country_code)
    seller = Seller(operator=operator, public_id=public_id("sel"), **found)
    # One after the other: two first sellers are not both the default.
    Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    seller.is_default = not seller.is_host and not _default_of(operator.pk).exists()
    _check(seller)
    seller.save()
    give_default_series(seller)
    after = found | {"is_default": seller.is_default}
    record("seller.create", seller, operator_id=operator.pk, after=after, reason=reason)
    return seller


@transaction.atomic
def change_seller(*, seller: Seller, reason: str = "", **values: Any) -> Seller:
    """Change what is given; issued invoices keep what they said."""
    seller = Seller.objects.select_for_update().get(pk=seller.pk)
    found = checked_seller(values, country_code=seller.country_code)
    before, after = apply_changes(seller, found)
    if not after:
        return seller
    if "country_code" in after:
        numbers = {name: getattr(seller, name) for name in ("organisation_number", "vat_number")}
        checked_seller(numbers, country_code=seller.country_code)
    if "is_host" in after:
        _refuse_used_as_other(seller)
    _check(seller)
    seller.save()
    record(
        "seller.change",
        seller,
        operator_id=seller.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return seller


def _default_of(operator_id: int) -> QuerySet[Seller]:
    found: QuerySet[Seller] = Seller.objects.filter(operator_id=operator_id, is_default=True)
    return found


def _check(seller: Seller) -> None:
    seller.clean_fields()
    if not seller.is_vat_registered and seller.vat_number:
        raise InvalidInput(
            "vat_number_unregistered",
            _("Who is not registered for VAT has no VAT number."),
            field="vat_number",
        )


def _refuse_used_as_other(seller: Seller) -> None:
    used = SiteContract.objects.filter(seller=seller) | SiteContract.objects.filter(host=seller)
    if seller.is_default or used.exists():
        raise RuleViolation(
            "seller_in_use",
            _("The seller is the default one or stands in a site contract."),
            field="is_host",
        )


@transaction.atomic
def make_default(*, seller: Seller, reason: str = "") -> Seller:
    """Let this one sell where no site contract says otherwise; refuses hosts and retired ones."""
    if seller.is_host or seller.retired_on:
        raise RuleViolation(
            "seller_not_own", _("Only an active seller of the operator's own can be the default.")
        )
    Operator.objects.select_for_update(no_key=True).get(pk=seller.operator_id)
    old = _default_of(seller.operator_id).first()
    if old == seller:
        raise RuleViolation("nothing_changes", _("It is so already."))
    _default_of(seller.operator_id).update(is_default=False)
    Seller.objects.filter(pk=seller.pk).update(is_default=True)
    seller.refresh_from_db()
    record(
        "seller.default",
        seller,
        operator_id=seller.operator_id,
        before={"default": old.name if old else None},
        after={"default": seller.name},
        reason=reason,
    )
    return seller


@transaction.atomic
def retire_seller(*, seller: Seller, on: date, reason: str) -> Seller:
    """Take a seller out of use; refuses the default one and one that still sells at a site."""
    seller = Seller.objects.select_for_update().get(pk=seller.pk)
    selling = SiteContract.objects.filter(seller=seller).exclude(valid_until_on__lt=on)
    if seller.is_default or selling.exclude(form=ContractForm.NOT_INVOICED).exists():
        raise RuleViolation(
            "seller_in_use", _("The seller is the default one or sells at a site still.")
        )
    if seller.retired_on is not None:
        raise RuleViolation("nothing_changes", _("It is so already."))
    seller.retired_on = on
    seller.save(update_fields=["retired_on", "updated_at"])
    record(
        "seller.retire",
        seller,
        operator_id=seller.operator_id,
        before={"retired_on": None},
        after={"retired_on": on},
        reason=reason,
    )
    return seller
