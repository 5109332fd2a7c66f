"""What is doubtful is held with a reason; people decide; nothing held is billed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.rating.billable import mark_taken
from billing.rating.models import BillableItem, BillingState, RatedSession, SessionBilling
from billing.rating.session_facts import Correction
from billing.review.decisions import agree, decide
from billing.review.models import Decision, DecisionKind, DecisionState, Hold
from billing.review.rules import change_rules
from billing.review.services import rate_due, retry_held
from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.audit.models import ActorKind, AuditEntry
from core.audit.services import Actor, current_actor
from core.errors import InvalidInput, RuleViolation
from core.sentences import Sentence
from core.tenancy.scopes import across_operators
from stations.sessions.findings import found
from stations.sessions.models import Session
from tests.factories.billing import make_account
from tests.factories.core import make_operator, make_person
from tests.factories.rating import (
    ATTRIBUTOR,
    billing_of,
    energy_price,
    make_ended,
    make_price,
    make_priced_tariff,
    rate_all,
)
from tests.factories.stations import make_evse, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _attributed(settings: Any) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR


@pytest.fixture
def operator() -> Operator:
    made = make_operator()
    make_price(made, energy_price(5))
    return made


def held(operator: Operator, *codes: str, **fields: Any) -> Session:
    """A session with doubtful findings, rated."""
    findings = [found(code, "doubtful", wh=Decimal(1)).as_dict() for code in codes]
    session = make_ended(operator=operator, findings=findings, **fields)
    rate_all()
    return session


def open_codes(session: Session) -> list[str]:
    with across_operators("a test reads"):
        rows = Hold.objects.filter(billing__session=session, closed_at=None).order_by("code")
        return list(rows.values_list("code", flat=True))


def items(session: Session) -> list[BillableItem]:
    with across_operators("a test reads"):
        return list(BillableItem.objects.filter(session=session).order_by("id"))


def act(session: Session, kind: DecisionKind, by: User | None = None, **more: Any) -> Decision:
    """A decision as a person takes it."""
    who = by or make_person(operator=session.operator)
    token = current_actor.set(Actor(ActorKind.PERSON, who.email, who.pk))
    try:
        with across_operators("a test decides"):
            return decide(billing=billing_of(session), kind=kind, reason="seen", **more)
    finally:
        current_actor.reset(token)


def test_doubtful_session_is_priced_but_not_billed_until_it_is_accepted(operator: Operator) -> None:
    session = held(operator, "end_missing")
    assert (billing_of(session).state, open_codes(session)) == ("held", ["end_missing"])
    assert items(session) == []

    decision = act(session, DecisionKind.ACCEPT)

    assert decision.state == DecisionState.DONE
    assert billing_of(session).state == BillingState.RATED
    assert [one.gross for one in items(session)] == [Decimal(50)]
    with across_operators("a test reads"):
        assert AuditEntry.objects.filter(verb="review.accept", reason="seen").count() == 1


def test_accepted_reason_does_not_hold_again(operator: Operator) -> None:
    session = held(operator, "end_missing")
    act(session, DecisionKind.ACCEPT)

    with across_operators("a test reconciles"):
        Session.objects.filter(pk=session.pk).update(reconciled_at=timezone.now())
    rate_all()

    assert (billing_of(session).state, open_codes(session)) == (BillingState.RATED, [])


def test_correction_prices_at_once_and_keeps_the_old_price(operator: Operator) -> None:
    session = held(operator, "register_jump", energy_wh=None, intervals={})
    assert open_codes(session) == ["energy_unknown", "register_jump"]
    with pytest.raises(RuleViolation) as refused:
        act(session, DecisionKind.ACCEPT)
    assert refused.value.code == "no_price"

    act(session, DecisionKind.CORRECT, correction=Correction(energy_wh=Decimal(8000)))

    assert billing_of(session).state == BillingState.RATED
    with across_operators("a test reads"):
        rated = RatedSession.objects.get(session=session, is_current=True)
    assert (rated.gross, rated.correction) == (Decimal(40), {"energy_wh": "8000"})
    assert [one.gross for one in items(session)] == [Decimal(40)]


@pytest.mark.parametrize(
    "correction",
    [
        Correction(),
        Correction(energy_wh=Decimal(-1)),
        Correction(stopped_at=timezone.now() + timedelta(days=1)),
        Correction(stopped_at=timezone.now() - timedelta(days=4000)),
    ],
)
def test_wrong_correction_changes_nothing(operator: Operator, correction: Correction) -> None:
    session = held(operator, "end_missing")

    with pytest.raises(InvalidInput):
        act(session, DecisionKind.CORRECT, correction=correction)

    assert (billing_of(session).state, billing_of(session).correction) == ("held", {})


def test_large_amount_needs_another_person(operator: Operator) -> None:
    olga, anna = make_person(operator=operator), make_person(operator=operator)
    with across_operators("a test sets limits"):
        change_rules(operator=operator, four_eyes_above=Decimal(10))
    session = held(operator, "end_missing")

    decision = act(session, DecisionKind.ACCEPT, by=olga)
    assert (decision.state, billing_of(session).state) == ("proposed", "held")
    with across_operators("a test decides"), pytest.raises(RuleViolation) as refused:
        agree(decision=decision, by=olga)
    assert (refused.value.code, items(session)) == ("second_person", [])
    with across_operators("a test decides"):
        agree(decision=decision, by=anna)

    assert billing_of(session).state == BillingState.RATED
    assert [one.gross for one in items(session)] == [Decimal(50)]


@pytest.mark.parametrize(("kind", "state"), [("accept", "lapsed"), ("waive", "proposed")])
def test_a_proposal_lapses_when_nothing_holds_the_session_any_more(
    operator: Operator, client: Client, kind: str, state: str
) -> None:
    with across_operators("a test sets limits"):
        change_rules(operator=operator, four_eyes_above=Decimal(10))
    session = held(operator, "end_missing")
    decision = act(session, DecisionKind(kind))

    with across_operators("a test reconciles"):
        Session.objects.filter(pk=session.pk).update(reconciled_at=timezone.now(), findings=[])
    rate_all()

    with across_operators("a test reads"):
        decision.refresh_from_db()
        lapses = AuditEntry.objects.filter(verb="review.lapse").count()
    assert (billing_of(session).state, decision.state) == (BillingState.RATED, state)
    assert (lapses, [one.gross for one in items(session)]) == (state == "lapsed", [Decimal(50)])
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    page = client.get(reverse("review_detail", args=[session.public_id])).content.decode()
    assert "What held" in page


def test_waiving_what_was_billed_gives_it_back(operator: Operator) -> None:
    session = make_ended(operator=operator)
    rate_all()
    with across_operators("a test bills"):
        mark_taken(item=items(session)[0], bill="inv_1", now=timezone.now())

    act(session, DecisionKind.WAIVE)

    assert billing_of(session).state == BillingState.WAIVED
    assert [(one.kind, one.gross) for one in items(session)] == [
        ("session", Decimal(50)),
        ("adjustment", Decimal(-50)),
    ]


def test_dropped_session_stays_dropped_when_facts_arrive(operator: Operator) -> None:
    session = held(operator, "end_missing")
    act(session, DecisionKind.DROP)

    with across_operators("a test reconciles"):
        Session.objects.filter(pk=session.pk).update(
            reconciled_at=timezone.now(), energy_wh=9_000, findings=[], intervals={}
        )
    rate_all()

    assert (billing_of(session).state, items(session)) == (BillingState.DROPPED, [])


def test_missing_tariff_and_account_hold_until_they_are_there() -> None:
    operator = make_operator()
    session = make_ended(operator=operator)
    rate_all()
    assert open_codes(session) == ["tariff_missing"]
    assert billing_of(session).state == BillingState.HELD

    make_priced_tariff(operator, energy_price(5))
    make_account(operator=operator)
    later = timezone.now() + timedelta(hours=1)
    with across_operators("a test waits"):
        assert retry_held(now=later) == 1
        rate_due(now=later)

    assert (billing_of(session).state, open_codes(session)) == (BillingState.RATED, [])


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"max_gross": Decimal(49)}, "total_above_limit"),
        ({"max_price_per_kwh": Decimal(4)}, "price_per_kwh_above_limit"),
        ({"max_energy_wh": 9_999}, "energy_above_limit"),
        ({"max_duration_h": 0}, "duration_above_limit"),
    ],
)
def test_limits_of_the_operator_hold(operator: Operator, rules: dict[str, Any], code: str) -> None:
    with across_operators("a test sets limits"):
        change_rules(operator=operator, **rules)

    session = held(operator)

    assert open_codes(session) == [code]


def test_all_that_a_reason_holds_are_decided_at_once_and_no_others(
    operator: Operator, client: Client
) -> None:
    with across_operators("a test sets limits"):
        change_rules(operator=operator, four_eyes_above=Decimal(60))
    small, large = (held(operator, "end_missing", wh=wh) for wh in (10_000, 20_000))
    other = held(operator, "stop_conflict")
    url = "/review/?reason=end_missing"
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    client.post(url, {"bulk": "accept", "scope": "matching"})
    assert billing_of(small).state == BillingState.HELD
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT, language="en"))

    queue = client.get("/review/").content.decode()
    draft = client.post(url, {"bulk": "accept", "scope": "matching"})
    client.post(draft["Location"], {})
    assert billing_of(small).state == BillingState.HELD  # no reason, nothing done
    done = client.post(draft["Location"], {"reason": "read on site"}, follow=True)

    assert 'href="?reason=end_missing"' in queue
    assert "Waits for a second person." in done.content.decode()
    assert [billing_of(one).state for one in (small, large, other)] == ["rated", "held", "held"]
    assert (len(items(small)), len(items(large)), len(items(other))) == (1, 0, 0)
    with across_operators("a test reads"):
        assert AuditEntry.objects.filter(verb="review.accept", reason="read on site").count() == 1


def test_trusted_finding_holds_nothing(operator: Operator) -> None:
    with across_operators("a test sets limits"):
        change_rules(operator=operator, trusted_codes=["end_missing"])

    session = held(operator, "end_missing")

    assert (billing_of(session).state, open_codes(session)) == (BillingState.RATED, [])


def test_page_explains_decides_and_is_closed_to_readers(operator: Operator, client: Client) -> None:
    session = held(operator, "end_missing")
    page = reverse("review_detail", args=[session.public_id])
    accept = reverse("review_decide", args=[session.public_id, "accept"])
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    assert "The end never arrived" in client.get(page).content.decode()
    assert client.post(accept, {"reason": "seen"}).status_code == 403
    assert billing_of(session).state == BillingState.HELD

    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    assert client.post(accept, {"reason": ""}).status_code == 200
    assert billing_of(session).state == BillingState.HELD
    assert client.post(accept, {"reason": "seen"}).status_code == 302

    assert billing_of(session).state == BillingState.RATED
    with across_operators("a test reads"):
        assert SessionBilling.objects.filter(state="held").count() == 0


def test_page_of_a_wrong_meter_shows_the_registers_around_it_and_then_what_was_corrected(
    operator: Operator, client: Client
) -> None:
    session = held(operator, "impossible_power", energy_wh=None, intervals={})
    with across_operators("a test reads and writes"):
        evse = make_evse(station=session.station, number=7)
        Session.objects.filter(pk=session.pk).update(
            meter_start_wh=1_000_000, register_wh=5_000_000, evse=evse
        )
        session.refresh_from_db()
        make_session(
            station=session.station, evse=session.evse, public_id="se_next",
            meter_start_wh=1_023_400, state="ended",
            started_at=timezone.now(),
        )  # fmt: skip
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    page = reverse("review_detail", args=[session.public_id])

    shown = client.get(page).content.decode()
    correct = reverse("review_decide", args=[session.public_id, "correct"])
    client.post(correct, {"energy_kwh": "23.4", "reason": "register of the next session"})
    done = client.get(page).content.decode()

    assert "the register counted 23.400 kWh" in " ".join(shown.replace("\xa0", " ").split())
    assert reverse("session_detail", args=["se_next"]) in shown
    assert "Energy: 23.400 kWh" in done.replace("\xa0", " ")
    assert "register of the next session" in done
    assert [one.gross for one in items(session)] == [Decimal(117)]


def test_reasons_are_told_in_the_reader_s_language_and_zone(client: Client) -> None:
    spot = {"elements": [], "extras": {"spot": {"area": "SE3", "vat": 25}}}
    other = make_operator()
    make_price(other, {"currency": "SEK", **spot})
    session = held(other)
    why = Sentence("Token %(token)s belongs to nobody.", {"token": "CAFE"}).as_json()
    with across_operators("a test says why"):
        SessionBilling.objects.filter(session=session).update(why=[why])
    person = make_person(operator=other, role=Role.ACCOUNTANT)
    person.language = "sv"
    person.save()
    client.force_login(person)

    page = client.get(reverse("review_detail", args=[session.public_id])).content.decode()
    told = client.get(f"/api/v1/review/{session.public_id}/").json()

    assert open_codes(session) == ["costs_nothing", "spot_price_missing"]
    assert "Inget spotpris är känt för 10\xa0000 Wh mellan 2026-11-02 11:00:00 och" in page
    assert "Laddbrickan CAFE hör inte till någon." in page
    assert told["why"] == ["Laddbrickan CAFE hör inte till någon."]
