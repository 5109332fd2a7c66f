"""Reading billing accounts and price groups."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from billing.accounts.dated import LATEST_FIRST, holding_on
from billing.accounts.models import BillingAccount, PriceGroup, PriceGroupMembership
from core.errors import InvalidInput


def every_account() -> QuerySet[BillingAccount]:
    """All accounts of the operator in scope, by name."""
    rows: QuerySet[BillingAccount] = BillingAccount.objects.order_by("name", "id")
    return rows


def accounts() -> QuerySet[BillingAccount]:
    """Those that lists show: not of people who began to pay and never did."""
    return every_account().filter(is_provisional=False)


def account_named(ref: str) -> BillingAccount:
    """The caller's own account; InvalidInput if there is none with this id."""
    found = accounts().filter(public_id=ref).first()
    if found is None:
        raise InvalidInput(
            "account", _("There is no billing account with this id."), field="account"
        )
    return found


def account_rows(
    today: date, rows: QuerySet[BillingAccount] | None = None
) -> QuerySet[BillingAccount]:
    """Accounts with ``group_name`` and ``group_ref`` of their price group on that day."""
    held = PriceGroupMembership.objects.filter(holding_on(today), account=OuterRef("pk"))
    held = held.order_by("-valid_from_on")
    return (accounts() if rows is None else rows).annotate(
        group_name=Subquery(held.values("price_group__name")[:1]),
        group_ref=Subquery(held.values("price_group__public_id")[:1]),
    )


def memberships_of(account: BillingAccount) -> QuerySet[PriceGroupMembership]:
    """The account's price groups, the latest first."""
    rows: QuerySet[PriceGroupMembership] = PriceGroupMembership.objects.filter(account=account)
    return rows.select_related("price_group").order_by(LATEST_FIRST, "-id")


def price_groups() -> QuerySet[PriceGroup]:
    """All price groups of the operator in scope, by name."""
    rows: QuerySet[PriceGroup] = PriceGroup.objects.order_by("name", "id")
    return rows


def price_group_rows(today: date) -> QuerySet[PriceGroup]:
    """Price groups with ``account_count`` on that day."""
    return price_groups().annotate(
        account_count=Count("memberships", filter=holding_on(today, "memberships__"), distinct=True)
    )


def open_price_groups() -> QuerySet[PriceGroup]:
    """Price groups that accounts can be put into."""
    return price_groups().filter(retired_on=None)


def find_account(ref: str) -> BillingAccount | None:
    """The account with this public id, or the only one with this name; None if not one."""
    text = ref.strip()
    if not text:
        return None
    found = list(accounts().filter(Q(public_id=text) | Q(name__iexact=text))[:2])
    return found[0] if len(found) == 1 else None


def search(queryset: QuerySet[BillingAccount], text: str) -> QuerySet[BillingAccount]:
    """Accounts by name, numbers, references, e-mail or public id."""
    bare = text.replace(" ", "").replace("-", "")
    found = (
        Q(name__icontains=text)
        | Q(organisation_number__icontains=text)
        | Q(vat_number__icontains=bare)
        | Q(emails__icontains=text)
        | Q(buyer_reference__icontains=text)
        | Q(order_number__icontains=text)
        | Q(peppol_address__icontains=bare)
        | Q(public_id=text)
    )
    if bare.isdigit() and len(bare) > 3:
        found |= Q(organisation_number__startswith=f"{bare[:6]}-{bare[6:]}" if bare[6:] else bare)
    return queryset.filter(found)


def members_of(group: PriceGroup, today: date) -> QuerySet[BillingAccount]:
    """The accounts that are in the group on that day, by name."""
    held = PriceGroupMembership.objects.filter(holding_on(today), price_group=group)
    return accounts().filter(pk__in=held.order_by().values("account_id"))
