"""Who hosts some of the demo's sites, and what they earn there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from billing.accounts.models import BillingAccount
from billing.sellers.contract_services import set_contract
from billing.sellers.models import ContractForm, Seller
from billing.sellers.services import create_seller
from billing.settlement.term_models import Direction, TermKind
from billing.settlement.term_services import NewTerm, NewTerms, set_terms
from core.accounts.models import Operator
from core.ids import public_id
from core.months import first_day, month_before
from core.tenancy.scopes import operator_scope
from stations.sites.models import MembershipSite, Site

MONTHS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHost:
    """A host with its terms: kind, who pays, rate."""

    name: str
    number: str
    bankgiro: str
    is_registered: bool
    has_agreed: bool
    terms: tuple[tuple[str, str, str], ...]


_TO_HOST: Final = Direction.TO_HOST.value
HOSTS: Final = (
    # The association that a person of the demo belongs to: too little to be paid out yet.
    DemoHost(
        name="Brf Solgläntan", number="769618-4501", bankgiro="512-3401", is_registered=False,
        has_agreed=False, terms=((TermKind.PER_SESSION, _TO_HOST, "0.50"),),
    ),
    DemoHost(
        name="Fastighets AB Kronan", number="556449-0109", bankgiro="587-1124",
        is_registered=True, has_agreed=True,
        terms=(
            (TermKind.SHARE_ENERGY, _TO_HOST, "30"),
            (TermKind.ENERGY_COST, _TO_HOST, "100"),
            (TermKind.PER_MONTH, Direction.TO_OPERATOR.value, "295"),
        ),
    ),
    DemoHost(
        name="Handelsparken i Sverige AB", number="559011-2701", bankgiro="539-0216",
        is_registered=True, has_agreed=False, terms=((TermKind.SHARE_ALL, _TO_HOST, "12.5"),),
    ),
)  # fmt: skip


def write_hosts(slugs: list[str], today: date) -> int:
    """Contracts and terms since three months ago; returns how many sites have a host."""
    first = first_day(today)
    for _n in range(MONTHS):
        first = month_before(first)
    count = 0
    for operator in Operator.objects.filter(slug__in=slugs):
        with operator_scope(operator):
            for site, one in zip(_sites(operator), HOSTS, strict=False):
                _write(operator, site, one, first)
                count += 1
    return count


def _sites(operator: Operator) -> list[Site]:
    """The site that somebody of a host sees, then the first others."""
    seen = MembershipSite.objects.filter(membership__role="host", site__operator=operator)
    own = list(Site.objects.filter(pk__in=seen.values("site")).order_by("pk")[:1])
    others = Site.objects.exclude(pk__in=[one.pk for one in own]).order_by("pk")
    if not own:
        return list(others[: len(HOSTS)])
    return [*own, *others[: len(HOSTS) - 1]]


def _write(operator: Operator, site: Site, one: DemoHost, first: date) -> None:
    vat_number = f"SE{one.number.replace('-', '')}01" if one.is_registered else ""
    party = {"organisation_number": one.number, "vat_number": vat_number, "address": "Torget 3"}
    town = {"postal_code": "111 22", "city": site.city or "Stockholm"}
    host = create_seller(
        operator=operator, name=one.name, is_host=True, is_vat_registered=one.is_registered,
        bankgiro=one.bankgiro, email=f"ekonomi@{one.number[:6]}.example", reason="demo",
        **party, **town,
    )  # fmt: skip
    set_contract(
        site=site, form=ContractForm.OPERATOR_SELLS, from_on=first,
        seller=Seller.objects.get(is_default=True), host=host,
        host_is_vat_registered=one.is_registered,
        self_billing_agreed_on=first if one.has_agreed else None, reason="demo",
    )  # fmt: skip
    account = BillingAccount.objects.create(
        operator=operator, public_id=public_id("acc"), kind="company", name=one.name,
        currency=operator.currency, **party, **town,
    )  # fmt: skip
    lines = [NewTerm(kind=kind, direction=way, rate=Decimal(rate)) for kind, way, rate in one.terms]
    new = NewTerms(lines=lines, currency=operator.currency, fee_account=account)
    set_terms(site=site, host=host, from_on=first, new=new, reason="demo")
