"""Telling customers of a price before it holds, with proof of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.tariffs import services
from billing.tariffs.assigning import Target, assign
from billing.tariffs.models import Tariff, TariffAssignment
from billing.tariffs.notice import is_short, next_try_at, proposed_start, send_at
from billing.tariffs.notice_models import NoticeDelivery, PriceNotice
from billing.tariffs.notice_sending import address_due, send_due
from billing.tariffs.notice_services import change_rules, send_again
from billing.tariffs.rolling_out import roll_out
from billing.tariffs.tasks import send_price_notices
from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.operators.mail import compose
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_account, make_membership, make_price_group
from tests.factories.core import make_operator
from tests.factories.rating import make_held
from tests.factories.stations import make_session, make_site, make_station
from tests.factories.tariffs import energy_document, make_assignment, make_tariff, make_version

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def operator() -> Iterator[Operator]:
    made = make_operator(name="Elnät")
    with operator_scope(made):
        yield made


def refused(code: str) -> pytest.RaisesExc[RuleViolation]:
    return pytest.raises(RuleViolation, check=lambda error: error.code == code)


def visitor(operator: Operator, **site: Any) -> tuple[BillingAccount, Any]:
    """An account that charged at a site of its own."""
    made = make_site(operator=operator, **site)
    session = make_session(
        station=make_station(site=made, evses=1), started_at=timezone.now() - DAY
    )
    account = make_account(operator=operator, emails=["dina@example.com"], language="sv")
    make_held(session, account, "x")
    return account, made


def priced(operator: Operator, price: float = 4.5) -> Tariff:
    tariff = make_tariff(operator=operator)
    make_version(tariff, energy_document(price))
    return tariff


def test_letters_go_on_the_last_morning_that_is_early_enough() -> None:
    start = datetime(2027, 1, 1, tzinfo=STOCKHOLM)

    assert send_at(start, 30, STOCKHOLM) == datetime(2026, 12, 1, 9, tzinfo=STOCKHOLM)
    noon = start + timedelta(hours=12)
    assert send_at(noon, 30, STOCKHOLM) == datetime(2026, 12, 2, 9, tzinfo=STOCKHOLM)
    assert not is_short(start, start - 30 * DAY, 30)
    assert is_short(start, start - 30 * DAY + timedelta(seconds=1), 30)
    now = datetime(2026, 1, 1, 12, 51, 30, tzinfo=UTC)
    proposed = proposed_start(now, 30, STOCKHOLM)
    assert proposed == datetime(2026, 1, 31, 15, tzinfo=STOCKHOLM)
    assert not is_short(proposed, now + timedelta(minutes=10), 30)
    assert next_try_at(now, 3) == now + timedelta(minutes=20)
    assert next_try_at(now, 6) is None


def test_a_version_for_customers_needs_its_notice_or_a_reason(operator: Operator) -> None:
    _account, site = visitor(operator)
    tariff = priced(operator)
    make_assignment(tariff, site=site)
    services.save_draft(tariff=tariff, document=energy_document(6))

    with refused("notice_too_short"):
        services.publish(tariff=tariff, takes_effect_at=timezone.now() + 29 * DAY)
    with refused("reason_needed"):
        services.publish(tariff=tariff, accepts_short_notice=True)
    assert tariff.versions.filter(state="draft").exists()
    assert not PriceNotice.objects.exists()

    services.publish(tariff=tariff, accepts_short_notice=True, reason="A wrong price")

    notice = PriceNotice.objects.get()
    assert (notice.is_short, notice.reason, notice.state) == (True, "A wrong price", "scheduled")
    assert notice.send_at <= timezone.now()
    assert AuditEntry.objects.get(verb="tariff.notice").after["notice"] == notice.public_id


def test_nobody_concerned_or_nobody_told_needs_no_notice(operator: Operator) -> None:
    _account, site = visitor(operator)
    elsewhere = make_site(operator=operator)

    assign(tariff=priced(operator), target=Target(site=elsewhere))
    change_rules(operator=operator, notice_days=0)
    assign(tariff=priced(operator), target=Target(site=site))

    assert not PriceNotice.objects.exists()


def test_many_sites_get_a_price_and_their_customers_one_letter_each_with_proof(
    operator: Operator,
) -> None:
    account, first = visitor(operator, name="Norr")
    second = make_site(operator=operator, name="Söder")
    old, new = priced(operator), priced(operator, 6)
    held = make_assignment(old, site=first)
    without = make_account(operator=operator, emails=[])
    make_held(make_session(station=make_station(site=second, evses=1)), without, "y")
    stranger = make_account(operator=operator, emails=["stranger@example.com"])
    start = timezone.now() + 40 * DAY

    done = roll_out(
        tariff=new, target=Target(), sites=[first, second], starts_at=start, reason="Dearer grid"
    )

    assert [row.site_id for row in done.assigned] == [first.pk, second.pk]
    assert [(row.pk, row.valid_to_at) for row in done.ended] == [(held.pk, start)]
    assert done.notice is not None
    assert address_due(timezone.now()) == 0
    due = done.notice.send_at
    assert (start - due) >= 30 * DAY
    assert address_due(due) == 2
    assert send_due(due) == 1
    assert send_due(due) == 0

    letter = NoticeDelivery.objects.get(state="sent")
    (message,) = mail.outbox
    assert (letter.account_id, letter.address, message.to) == (
        account.pk, "dina@example.com", ["dina@example.com"],
    )  # fmt: skip
    assert letter.body == message.body
    assert letter.message_id == message.extra_headers["Message-ID"]
    for text in ("Norr", "Söder", "6,00", f"{start.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"):
        assert text in letter.body, letter.body
    assert "Nytt pris" in letter.subject
    other = NoticeDelivery.objects.exclude(pk=letter.pk).get()
    assert (other.account_id, other.state) == (without.pk, "no_address")
    assert not NoticeDelivery.objects.filter(account=stranger).exists()
    assert PriceNotice.objects.get().state == "done"
    for change in (
        lambda: NoticeDelivery.objects.filter(pk=letter.pk).update(body="Other"),
        lambda: NoticeDelivery.objects.filter(pk=other.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_group_price_concerns_its_members_alone(operator: Operator) -> None:
    _account, site = visitor(operator)
    group = make_price_group(operator=operator)
    member = make_account(operator=operator, emails=["m@example.com"])
    make_membership(member, group)
    start = timezone.now() + 31 * DAY

    assign(
        tariff=priced(operator), target=Target(site=site, price_group=group), valid_from_at=start
    )
    address_due(start)

    assert [row.account_id for row in NoticeDelivery.objects.all()] == [member.pk]


def test_what_is_taken_back_is_not_sent(operator: Operator) -> None:
    _account, site = visitor(operator)
    tariff = priced(operator)
    make_assignment(tariff, site=site)
    services.save_draft(tariff=tariff, document=energy_document(6))
    start = timezone.now() + 40 * DAY
    version = services.publish(tariff=tariff, takes_effect_at=start)

    services.withdraw_version(version=version, reason="Not now")
    address_due(start)

    assert PriceNotice.objects.get().state == "cancelled"
    assert not NoticeDelivery.objects.exists()


def test_who_was_told_of_a_version_that_is_withdrawn_is_told_that_it_does_not_come(
    operator: Operator,
) -> None:
    account, site = visitor(operator)
    late = make_account(operator=operator, name="Late", emails=["late@example.com"])
    make_held(make_session(station=make_station(site=site, evses=1)), late, "y")
    tariff = priced(operator)
    make_assignment(tariff, site=site)
    services.save_draft(tariff=tariff, document=energy_document(6))
    start = timezone.now() + 40 * DAY
    version = services.publish(tariff=tariff, takes_effect_at=start)
    told = PriceNotice.objects.get()
    assert address_due(told.send_at) == 2
    NoticeDelivery.objects.filter(account=late).update(next_try_at=start)
    assert send_due(told.send_at) == 1

    services.withdraw_version(version=version, reason="Wrong figure")
    assert send_due(start) == 1
    assert send_due(start) == 0

    correction = PriceNotice.objects.exclude(pk=told.pk).get()
    assert (correction.takes_back_id, correction.state, correction.reason) == (
        told.pk, "done", "Wrong figure",
    )  # fmt: skip
    letter = NoticeDelivery.objects.get(notice=correction)
    assert (letter.account_id, letter.address, letter.state) == (
        account.pk, "dina@example.com", "sent",
    )  # fmt: skip
    assert letter.body == mail.outbox[-1].body
    assert "kommer inte" in letter.body
    assert "4,50" in letter.body
    assert "6,00" not in letter.body
    assert NoticeDelivery.objects.get(account=late).state == "cancelled"
    assert AuditEntry.objects.get(verb="tariff.notice_taken_back").after["letters"] == 1
    with refused("nothing_failed"):
        send_again(notice=told)


def test_a_letter_that_is_refused_is_tried_again_and_then_by_hand(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    _account, site = visitor(operator)
    assign(
        tariff=priced(operator), target=Target(site=site),
        valid_from_at=timezone.now() + DAY, accepts_short_notice=True, reason="x",
    )  # fmt: skip
    told = ["SMTPServerDisconnected: gone"] * 6 + [""]
    monkeypatch.setattr("billing.tariffs.notice_sending.why_not_sent", lambda *_mail: told.pop(0))
    address_due(timezone.now())
    for _try in range(6):
        send_due(timezone.now() + DAY)

    letter = NoticeDelivery.objects.get()
    assert (letter.state, letter.attempts, letter.next_try_at) == ("failed", 6, None)
    assert "gone" in letter.error
    notice = PriceNotice.objects.get()
    assert notice.state == "done"

    assert send_again(notice=notice, reason="The server is back") == 1
    send_price_notices()

    letter.refresh_from_db()
    assert (letter.state, letter.error) == ("sent", "")
    with refused("nothing_failed"):
        send_again(notice=notice)


def test_a_letter_that_cannot_be_written_keeps_no_other_waiting(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, site = visitor(operator)
    BillingAccount.objects.filter(pk=account.pk).update(emails=["a@example.com", "b@example.com"])
    assign(
        tariff=priced(operator), target=Target(site=site),
        valid_from_at=timezone.now() + DAY, accepts_short_notice=True, reason="x",
    )  # fmt: skip
    address_due(timezone.now())

    def write(name: str, *, to: str, **given: Any) -> Any:
        if to.startswith("a"):
            raise LookupError
        return compose(name, to=to, **given)

    monkeypatch.setattr("billing.tariffs.notice_sending.compose", write)
    now = timezone.now()
    assert (send_due(now), send_due(now)) == (1, 0)

    waits, sent = NoticeDelivery.objects.order_by("address")
    assert (waits.state, sent.state) == ("queued", "sent")
    assert waits.next_try_at > now + timedelta(minutes=50)


def test_all_sites_or_none(operator: Operator) -> None:
    first, second = make_site(operator=operator), make_site(operator=operator)
    tariff, other = priced(operator), priced(operator)
    make_assignment(other, site=second, valid_from_at=timezone.now() + 50 * DAY)

    with refused("assignment_overlap"):
        roll_out(
            tariff=tariff,
            target=Target(),
            sites=[first, second],
            starts_at=timezone.now() + 40 * DAY,
        )

    assert not TariffAssignment.objects.filter(tariff=tariff).exists()
    assert not PriceNotice.objects.exists()
    roll_out(tariff=tariff, target=Target(), sites=[first])
    with refused("nothing_changes"):
        roll_out(tariff=tariff, target=Target(), sites=[first])
