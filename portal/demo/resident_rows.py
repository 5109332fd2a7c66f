"""Bays and residents of the demo's housing associations: one bills them itself, at the others the
operator does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db.models import Count
from django.db.models.fields.json import KT

from billing.sellers.contract_services import set_contract
from billing.sellers.models import ContractForm, SiteContract
from core.accounts.models import Operator
from core.months import first_day, month_before
from core.tenancy.scopes import operator_scope
from customers.drivers.models import Driver
from customers.residents.models import Resident
from customers.residents.moving import move_out
from customers.residents.services import create_bay, create_resident
from customers.selfservice.models import CustomerLogin
from portal.demo.host_rows import MONTHS
from stations.hardware.models import Evse
from stations.sessions.models import Session
from stations.sites.models import Site

HOMES: Final = 8
"""Residents with a bay in an association; the last one of them moves out."""


def write_residents(slugs: Iterable[str], today: date) -> int:
    """Write them for each operator; returns how many residents."""
    first = first_day(today)
    for _n in range(MONTHS):
        first = month_before(first)
    count = 0
    for operator in Operator.objects.filter(slug__in=list(slugs)):
        with operator_scope(operator):
            hosted = set(
                SiteContract.objects.filter(host__isnull=False).values_list("site", flat=True)
            )
            sites = list(Site.objects.filter(name__icontains="brf").order_by("pk"))
            alone = next((one for one in sites if one.pk not in hosted), None)
            if alone is not None:
                _let_bill_itself(alone, first)
            for site in sites:
                count += _write(site, first, today, is_invoiced=site != alone)
    return count


def _let_bill_itself(site: Site, first: date) -> None:
    """Nobody invoices there; the property manager is sent what each resident owes."""
    set_contract(
        site=site, form=ContractForm.NOT_INVOICED, from_on=first,
        basis_email="forvaltaren@fastighet.example", reason="demo",
    )  # fmt: skip


def _write(site: Site, first: date, today: date, *, is_invoiced: bool) -> int:
    evses = list(Evse.objects.filter(station__site=site).order_by("pk")[:HOMES])
    made: list[Resident] = []
    for at, driver in enumerate(_drivers(site)):
        evse = evses[at] if at < len(evses) else None
        bay = create_bay(site=site, name=f"P{at + 1}", evse=evse, reason="demo")
        link = driver.account_links.filter(valid_until_on=None).first() if is_invoiced else None
        one = create_resident(
            site=site, bay=bay, driver=driver, name=driver.name, email=driver.email,
            account=link.account if link else None,
            object_number=f"{101 + at}", apartment=f"{1001 + 100 * (at // 3) + at % 3}",
            valid_from_on=first - timedelta(days=200 + 31 * at), reason="demo",
        )  # fmt: skip
        made.append(one)
    # Where the operator invoices, the last one moves out when the past is told: a final bill is
    # issued today, after the invoices of the months before.
    if len(made) == HOMES and not is_invoiced:
        move_out(resident=made[-1], last_on=first_day(today) - timedelta(days=10), reason="demo")
    return len(made)


def _drivers(site: Site) -> list[Driver]:
    """Who charged there most, of those who live nowhere yet and do not log in."""
    counts = (
        Session.objects.filter(station__site=site)
        .order_by()
        .values(ref=KT("token_snapshot__driver"))
        .annotate(count=Count("pk"))
        .order_by("-count", "ref")
    )
    known = CustomerLogin.objects.filter(driver__isnull=False).values("driver")
    free = Driver.objects.filter(company=None, residences=None).exclude(pk__in=known)
    by_id = {one.public_id: one for one in free}
    return [by_id[row["ref"]] for row in counts if row["ref"] in by_id][:HOMES]
