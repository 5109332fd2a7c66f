"""A billing run whose workers are killed at any moment, or are two: the same invoices, once."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connections

from billing.invoices import runs
from billing.invoices.clock import work_next_runs
from billing.invoices.models import Invoice, InvoiceItem
from billing.invoices.run_models import BillingRun
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.billing import make_account, make_fee, make_seller
from tests.factories.core import make_operator
from tests.factories.rating import ATTRIBUTOR, energy_price, make_ended, make_priced_tariff
from tests.factories.rating import rate_all as price_all
from tests.factories.stations import make_station

NOW = datetime(2026, 12, 2, 8, tzinfo=UTC)
ACCOUNTS = 60
KILLS = 10


def seeded() -> BillingRun:
    """A run of November over accounts with a session of 50 and a fee of 100 each."""
    operator = make_operator()
    seller = make_seller(operator=operator)
    station = make_station(operator=operator)
    version = make_priced_tariff(operator, energy_price(5))
    for _n in range(ACCOUNTS):
        account = make_account(operator=operator)
        make_fee(account, starts_on=date(2026, 11, 1))
        snapshot = {"test_account": account.pk, "test_version": version.pk}
        make_ended(station=station, token_snapshot=snapshot)
    price_all()
    with operator_scope(operator):
        runs.change_rules(seller=seller, bills_from_on=date(2026, 11, 1))
        period = (date(2026, 11, 1), date(2026, 11, 30))
        return runs.plan_run(seller=seller, period=period, now=NOW, issues_alone=True)


def worker() -> int:
    """A process that works on what runs there are, as the task does; gives its pid."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        with across_operators("as the task does"):
            work_next_runs(now=NOW)
    finally:
        os._exit(0)


def test_ten_kills_and_two_workers_at_once_change_nothing(
    settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR  # type: ignore[attr-defined]  # pytest-django's
    monkeypatch.setattr(runs, "ACCOUNTS_A_BATCH", 7)
    monkeypatch.setattr(runs, "INVOICES_A_BATCH", 5)
    run = seeded()
    chance = random.Random(20261202)

    progress = []
    for n in range(KILLS):
        pids = [worker() for _w in range(1 + n % 2)]
        time.sleep(chance.uniform(0.02, 0.3))
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        with across_operators("the test looks"):
            progress.append(Invoice.objects.exclude(state="draft").count())
    for pid in [worker(), worker()]:
        os.waitpid(pid, 0)

    with across_operators("the test looks"):
        run.refresh_from_db()
        issued = list(Invoice.objects.order_by("sequence").values_list("sequence", "gross"))
        taken = Counter(InvoiceItem.objects.values_list("line__invoice__account", flat=True))
    assert progress == sorted(progress)
    assert (run.state, run.invoice_count) == ("done", ACCOUNTS)
    assert issued == [(n, Decimal(150)) for n in range(1, ACCOUNTS + 1)]
    assert (len(taken), set(taken.values())) == (ACCOUNTS, {2})
