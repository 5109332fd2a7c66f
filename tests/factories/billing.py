"""Billing accounts, price groups and fees for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup, PriceGroupMembership
from billing.sellers.models import Seller, SiteContract
from billing.sellers.series_services import give_default_series
from core.accounts.models import Operator
from core.ids import public_id
from core.tenancy.scopes import across_operators, operator_scope
from stations.sites.models import Site
from tests.factories.core import number


def make_account(*, operator: Operator, **fields: Any) -> BillingAccount:
    """An active account of a person."""
    values = {"name": f"Account {number()}", "public_id": public_id("acc")} | fields
    with across_operators("tests make rows of any operator"):
        account: BillingAccount = BillingAccount.objects.create(operator=operator, **values)
    return account


def make_price_group(*, operator: Operator, **fields: Any) -> PriceGroup:
    """A price group of consumers."""
    values = {"name": f"Group {number()}", "public_id": public_id("pg")} | fields
    with across_operators("tests make rows of any operator"):
        group: PriceGroup = PriceGroup.objects.create(operator=operator, **values)
    return group


def make_membership(
    account: BillingAccount, group: PriceGroup, **fields: Any
) -> PriceGroupMembership:
    """The account in the group, always unless told."""
    with across_operators("tests make rows of any operator"):
        row: PriceGroupMembership = PriceGroupMembership.objects.create(
            operator=account.operator, account=account, price_group=group, **fields
        )
    return row


def make_fee(account: BillingAccount, **fields: Any) -> Fee:
    """A monthly fee of 100 since 2026."""
    values = {
        "public_id": public_id("fee"),
        "kind": "subscription",
        "name": f"Fee {number()}",
        "amount": Decimal(100),
        "currency": account.currency,
        "starts_on": date(2026, 1, 1),
    } | fields
    with across_operators("tests make rows of any operator"):
        fee: Fee = Fee.objects.create(operator=account.operator, account=account, **values)
    return fee


def make_seller(*, operator: Operator, **fields: Any) -> Seller:
    """A seller with the usual number series; the operator's first one is its default."""
    values = {
        "name": f"Laddnät {number()} AB",
        "organisation_number": "556703-7485",
        "vat_number": "SE556703748501",
        "address": "Västra Varvsgatan 12",
        "postal_code": "211 74",
        "city": "Malmö",
        "registered_office": "Malmö",
        "bankgiro": "5050-1055",
    } | fields
    with operator_scope(operator):
        is_first = not Seller.objects.filter(is_default=True).exists()
        values.setdefault("is_default", is_first and not values.get("is_host"))
        seller: Seller = Seller.objects.create(
            operator=operator, public_id=public_id("sel"), **values
        )
        give_default_series(seller)
    return seller


def make_contract(site: Site, **fields: Any) -> SiteContract:
    """The operator sells at the site, always unless told."""
    values = {"form": "operator_sells"} | fields
    with across_operators("tests make rows of any operator"):
        row: SiteContract = SiteContract.objects.create(operator=site.operator, site=site, **values)
    return row
