"""Credit notes lower a host's share: once, by the part that they give back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounts.models import BillingAccount
from billing.invoices.crediting import credit
from billing.invoices.models import Invoice
from billing.invoices.runs import plan_run, work_run
from billing.rating.billable import bill
from billing.rating.models import RatedSession, SessionBilling
from billing.sellers.models import SiteContract
from billing.settlement.credit_rule import Credited, Part, Revenue, limited, taken_back
from billing.settlement.models import Statement, StatementItem
from billing.settlement.statement_pdf import statement_pdf
from billing.settlement.tests.test_statements import JULY, JUNE, Story
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account
from tests.factories.settlement import reprice

pytestmark = pytest.mark.django_db
MAY = (date(2026, 5, 1), date(2026, 5, 31))
AUGUST = datetime(2026, 8, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _everything() -> Iterator[None]:
    with across_operators("tests read any operator's rows"):
        yield


def invoiced(story: Story, account: BillingAccount, *sessions: Any) -> Invoice:
    """One invoice of May for the sessions."""
    SessionBilling.objects.filter(session__in=sessions).update(account=account)
    rows = SessionBilling.objects.filter(session__in=sessions)
    rated = {one.session_id: one for one in RatedSession.objects.filter(is_current=True)}
    bill([(row, rated[row.session_id]) for row in rows], now=JUNE)
    seller = SiteContract.objects.get(site=story.site).seller
    assert seller is not None
    run = plan_run(seller=seller, period=MAY, now=JUNE, issues_alone=True)
    work_run(run, now=JUNE)
    found: Invoice = Invoice.objects.get(account=account, kind="invoice")
    return found


def test_a_credited_line_takes_the_share_back_on_the_next_statement_and_never_twice() -> None:
    story = Story()
    one = story.sold(date(2026, 5, 3), "1000", idle="100")
    two = story.sold(date(2026, 5, 4), "500")
    account = make_account(operator=story.site.operator, kind="company")
    invoice = invoiced(story, account, one, two)
    first = story.issued()
    assert (first.net, first.credited_net) == (1050, 0)

    note = credit(invoice, reason="Wrong meter", lines={1: Decimal(625)}, now=JUNE)
    (draft,) = story.prepared(JULY)
    again = story.prepared(JULY)

    (line,) = [row for row in draft.lines.all() if row.amount]
    assert (line.is_late, line.quantity, line.amount) == (True, Decimal(-500), Decimal(-350))
    assert (draft.route, draft.credited_net, draft.session_count) == ("carried", 500, 0)
    assert [row.digest for row in again] == [draft.digest]
    item = draft.items.get()
    assert (item.credit_note, item.session, item.net, item.energy_net) == (note, one, -500, -500)
    assert note.number in str(draft.said)
    issued = story.issued(JULY)
    assert statement_pdf(issued, language="sv").startswith(b"%PDF-1.")
    assert [row.net for row in story.prepared(AUGUST)] == [-350]  # carried over, nothing else

    credit(invoice, reason="All of it", now=JULY)
    (rest,) = story.prepared(AUGUST)
    # 500 of one that was left, its idle time without a share, and 500 of the other.
    assert (rest.net, rest.credited_net) == (-350 - 700, 1100)
    assert StatementItem.objects.filter(session=one).count() == 3


def test_what_was_credited_before_the_statement_is_taken_off_its_draft() -> None:
    story = Story(("share_all", "to_host", "50"), ("per_kwh", "to_host", "0.10"))
    one = story.sold(date(2026, 5, 3), "1000", idle="100", kwh="100")
    account = make_account(operator=story.site.operator)
    invoice = invoiced(story, account, one)
    (draft,) = story.prepared()
    assert draft.net == 560

    credit(invoice, reason="Half of it", gross=Decimal("687.50"), now=JUNE)
    (draft,) = story.prepared()

    assert (draft.net, draft.revenue_net, draft.credited_net) == (285, 550, 550)
    assert (draft.session_count, draft.energy_wh) == (1, Decimal(100_000))
    assert not draft.lines.filter(is_late=True).exists()


def test_a_credit_of_a_sum_over_sessions_is_shared_between_them() -> None:
    story = Story()
    one = story.sold(date(2026, 5, 3), "600")
    two = story.sold(date(2026, 5, 4), "200")
    account = make_account(operator=story.site.operator, kind="company", invoice_grouping="summary")
    invoice = invoiced(story, account, one, two)
    assert invoice.lines.exclude(gross=0).count() == 1

    credit(invoice, reason="A tenth", gross=Decimal(100), now=JUNE)
    (draft,) = story.prepared()

    assert draft.net == Decimal(720) * 7 / 10
    taken = dict(draft.items.exclude(credit_note=None).values_list("session_id", "net"))
    assert taken == {one.pk: -60, two.pk: -20}


def test_a_lower_price_and_a_credit_note_take_back_no_more_than_there_was() -> None:
    story = Story()
    one = story.sold(date(2026, 5, 3), "1000")
    account = make_account(operator=story.site.operator, kind="company")
    invoice = invoiced(story, account, one)
    assert story.issued().net == 700

    credit(invoice, reason="Wrong", gross=Decimal(1000), now=JUNE)
    reprice(one, net="100")
    (draft,) = story.prepared(JULY)

    assert draft.net == -700
    assert draft.revenue_net == -1000
    assert story.issued(JULY).net == -700
    story.sold(date(2026, 7, 1), "1")
    story.prepared(AUGUST)
    assert Statement.objects.filter(state="draft").get().revenue_net == 1


@given(
    cuts=st.lists(st.integers(1, 400), min_size=1, max_size=6),
    energy=st.decimals(0, 1000, places=4),
    more=st.decimals(0, 1000, places=4),
)
def test_notes_that_close_a_line_take_back_exactly_all(
    cuts: list[int], energy: Decimal, more: Decimal
) -> None:
    billed, before, taken = Decimal(sum(cuts)), Decimal(0), Revenue(Decimal(0), Decimal(0))
    for cut in map(Decimal, cuts):
        part = Part(billed=billed, before=before, credited=cut)
        got = taken_back(Credited(energy_net=energy, net=energy + more, energy=part, other=part))
        taken = Revenue(taken.energy_net + got.energy_net, taken.net + got.net)
        before += cut

    assert taken == Revenue(energy, energy + more)
    assert limited(taken, Revenue(energy, energy)).net <= energy
