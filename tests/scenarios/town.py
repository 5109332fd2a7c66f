"""A small operator whose days are told one after the other: sessions, invoices, money, books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db.models import Sum
from django.utils import timezone

from billing.accounting.entries import balances
from billing.accounting.exports.services import create_profile, make_exports
from billing.accounting.exports.sie_reader import read_sie
from billing.accounting.models import JournalEntry, JournalPosting
from billing.accounting.period_services import close_period
from billing.accounting.posting_services import post_due
from billing.accounting.reading import pure_entries
from billing.accounting.reports.registry import REPORTS
from billing.accounting.reports.report import Asked
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.invoices.run_models import BillingRun
from billing.invoices.runs import change_rules, plan_run, work_run
from billing.payments.bringing import bring_file
from billing.payments.matching_services import match_new
from billing.tariffs.models import TariffVersion
from core.files.store import load
from customers.companies.models import Company, CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from customers.models import IdToken
from portal.demo.books.bank_file import Paid, camt054
from stations.sessions.models import Session
from tests.factories.billing import make_seller
from tests.factories.core import make_operator
from tests.factories.rating import make_ended, rate_all, stored
from tests.factories.stations import make_station
from tests.factories.tariffs import energy_document, make_assignment, make_tariff, make_version

ZONE = ZoneInfo("Europe/Stockholm")
D = Decimal
BEGINNING = date(2026, 8, 1)


class Town:
    """An operator with a seller that invoices, a station, and 5 kronor a kWh with 25 % of VAT.

    Inside its operator's scope, with ``clock`` moved by ``on``.
    """

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock
        self.operator = make_operator()
        self.seller = make_seller(operator=self.operator, email="faktura@laddnat.example")
        self.station = make_station(operator=self.operator)

    def opens(self, document: dict[str, Any] | None = None, **place: Any) -> TariffVersion:
        """Its price for everyone or, with ``place``, for some."""
        change_rules(seller=self.seller, bills_from_on=BEGINNING)
        tariff = make_tariff(operator=self.operator)
        make_assignment(tariff, **place)
        return make_version(tariff, document or energy_document(5))

    def on(self, day: str, hour: int = 9) -> datetime:
        """Let it be that hour of that day in town."""
        now = datetime.combine(date.fromisoformat(day), time(hour), ZONE)
        self.clock.move_to(now)
        return now

    def today(self) -> date:
        """Its day."""
        return timezone.now().astimezone(ZONE).date()

    def pays_for(self, owner: Company | Driver, account: BillingAccount) -> None:
        """The account pays for a driver or a company's drivers."""
        table = CompanyAccount if isinstance(owner, Company) else DriverAccount
        table.objects.create(
            operator=self.operator, owner=owner, account=account, valid_from_on=BEGINNING
        )

    def charges(
        self, token: IdToken, wh: int, *, idle_minutes: int = 0, **snapshot: str
    ) -> Session:
        """An hour of charging that has just ended, and is priced."""
        minutes = 60 + idle_minutes
        ended = timezone.now().astimezone(UTC)
        began = ended - timedelta(minutes=minutes)
        idle = (60, minutes) if idle_minutes else None
        session = make_ended(
            station=self.station, wh=wh, started_at=began, stopped_at=ended,
            intervals=stored(
                [(0, 0), (60, wh), (minutes, wh)], idle=idle, end=minutes, began=began
            ),
            id_token=token.uid, token_snapshot=snapshot,
        )  # fmt: skip
        rate_all()
        return session

    def invoices(self, month: str, **more: Any) -> BillingRun:
        """The run of a month, issued."""
        first = date.fromisoformat(f"{month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        now = timezone.now()
        run = plan_run(seller=self.seller, period=(first, last), now=now, issues_alone=True, **more)
        return work_run(run, now=now)

    def is_paid(self, name: str, *payments: Paid) -> None:
        """A file of the bank comes, and what it holds is matched."""
        raw = camt054(name, "5050-1055", "SEK", payments)
        bring_file(operator=self.operator, name=f"{name}.xml", raw=raw)
        match_new(operator_id=self.operator.pk, now=timezone.now())

    def owed_in_the_books(self) -> Decimal:
        """What the account of receivables says."""
        rows = JournalPosting.objects.filter(account__number="1510")
        return rows.aggregate(sum=Sum("amount"))["sum"] or D(0)

    def closes(self, *months: str) -> None:
        """Months are closed, the oldest first."""
        for month in months:
            close_period(
                seller=self.seller, begins_on=date.fromisoformat(f"{month}-01"), reason="done"
            )

    def agrees(self) -> dict[str, Decimal]:
        """Books, reports and the ledger's file say the same; returns what accounts
        hold that hold anything."""
        assert not post_due().problems
        open_amount = Invoice.objects.exclude(state="draft").aggregate(sum=Sum("open_amount"))
        assert self.owed_in_the_books() >= (open_amount["sum"] or D(0))
        asked = Asked(self.seller, BEGINNING, self.today())
        off = {
            (name, str(tie.label)): tie.difference
            for name, report in REPORTS.items()
            for tie in report.make(asked).ties
            if tie.difference
        }
        assert off == {}
        return self._exported()

    def _exported(self) -> dict[str, Decimal]:
        """By a file of type SIE 4 that a ledger would read."""
        profile = create_profile(
            seller=self.seller, name=f"Ledger {timezone.now():%Y%m%d}", starts_on=BEGINNING
        )
        sums: dict[str, Decimal] = {}
        for receipt in make_exports(profile=profile):
            for voucher in read_sie(load(receipt.path) or b"").vouchers:
                assert sum(row.amount for row in voucher.rows) == 0
                for row in voucher.rows:
                    sums[row.account] = sums.get(row.account, D(0)) + row.amount
        held = balances(pure_entries(JournalEntry.objects.order_by("pk")))
        assert sums == {account: amount for (account, _currency), amount in held.items()}
        return {account: amount for account, amount in sums.items() if amount}


def lines_of(invoice: Invoice) -> Sequence[tuple[Any, ...]]:
    """Group, kind, quantity and amount with VAT of each line."""
    return list(invoice.lines.values_list("group_title", "kind", "quantity", "gross"))
