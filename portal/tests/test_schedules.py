"""Schedules: what is sent, to whom, once, and when it stops."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.schedules import mailing, running
from core.schedules.models import Delivery, Schedule
from core.tenancy.scopes import across_operators
from stations.sites.models import MembershipSite
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db
NEW = "/schedules/new/?source=list&item=stations&query=q%3DNorr%26columns%3Dname%2Cidentity"
FORM = {
    "name": "Morning list", "extension": "xlsx", "frequency": "daily", "weekday": "0",
    "month_day": "1", "hour": "7", "time_zone": "Europe/Stockholm", "sends_empty": "on",
}  # fmt: skip


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(operator: Operator) -> User:
    return make_person(operator=operator, role=Role.CONTROL_ROOM, name="Olga", email="olga@x.se")


@pytest.fixture
def page(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def member(user: User) -> Membership:
    with across_operators("the test looks at all of them"):
        found: Membership = Membership.objects.get(user=user)
    return found


def create(client: Client, *recipients: User, url: str = NEW, **form: str) -> Any:
    data = {**FORM, **form, "recipients": [member(user).pk for user in recipients]}
    return client.post(url, data, follow=True)


def schedule() -> Schedule:
    with across_operators("the test looks at all of them"):
        found: Schedule = Schedule.objects.get()
    return found


def deliveries() -> list[Delivery]:
    with across_operators("the test looks at all of them"):
        return list(Delivery.objects.order_by("due_at"))


def run(now: datetime | None = None) -> int:
    """What the task does, at the time the schedule is due."""
    at = now or schedule().next_due_at
    with across_operators("as the task does"):
        running.note_due(now=at)
        return running.deliver_waiting(now=at)


def test_a_list_is_sent_with_its_filter_columns_and_format(
    page: Client, operator: Operator, olga: User
) -> None:
    anna = make_person(operator=operator, role=Role.ACCOUNTANT, email="anna@x.se", language="sv")
    site = make_site(operator=operator)
    make_station(site=site, name="Norr 1", identity="CP-1")
    make_station(site=site, name="Söder 1")
    make_station(name="Norr of others")
    shown = create(page, olga, anna)

    assert "Search: Norr" in shown.content.decode()
    assert schedule().next_due_at > timezone.now()
    assert run() == 1

    first, second = mail.outbox
    assert (first.to, second.to) == (["olga@x.se"], ["anna@x.se"])
    assert "1 row, attached." in str(first.body)
    assert "1 rad, bifogad." in str(second.body)
    name, content, kind = first.attachments[0]
    assert re.fullmatch(r"stations-\d{4}-\d\d-\d\dT\d{4}Z\.xlsx", str(name))
    assert kind == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)  # type: ignore[union-attr]  # it has a sheet
    assert rows == [("name", "identity"), ("Norr 1", "CP-1")]
    (sent,) = deliveries()
    assert (sent.state, sent.row_count, sent.sent_to) == ("sent", 1, ["olga@x.se", "anna@x.se"])


def test_each_due_time_is_sent_once_and_missed_ones_are_not_made_up_for(
    page: Client, olga: User
) -> None:
    create(page, olga)
    due = schedule().next_due_at

    assert [run(due), run(due)] == [1, 0]
    assert run(due + timedelta(days=5)) == 1

    assert [d.due_at for d in deliveries()] == [due, due + timedelta(days=1)]
    assert schedule().next_due_at > due + timedelta(days=5)
    assert len(mail.outbox) == 2


def test_it_stops_when_the_owner_may_not_see_it_any_more(page: Client, olga: User) -> None:
    create(page, olga)
    with across_operators("olga becomes a viewer"):
        Membership.objects.filter(user=olga).update(role=Role.VIEWER)

    assert run() == 0

    stopped = schedule()
    assert (stopped.state, mail.outbox) == ("stopped", [])
    assert stopped.stopped_reason == "Its owner may not see this any more."
    with across_operators("the test looks at all of them"):
        last = AuditEntry.objects.latest("id")
    assert (last.verb, last.actor_kind) == ("schedule.stop", "system")
    assert run(stopped.next_due_at + timedelta(days=9)) == 0


def test_a_recipient_who_may_not_see_it_any_more_is_left_out(
    page: Client, operator: Operator, olga: User
) -> None:
    tore = make_person(operator=operator, role=Role.TECHNICIAN, email="tore@x.se")
    create(page, olga, tore)
    with across_operators("tore leaves"):
        Membership.objects.filter(user=tore).update(is_active=False)

    run()

    assert [m.to for m in mail.outbox] == [["olga@x.se"]]
    assert deliveries()[0].left_out == ["tore@x.se"]


def test_recipients_never_get_more_than_they_may_see(
    page: Client, operator: Operator, olga: User
) -> None:
    limited = make_person(operator=operator, role=Role.TECHNICIAN, email="limited@x.se")
    with across_operators("the test limits a member to one site"):
        Membership.objects.filter(user=limited).update(is_limited=True)
        MembershipSite.objects.create(
            operator=operator, membership=member(limited), site=make_site(operator=operator)
        )
    stranger = make_person(operator=make_operator())

    assert "limited@x.se" not in page.get(NEW).content.decode()
    for user in (limited, stranger):
        create(page, user)
        with across_operators("the test looks at all of them"):
            assert not Schedule.objects.exists()


def test_a_filter_that_no_longer_holds_stops_it_rather_than_widens_it(
    page: Client, olga: User
) -> None:
    create(page, olga)
    with across_operators("a later version knows no such filter"):
        Schedule.objects.update(query="colour=red")

    run()

    assert mail.outbox == []
    assert "colour" in schedule().stopped_reason


def test_a_large_file_is_fetched_by_who_may(
    page: Client, operator: Operator, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AS_ATTACHMENT", 10)
    create(page, olga)
    run()

    (sent,) = deliveries()
    address = f"/deliveries/{sent.public_id}/file/"
    assert address in str(mail.outbox[0].body)
    assert mail.outbox[0].attachments == []
    assert page.get(address).content.startswith(b"PK")
    for other in (make_person(operator=operator), make_person(operator=make_operator())):
        client = Client()
        client.force_login(other)
        assert client.get(address).status_code == 404
    run(sent.due_at + timedelta(days=40))
    assert page.get(address).status_code == 404


def test_a_failed_mail_is_tried_again_for_those_who_have_not_got_it(
    page: Client, operator: Operator, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(page, olga, make_person(operator=operator, email="b@x.se"))
    real, failing = mailing.send, ["b@x.se"]

    def send(message: Any, to: Membership) -> None:
        if to.user.email in failing:
            raise OSError("no mail server")
        real(message, to)

    monkeypatch.setattr(mailing, "send", send)

    due = schedule().next_due_at
    assert run(due) == 0
    assert deliveries()[0].state == "waiting"
    failing.clear()
    assert run(due) == 1

    assert [m.to for m in mail.outbox] == [["olga@x.se"], ["b@x.se"]]
    assert (deliveries()[0].state, deliveries()[0].attempts) == ("sent", 2)


def test_nothing_is_sent_of_no_rows_when_so_wanted(page: Client, olga: User) -> None:
    create(page, olga, sends_empty="")

    run()

    assert (mail.outbox, deliveries()[0].state) == ([], "empty")


def test_pause_resume_run_now_change_and_delete(page: Client, olga: User) -> None:
    shown = create(page, olga)
    address = shown.redirect_chain[-1][0]

    page.post(address, {"do": "pause"})
    assert (schedule().state, run()) == ("paused", 0)
    page.post(address, {"do": "resume"})
    page.post(address, {"do": "run"})
    twice = page.post(address, {"do": "run"}, follow=True)
    assert "It is being sent already." in twice.content.decode()
    assert run(datetime.now(UTC)) == 1
    form = {**FORM, "name": "New name", "frequency": "monthly", "month_day": "31"}
    page.post(f"{address}edit/", form | {"recipients": [member(olga).pk]})
    assert (schedule().name, schedule().query) == ("New name", "q=Norr&columns=name%2Cidentity")
    wrong = page.post(f"{address}edit/", form | {"month_day": "32", "recipients": []})
    assert wrong.status_code == 200
    page.post(f"{address}delete/", {"reason": "not needed"})

    with across_operators("the test looks at all of them"):
        assert not Schedule.objects.exists()
        verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "schedule.create", "schedule.pause", "schedule.resume", "schedule.run",
        "schedule.change", "schedule.delete",
    ]  # fmt: skip


def test_others_may_look_but_not_touch(page: Client, operator: Operator, olga: User) -> None:
    address = create(page, olga).redirect_chain[-1][0]
    anna, tore = Client(), Client()
    anna.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))
    tore.force_login(make_person(operator=operator, role=Role.TECHNICIAN))

    assert anna.get(address).status_code == 200
    assert tore.get(address).status_code == 403
    assert anna.get(f"{address}edit/").status_code == 403
    refused = anna.post(address, {"do": "pause"}, follow=True)
    assert "Only its owner" in refused.content.decode()
    anna.post(f"{address}delete/", {"reason": "x"})
    assert schedule().state == "active"


def test_a_list_that_the_person_may_not_see_cannot_be_scheduled(
    operator: Operator,
) -> None:
    anna = Client()
    anna.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    assert anna.get("/schedules/new/?item=ocpp-journal").status_code == 403
    assert anna.get("/schedules/new/?item=nonsense").status_code == 404


def test_the_api_shows_schedules_and_their_log(
    page: Client, operator: Operator, olga: User
) -> None:
    create(page, olga)
    run()
    client = api_client(operator)

    (one,) = client.get("/api/v1/schedules").json()["results"]
    log = client.get(f"/api/v1/schedules/{one['id']}/deliveries").json()["results"]

    assert (one["name"], one["item"], one["recipients"]) == (
        "Morning list",
        "stations",
        ["olga@x.se"],
    )
    assert [(d["state"], d["sent_to"]) for d in log] == [("sent", ["olga@x.se"])]
    paused = client.post(f"/api/v1/schedules/{one['id']}/pause", {})
    assert (paused.status_code, schedule().state) == (200, "paused")
    stranger = api_client(operator, permissions=["schedule.manage"])
    refused = stranger.post(f"/api/v1/schedules/{one['id']}/resume", {})
    assert (refused.status_code, schedule().state) == (409, "paused")
    assert refused.json()["code"] == "not_your_schedule"
    resumed = client.post(f"/api/v1/schedules/{one['id']}/resume", {})
    assert (resumed.status_code, schedule().state) == (200, "active")
    assert api_client(operator, permissions=[]).get("/api/v1/schedules").status_code == 403


def test_a_person_makes_changes_and_removes_a_schedule_by_the_api(
    client: Client, operator: Operator, olga: User
) -> None:
    client.force_login(olga)
    body = {
        "name": "Energy", "source": "report", "item": "energy", "query": "by=site",
        "extension": "csv", "frequency": "monthly", "recipients": ["olga@x.se"],
    }  # fmt: skip
    made = api(client.post, "/api/v1/schedules", body)
    url = f"/api/v1/schedules/{made.json()['id']}"

    changed = api(client.patch, url, {"hour": 9})
    unknown = api(client.patch, url, {"recipients": ["nobody@x.se"]})
    wrong = api(client.post, "/api/v1/schedules", {**body, "query": "by=moon"})
    token = api_client(operator).post("/api/v1/schedules", body)

    assert (made.status_code, changed.json()["hour"]) == (201, 9)
    assert changed.json()["recipients"] == ["olga@x.se"]
    assert (unknown.status_code, wrong.status_code, token.status_code) == (422, 422, 403)
    run(schedule().next_due_at)
    (delivery,) = deliveries()
    assert delivery.file_name.startswith("report-energy-")
    assert client.delete(url).status_code == 204
    with across_operators("the test looks at all of them"):
        assert not Schedule.objects.exists()


def api(method: Any, url: str, body: dict[str, Any]) -> Any:
    return method(url, body, content_type="application/json")


def test_a_report_is_sent_with_its_filter(page: Client, operator: Operator, olga: User) -> None:
    make_site(operator=operator, name="Norrtull")
    asked = page.get("/reports/energy/?by=site").content.decode()
    (address,) = re.findall(r'href="(/schedules/new/[^"]*)"', asked)

    form = page.get(address.replace("&amp;", "&")).content.decode()
    create(page, olga, url=address.replace("&amp;", "&"), extension="xlsx")
    run()

    assert "Group by: site" in form
    assert (schedule().source, schedule().item, schedule().query) == ("report", "energy", "by=site")
    (message,) = mail.outbox
    name, content, _type = message.attachments[0]
    assert name.startswith("report-energy-")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["label", "id", "sessions"]
