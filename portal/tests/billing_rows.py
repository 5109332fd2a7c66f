"""Rows of billing for the network of test pages."""

from __future__ import annotations

from typing import Any

from core.accounts.models import Operator
from core.files.store import keep
from stations.sessions.models import Session
from tests.factories.accounting import book_rows
from tests.factories.billing import (
    make_account,
    make_contract,
    make_fee,
    make_membership,
    make_price_group,
    make_seller,
)
from tests.factories.cards import card_rows
from tests.factories.dunning import dunning_rows
from tests.factories.energy import make_energy_cost
from tests.factories.invoices import make_delivery_of, make_issued, make_manual_item, make_run
from tests.factories.payments import (
    make_bank_file,
    make_bank_transaction,
    make_payout_file,
    make_refund,
)
from tests.factories.rating import make_held
from tests.factories.settlement import settlement_rows
from tests.factories.tariffs import (
    energy_document,
    make_assignment,
    make_notice,
    make_tariff,
    make_version,
)


def billing_rows(operator: Operator, mark: str) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    account = make_account(
        operator=operator, name=mark, vat_number="SE556703748501", emails=["a@example.com"]
    )
    group = make_price_group(operator=operator, name=mark)
    make_membership(account, group)
    fee = make_fee(account, name=mark, subject_kind="bay", subject_ref="7", subject_label=mark)
    session = Session.objects.filter(operator=operator).order_by("pk")[0]
    rated = make_held(session, account, mark)
    tariff = make_tariff(operator=operator, name=f"{mark} tariff", note=mark)
    make_version(tariff)
    make_version(tariff, energy_document(5), start=None, version=2)
    assignment = make_assignment(tariff, price_group=group)
    bank_file = make_bank_file(operator=operator, file_name=mark)
    transaction = make_bank_transaction(bank_file, payer_name=mark, state="work_list")
    seller = make_seller(operator=operator, name=mark, logo_path=keep(operator.pk, b"x", ".png"))
    make_contract(session.station.site, seller=seller, note=mark)
    notice, letter = make_notice(tariff, account)
    books = book_rows(seller, mark)
    refund = make_refund(account, name=mark)
    payout = make_payout_file(seller)
    invoice = make_issued(seller, account, text=mark)
    delivery = make_delivery_of(invoice, mark)
    run = make_run(seller, error=mark)
    manual = make_manual_item(seller, account, description=mark)
    settled = settlement_rows(operator, mark)
    return {
        **settled,
        "invoices": invoice,
        "invoice-deliveries": delivery,
        **books,
        "billing-runs": run,
        "manual-items": manual,
        "energy-costs": make_energy_cost(session.station.site, supplier=mark, note=mark),
        "bank-files": bank_file,
        "bank-transactions": transaction,
        "payments": refund.payment,
        "refunds": refund,
        "payout-files": payout,
        **card_rows(seller, account, invoice, mark),
        **dunning_rows(seller, account, mark),
        "sellers": seller,
        "account-maps": seller,
        "price-notices": notice,
        "price-notice-letters": letter,
        "billing-accounts": account,
        "price-groups": group,
        "fees": fee,
        "rated-sessions": rated,
        "review": session,
        "tariffs": tariff,
        "tariff-assignments": assignment,
    }
