"""Who is told what, by which way, once; mails that wait, gather and are tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.notifications import choices, delivery, events, finding
from core.notifications.events import EventKind, Occurrence, Search
from core.notifications.models import (
    DeliveryState,
    Notification,
    NotificationChoice,
    NotificationDelivery,
    NotificationSettings,
)
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_limited_member, make_site

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)  # 22:30 in Stockholm


class Bell:
    """An event whose occurrences the test chooses."""

    def __init__(self) -> None:
        self.found: list[Occurrence] = []
        self.searches: list[Search] = []
        self.kind = EventKind(
            name="bell.rang",
            label="Bell rang",
            permission="network.view",
            find=self.find,
            words=lambda params: f"The bell {params['name']} rang.",
            defaults={
                "page": frozenset({Role.OWNER, Role.VIEWER}),
                "email": frozenset({Role.OWNER}),
            },
            delay_minutes=5,
        )

    def find(self, search: Search) -> Iterator[Occurrence]:
        self.searches.append(search)
        yield from self.found

    def ring(self, key: str, place_id: int | None = None) -> None:
        self.found.append(Occurrence(key, NOW, {"name": key}, "/sites/", place_id))


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    made = Bell()
    for module in (events, finding, choices):
        monkeypatch.setattr(module, "event_kinds", lambda: {"bell.rang": made.kind})
    monkeypatch.setattr("core.notifications.mailing.event_kinds", lambda: {"bell.rang": made.kind})
    return made


@pytest.fixture
def operator() -> Operator:
    return make_operator(name="Norrsken")


@pytest.fixture
def nora(operator: Operator) -> User:
    return make_person(operator=operator, role=Role.OWNER, email="nora@example.com", language="sv")


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        found = model.objects.order_by("pk")
        if model is NotificationDelivery:
            found = found.select_related("notification")
        return list(found)


def deliver(now: datetime = NOW) -> int:
    with across_operators("as the task does"):
        return delivery.deliver_due(now=now)


def test_each_reader_is_told_once_however_often_the_search_runs(
    bell: Bell, operator: Operator, nora: User
) -> None:
    viewer = make_person(operator=operator, role=Role.VIEWER)
    make_person(operator=operator, role=Role.SUPPORT)
    make_person(operator=make_operator(is_active=False), role=Role.OWNER)
    bell.ring("one")

    made = [finding.find_all(now=NOW + timedelta(seconds=30 * n)) for n in range(3)]

    assert made == [2, 0, 0]
    assert {n.user_id for n in rows(Notification)} == {nora.pk, viewer.pk}
    (sent,) = rows(NotificationDelivery)
    assert (sent.way, sent.notification.user_id, sent.due_at) == ("email", nora.pk, NOW)
    assert bell.searches[1].since == NOW - finding.OVERLAP
    assert bell.searches[0].delay == timedelta(minutes=5)


def test_mails_are_sent_once_in_the_persons_language(bell: Bell, nora: User) -> None:
    bell.ring("<b>one</b>")
    finding.find_all(now=NOW)

    assert [deliver(), deliver()] == [1, 0]

    (message,) = mail.outbox
    assert message.to == ["nora@example.com"]
    assert message.subject == "Bell rang: The bell <b>one</b> rang."
    assert message.from_email.startswith("Norrsken <")
    assert isinstance(message, EmailMultiAlternatives)
    assert "&lt;b&gt;one" in str(message.alternatives[0][0])
    assert "22:30 CEST" in message.body
    assert "Mina notiser" in message.body
    (row,) = rows(NotificationDelivery)
    assert row.state == DeliveryState.SENT


def test_quiet_hours_hold_mails_back_but_not_the_page(
    bell: Bell, operator: Operator, nora: User
) -> None:
    with across_operators("the test writes a choice"):
        NotificationSettings.objects.create(
            operator=operator, user=nora, quiet_from=time(22), quiet_to=time(6)
        )
    bell.ring("one")
    bell.ring("two")
    finding.find_all(now=NOW)

    assert len(rows(Notification)) == 2
    assert deliver(NOW + timedelta(hours=7)) == 0
    assert deliver(NOW + timedelta(hours=8)) == 1
    (message,) = mail.outbox
    assert message.subject == "2 notiser från Norrsken"


def test_a_digest_gathers_a_day(bell: Bell, operator: Operator, nora: User) -> None:
    with across_operators("the test writes a choice"):
        NotificationSettings.objects.create(operator=operator, user=nora, is_digest=True)
    for n in range(3):
        bell.ring(str(n))
        finding.find_all(now=NOW + timedelta(hours=n))

    assert deliver(NOW + timedelta(hours=8)) == 0
    assert deliver(datetime(2026, 6, 2, 5, 0, tzinfo=UTC)) == 1
    assert mail.outbox[0].body.count("The bell") == 3


def test_a_mail_that_fails_is_tried_again_and_given_up_in_the_end(
    bell: Bell, nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _messages: object) -> int:
        raise ConnectionRefusedError(111, "Connection refused")

    bell.ring("one")
    finding.find_all(now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert deliver() == 0
    (row,) = rows(NotificationDelivery)
    assert (row.state, row.attempts, row.due_at) == ("pending", 1, NOW + timedelta(minutes=1))
    assert "Connection refused" in row.error
    assert deliver() == 0
    assert deliver(NOW + timedelta(minutes=1)) == 1

    with across_operators("the test makes it old"):
        NotificationDelivery.objects.update(state="pending", attempts=7)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        deliver(NOW + timedelta(days=1))
    assert rows(NotificationDelivery)[0].state == DeliveryState.FAILED


def test_what_another_worker_has_claimed_is_left_to_it(bell: Bell, nora: User) -> None:
    bell.ring("one")
    finding.find_all(now=NOW)
    with across_operators("as a worker that has not finished"):
        group = NotificationDelivery.objects.get()
        claimed = delivery._claim(group.operator_id, nora.pk, "email", NOW)
        again = delivery._claim(group.operator_id, nora.pk, "email", NOW)

    assert (len(claimed), again) == (1, [])
    assert deliver() == 0
    assert mail.outbox == []


def test_one_who_left_gets_no_mail(bell: Bell, nora: User) -> None:
    bell.ring("one")
    finding.find_all(now=NOW)
    User.objects.filter(pk=nora.pk).update(is_active=False)

    deliver()

    assert mail.outbox == []
    assert rows(NotificationDelivery)[0].state == DeliveryState.DROPPED


def test_own_choice_goes_before_the_roles_and_that_before_the_default(
    bell: Bell, operator: Operator, nora: User
) -> None:
    other = make_person(operator=operator, role=Role.OWNER)
    with operator_scope(operator):
        choices.choose_for_role(
            operator=operator, role="owner", wanted={("bell.rang", "email")}, delays={}
        )
        NotificationChoice.objects.create(
            operator=operator, user=nora, event="bell.rang", way="email", is_chosen=False
        )
    bell.ring("one")
    finding.find_all(now=NOW)

    (notification,) = rows(Notification)
    assert (notification.user_id, notification.is_on_page) == (other.pk, False)
    assert [entry.verb for entry in rows(AuditEntry)] == ["notification.choose_for_role"]


def test_a_limited_member_hears_of_its_places_alone(bell: Bell, operator: Operator) -> None:
    site, elsewhere = make_site(operator=operator), make_site(operator=operator)
    member = make_limited_member(site, operator=operator, role=Role.VIEWER)
    bell.ring("here", site.pk)
    bell.ring("there", elsewhere.pk)
    bell.ring("everywhere")

    finding.find_all(now=NOW)

    assert [(n.user_id, n.key) for n in rows(Notification)] == [(member.pk, "here")]


def test_a_search_that_fails_does_not_keep_the_others(
    bell: Bell, nora: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_search: Search) -> list[Occurrence]:
        raise ValueError("no such thing")

    broken = EventKind(name="broken", label="x", permission="network.view", find=fail, words=str)
    monkeypatch.setattr(finding, "event_kinds", lambda: {"broken": broken, "bell.rang": bell.kind})
    bell.ring("one")

    assert finding.find_all(now=NOW) == 1
    assert "broken" in caplog.text


def test_the_bell_counts_and_the_page_marks(bell: Bell, client: Client, nora: User) -> None:
    bell.ring("one")
    bell.ring("two")
    finding.find_all(now=NOW)
    client.force_login(nora)
    User.objects.filter(pk=nora.pk).update(language="en")

    page = client.get("/notifications/").content.decode()
    assert 'aria-label="2 unread notifications"' in page
    assert "The bell one rang." in page
    first, _second = rows(Notification)
    gone = client.post(f"/notifications/{first.pk}/")
    assert gone["Location"] == "/sites/"
    unread = client.get("/notifications/", {"unread": "true"}).content.decode()
    assert "The bell one rang." not in unread
    client.post("/notifications/read/")
    assert "unread notification" not in client.get("/notifications/").content.decode()

    client.force_login(make_person(operator=make_operator(), role=Role.OWNER))
    assert client.get(f"/notifications/{first.pk}/").status_code == 404


def test_people_choose_on_their_page(bell: Bell, client: Client, nora: User) -> None:
    client.force_login(nora)
    form = {"wanted": ["bell.rang:page"], "digest_time": "06:15", "quiet_from": "22:00"}

    half = client.post("/me/notifications/", form)
    assert half.status_code == 200
    assert rows(NotificationChoice) == []
    strange = client.post("/me/notifications/", form | {"quiet_from": "", "wanted": ["a:b"]})
    assert strange.status_code == 200
    client.post("/me/notifications/", form | {"quiet_to": "06:00", "is_digest": "on"})

    chosen = {(c.event, c.way): c.is_chosen for c in rows(NotificationChoice)}
    assert chosen == {
        ("bell.rang", "page"): True,
        ("bell.rang", "email"): False,
        ("bell.rang", "webhook"): False,
    }
    (times,) = rows(NotificationSettings)
    assert (times.quiet_from, times.quiet_to, times.is_digest) == (time(22), time(6), True)
    (entry,) = rows(AuditEntry)
    assert (entry.verb, entry.before) == ("notification.choose", {"bell.rang:email": True})
    client.post("/me/notifications/", form | {"quiet_to": "06:00", "reset": "1"})
    assert rows(NotificationChoice) == []


def test_owners_choose_for_roles(
    bell: Bell, client: Client, operator: Operator, nora: User
) -> None:
    client.force_login(nora)
    address = "/operator/notifications/?role=viewer"

    bad = client.post(address, {"wanted": [], "delay:bell.rang": "0"})
    assert b"1" in bad.content
    assert rows(NotificationChoice) == []
    client.post(address, {"wanted": ["bell.rang:email"], "delay:bell.rang": "45"})

    chosen = {(c.role, c.way): c.is_chosen for c in rows(NotificationChoice)}
    assert chosen == {("viewer", "email"): True, ("viewer", "page"): False}
    with operator_scope(operator):
        assert choices.delays_of(operator) == {"bell.rang": 45}
    client.force_login(make_person(operator=operator, role=Role.CONTROL_ROOM))
    assert client.post(address, {"wanted": []}).status_code == 403


def test_the_api_reads_marks_and_chooses(
    bell: Bell, client: Client, operator: Operator, nora: User
) -> None:
    bell.ring("one")
    finding.find_all(now=NOW)
    client.force_login(nora)

    (found,) = client.get("/api/v1/notifications", {"unread": "true"}).json()["results"]
    assert found["text"] == "The bell one rang."
    assert client.post(f"/api/v1/notifications/{found['id']}/read").json() == {"marked": 1}
    assert client.post("/api/v1/notifications/read-all").json() == {"marked": 0}
    mine = client.get("/api/v1/me/notification-choices").json()
    assert {"event": "bell.rang", "way": "email", "is_chosen": True} in mine["choices"]
    body = {"choices": [], "quiet_from": "22:00", "quiet_to": "06:00"}
    client.put("/api/v1/me/notification-choices", body, content_type="application/json")
    assert {c.is_chosen for c in rows(NotificationChoice)} == {False}

    token = api_client(operator)
    assert token.get("/api/v1/notifications").json()["count"] == 0
    assert token.get("/api/v1/me/notification-choices").status_code == 403
    role = "/api/v1/operator/notification-choices/support"
    wanted = [{"event": "bell.rang", "way": "page", "is_chosen": True}]
    answer = token.put(role, {"choices": wanted, "delays": {"bell.rang": 9}})
    assert answer.json()["delays"] == {"bell.rang": 9}
    assert token.put(role[:-7] + "king", {"choices": []}).status_code == 422


def test_old_notifications_are_forgotten(bell: Bell, nora: User) -> None:
    bell.ring("one")
    finding.find_all(now=NOW)

    with across_operators("as the task does"):
        assert delivery.forget_old(now=NOW + timedelta(days=89)) == 0
        assert delivery.forget_old(now=NOW + timedelta(days=91)) == 2
    assert (rows(Notification), rows(NotificationDelivery)) == ([], [])
