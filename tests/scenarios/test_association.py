"""A housing association under each form of site contract, registered for VAT and not: who stands
on the invoice, what VAT there is, and what the association gets.

A resident charges 50 kWh at 5 kronor with VAT of 25 %: 250 kronor, 50 of them VAT where the
seller is registered. Many associations are not: below 120 000 kronor a year nobody has to be.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from billing.invoices.models import Invoice
from billing.invoices.runs import change_rules, plan_run, work_run
from billing.sellers.contract_services import set_contract
from billing.sellers.models import Seller
from customers.basis.models import BasisRow, ChargingBasis
from customers.basis.sending import send_waiting
from customers.basis.services import freeze_basis
from customers.residents.final_bills import make_final_bills
from customers.residents.moving import move_out
from customers.residents.services import create_resident
from customers.tokens.models import IdToken
from tests.factories.billing import make_account, make_seller
from tests.scenarios.town import BEGINNING, Town

D = Decimal
SEPTEMBER = BEGINNING.replace(month=9)


def _association(town: Town, is_registered: bool) -> Seller:
    return make_seller(
        operator=town.operator, is_host=True, name="Brf Solsidan", bankgiro="5051-1053",
        organisation_number="769600-0006", is_vat_registered=is_registered,
        vat_number="SE769600000601" if is_registered else "",
    )  # fmt: skip


def _september(town: Town, *, account: bool) -> IdToken:
    """Ada has charged 50 kWh on the 3rd of September."""
    town.opens()
    payer = make_account(operator=town.operator, name="Ada Ek") if account else None
    create_resident(
        site=town.station.site, name="Ada Ek", apartment="1203", bay="P17", account=payer,
        tokens=["04D1A0"], valid_from_on=BEGINNING,
    )  # fmt: skip
    card: IdToken = IdToken.objects.get()
    assert card.driver is not None
    town.on("2026-09-03", 20)
    town.charges(card, 50_000, driver=card.driver.public_id)
    town.on("2026-10-02")
    return card


def _invoiced_by(town: Town, seller: Seller) -> Invoice:
    """The seller's run of September; there is one invoice."""
    change_rules(seller=seller, bills_from_on=BEGINNING)
    period, now = (SEPTEMBER, SEPTEMBER.replace(day=30)), timezone.now()
    work_run(plan_run(seller=seller, period=period, now=now, issues_alone=True), now=now)
    found: Invoice = Invoice.objects.get()
    return found


@pytest.mark.parametrize("is_registered", [True, False])
def test_the_operator_sells_with_its_own_vat_whatever_the_association_is(
    town: Town, is_registered: bool
) -> None:
    set_contract(
        site=town.station.site, form="operator_sells", from_on=None, seller=town.seller,
        host=_association(town, is_registered), host_is_vat_registered=is_registered,
        self_billing_agreed_on=BEGINNING,
    )  # fmt: skip
    _september(town, account=True)

    invoice = _invoiced_by(town, town.seller)

    assert invoice.seller == town.seller
    assert invoice.seller_snapshot["bankgiro"] == "5050-1055"
    assert (invoice.net, invoice.tax, invoice.gross) == (D(200), D(50), D(250))
    assert not ChargingBasis.objects.exists()
    assert town.agrees() == {"1510": D(250), "3001": D(-200), "2611": D(-50)}


@pytest.mark.parametrize(
    ("is_registered", "net", "tax", "category"), [(True, 200, 50, "S"), (False, 250, 0, "E")]
)
def test_the_host_sells_in_its_own_name_and_gets_all_with_vat_only_if_registered(
    town: Town, is_registered: bool, net: int, tax: int, category: str
) -> None:
    host = _association(town, is_registered)
    set_contract(site=town.station.site, form="host_sells", from_on=None, host=host)
    _september(town, account=True)

    invoice = _invoiced_by(town, host)

    assert invoice.seller == host
    assert invoice.number.endswith("1")  # of the association's own series
    assert invoice.seller_snapshot["name"] == "Brf Solsidan"
    assert invoice.seller_snapshot["bankgiro"] == "5051-1053"  # paid to the association itself
    assert (invoice.net, invoice.tax, invoice.gross) == (D(net), D(tax), D(250))
    taxed = invoice.taxes.get()
    assert (taxed.category, taxed.tax) == (category, D(tax))
    assert bool(taxed.reason) is not is_registered


@pytest.mark.parametrize(("is_registered", "net", "tax"), [(True, 200, 50), (False, 250, 0)])
def test_where_nobody_invoices_the_association_gets_it_with_the_rent(
    town: Town, is_registered: bool, net: int, tax: int
) -> None:
    host = _association(town, is_registered)
    set_contract(
        site=town.station.site, form="not_invoiced", from_on=None, host=host,
        host_is_vat_registered=is_registered, basis_email="forvaltare@example.com",
    )  # fmt: skip
    _september(town, account=False)

    (basis,) = freeze_basis(site=town.station.site, month_on=SEPTEMBER, now=timezone.now())
    send_waiting(now=timezone.now())

    row = BasisRow.objects.get()
    assert (row.apartment, row.bay, row.name, row.energy_wh) == ("1203", "P17", "Ada Ek", D(50_000))
    assert (basis.net, basis.tax, basis.gross) == (D(net), D(tax), D(250))
    assert basis.is_taxed is is_registered
    assert mail.outbox[0].to == ["forvaltare@example.com"]
    assert ";1203;P17;Ada Ek;50,000;1;250,00\r\n" in mail.outbox[0].attachments[0][1]
    change_rules(seller=town.seller, bills_from_on=BEGINNING)
    town.invoices("2026-09")
    assert not Invoice.objects.exists()


def test_who_moves_out_gets_a_final_bill_from_the_association(town: Town) -> None:
    host = _association(town, is_registered=False)
    set_contract(site=town.station.site, form="host_sells", from_on=None, host=host)
    change_rules(seller=host, bills_from_on=BEGINNING, issues_alone=True)
    card = _september(town, account=True)
    assert card.driver is not None
    resident = card.driver.residences.get()

    move_out(resident=resident, last_on=town.today(), ends_tokens=True)
    now = town.on("2026-10-03")
    make_final_bills(now=now)
    resident.refresh_from_db()
    (run,) = host.runs.all()
    work_run(run, now=now)

    invoice = Invoice.objects.get()
    assert (invoice.seller, invoice.gross, invoice.tax) == (host, D(250), D(0))
    assert (resident.final_bill, resident.final_runs) == ("made", [run.public_id])
    card.refresh_from_db()
    assert card.shown_status == "expired"
