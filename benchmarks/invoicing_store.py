"""Measures billing runs in the database that the environment names (see ``invoicing``).

Sessions and invoices a second of a whole run (drafts, numbers, issue), of ``bulk_create`` of the
same rows of invoices alone, the ratio of both, and how much memory the run took.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import django

django.setup()

from django.db import transaction

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceItem, InvoiceLine, InvoiceTax
from billing.invoices.runs import change_rules, plan_run, work_run
from billing.rating.models import (
    BillableItem,
    PriceLine,
    RatedSession,
    SessionBilling,
)
from billing.sellers.services import create_seller
from billing.tariffs.models import Tariff, TariffVersion
from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from stations.hardware.models import Station
from stations.sessions.models import Session
from stations.sites.models import Site

START: Final = datetime(2026, 10, 5, 7, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 2, 7, tzinfo=UTC)
TARGET: Final = 0.25
BATCH: Final = 2000


def network(accounts: int) -> tuple[Station, TariffVersion, list[BillingAccount]]:
    """An operator with a station, a price and many accounts."""
    operator = Operator.objects.create(name="Bench", slug="bench", party_id="BEN")
    with operator_scope(operator):
        site = Site.objects.create(operator=operator, public_id="si_1", name="Bench")
        station = Station.objects.create(
            operator=operator, site=site, public_id="cs_1", identity="BENCH-1", name="Bench"
        )
        tariff = Tariff.objects.create(
            operator=operator, public_id="tar_1", name="Bench", currency="SEK"
        )
        version = TariffVersion.objects.create(
            operator=operator, tariff=tariff, number=1, state="published", document={},
            digest="0" * 64, takes_effect_at=START - timedelta(days=9), published_at=START,
        )  # fmt: skip
        rows = BillingAccount.objects.bulk_create(
            BillingAccount(operator=operator, public_id=f"ba_{n}", name=f"Account {n}")
            for n in range(accounts)
        )
    return station, version, rows


def add_rated(
    station: Station, version: TariffVersion, accounts: Sequence[BillingAccount], count: int
) -> None:
    """Ended sessions with their price and what may be billed, as rating leaves them."""
    operator_id = station.operator_id
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        sessions = Session.objects.bulk_create(
            Session(
                operator_id=operator_id, public_id=f"se_{n}", station=station, ocpp_version="1.6",
                ocpp_transaction_id=str(n), state="ended", id_token="BENCH", started_at=START,
                stopped_at=START + timedelta(hours=1), energy_wh=40_000, reconciled_at=NOW,
            )
            for n in numbers
        )  # fmt: skip
        own = [accounts[n % len(accounts)] for n in numbers]
        keys = [one.pk for one in sessions]
        SessionBilling.objects.filter(session_id__in=keys).update(state="rated", is_due=False)
        rated = RatedSession.objects.bulk_create(
            RatedSession(
                operator_id=operator_id, public_id=f"rs_{one.pk}", session=one, revision=1,
                site_id=station.site_id, station=station, account=account, tariff_version=version,
                tariff_hash="x", engine_version="1", started_at=START,
                stopped_at=START + timedelta(hours=1), delivered_on=START.date(),
                energy_wh=40_000, charging_s=3600, parking_s=0, currency="SEK", net=Decimal(160),
                tax=Decimal(40), gross=Decimal(200),
            )
            for one, account in zip(sessions, own, strict=True)
        )  # fmt: skip
        PriceLine.objects.bulk_create(_price(one) for one in rated)
        BillableItem.objects.bulk_create(
            BillableItem(
                operator_id=operator_id, kind="session", session_id=one.session_id,
                rated_session=one, account_id=one.account_id, delivered_on=one.delivered_on,
                currency="SEK", net=one.net, tax=one.tax, gross=one.gross,
            )
            for one in rated
        )  # fmt: skip


def _price(one: RatedSession) -> PriceLine:
    return PriceLine(
        operator_id=one.operator_id, rated_session=one, position=1, kind="ENERGY",
        reason="element", element=0, started_at=one.started_at, stopped_at=one.stopped_at,
        quantity=40_000, billed_quantity=40_000, unit="Wh", unit_price=Decimal(4),
        tax_rate=Decimal(25), exact_net=one.net, net=one.net, tax=one.tax, gross=one.gross,
    )  # fmt: skip


def plain_insert() -> Callable[[], None]:
    """Inserting the rows of all invoices again as drafts, with their lines, taxes and items."""
    invoices = list(Invoice.objects.order_by("pk").prefetch_related("lines", "taxes", "items"))
    parts: dict[int, list[list[Any]]] = {
        one.pk: [list(one.lines.all()), list(one.taxes.all()), list(one.items.all())]
        for one in invoices
    }
    old = [(one.pk, one) for one in invoices]

    def insert() -> None:
        for first in range(0, len(old), 250):
            with transaction.atomic():
                _insert(old[first : first + 250], parts)

    return insert


def _insert(batch: Sequence[tuple[int, Invoice]], parts: dict[int, list[list[Any]]]) -> None:
    for _key, one in batch:
        one.pk, one.public_id, one.state = None, f"x{one.public_id}"[:24], "draft"
        one.number, one.sequence, one.issued_on = "", None, None
    Invoice.objects.bulk_create([one for _key, one in batch])
    for key, one in batch:
        for row in (row for rows in parts[key] for row in rows):
            row.pk, row.invoice_id = None, one.pk
    lines = [row for key, _one in batch for row in parts[key][0]]
    InvoiceLine.objects.bulk_create(lines)
    InvoiceTax.objects.bulk_create([row for key, _one in batch for row in parts[key][1]])
    items = [row for key, _one in batch for row in parts[key][2]]
    for item, line in zip(items, lines, strict=True):
        item.key, item.line_id = f"x{item.key}", line.pk
    InvoiceItem.objects.bulk_create(items)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(sessions: int, accounts: int) -> dict[str, Any]:
    """One run over all that is due, and the same rows inserted plainly."""
    station, version, rows = network(accounts)
    with operator_scope(station.operator):
        add_rated(station, version, rows, sessions)
        seller = create_seller(operator=station.operator, name="Bench AB")
        change_rules(seller=seller, bills_from_on=date(2026, 10, 1))
        run = plan_run(
            seller=seller, period=(date(2026, 10, 1), date(2026, 10, 31)), now=NOW,
            issues_alone=True,
        )  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        whole = seconds(lambda: work_run(run, now=NOW, seconds=3600))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        run.refresh_from_db()
        plain = seconds(plain_insert())
    return {
        "sessions": sessions,
        "accounts": accounts,
        "invoices": run.invoice_count,
        "seconds": round(whole, 2),
        "sessions_per_second": round(sessions / whole),
        "invoices_per_second": round(run.invoice_count / whole),
        "insert_seconds": round(plain, 2),
        "ratio": round(plain / whole, 2),
        "target_ratio": TARGET,
        "peak_mib": round(peak / 1024),
        "peak_growth_mib": round((peak - before) / 1024),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2])), indent=2))
