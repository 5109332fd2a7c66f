"""What customers do: join, start, stop, activate, block, object, correct, leave; and fleets."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.rating.models import SessionBilling
from billing.review.models import Hold
from billing.spot.models import SpotPrice
from billing.spot.quarters import QUARTER, floor_quarter
from core.accounts.models import User
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from customers.drivers.models import Driver
from customers.selfservice.models import Consent, CustomerLogin
from customers.selfservice.tasks import send_customer_invitations
from customers.support.models import SupportCase
from customers.tokens.models import IdToken
from stations.commands.models import Command
from stations.sessions.models import Session
from tests.factories import tariffs
from tests.factories.core import make_person
from tests.factories.customers import make_driver, make_token
from tests.factories.rating import make_ended
from tests.factories.selfservice import CustomerWorld, make_login, snapshot_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> CustomerWorld:
    return CustomerWorld()


@pytest.fixture
def home(world: CustomerWorld) -> str:
    return f"/my/{world.operator.slug}/"


def fresh(row: Any) -> Any:
    with across_operators("the test looks at any row"):
        row.refresh_from_db()
    return row


def test_an_invited_driver_agrees_to_the_terms_and_sees_their_own(
    client: Client, world: CustomerWorld, home: str
) -> None:
    driver = make_driver(operator=world.operator, name="Nils", email="nils@example.com")
    client.force_login(make_person(operator=world.operator, role=Role.SUPPORT))
    client.post(f"/drivers/{driver.public_id}/portal/", {"email": "nils@example.com"})
    send_customer_invitations()
    link = next(w for w in str(mail.outbox[-1].body).split() if "/my/join/" in w)
    path = "/my" + link.partition("/my")[2]
    guest = Client()
    box = f"text_{world.text.pk}"
    given = {"name": "Nils", "password": "a-long-enough-one"}

    refused = guest.post(path, given)
    answer = guest.post(path, given | {box: "on"})

    assert refused.status_code == 200
    assert answer["Location"] == home
    assert guest.get(home).context["customer"].driver == driver
    user = User.objects.get(email="nils@example.com")
    with across_operators("the test looks at any row"):
        assert [one.text.version for one in Consent.objects.filter(user=user)] == [1]
    assert guest.get(path).status_code == 404  # a link works once


def test_a_driver_starts_waits_and_cancels(client: Client, world: CustomerWorld, home: str) -> None:
    client.force_login(world.dina)
    url = f"{home}stations/{world.site.public_id}/{world.evse.pk}/start/"

    first = client.post(url, {"token": world.token.pk})
    again = client.post(url, {"token": world.token.pk})
    page = client.get(first["Location"])
    client.post(f"{first['Location']}cancel/")

    with across_operators("the test looks at any row"):
        command = Command.objects.get()
    assert first["Location"] == again["Location"]
    assert page.context["progress"].state == "asking"
    assert (command.command, command.parameters["id_token"]) == ("remote_start", world.token.uid)
    assert command.state == "expired"
    assert client.get(first["Location"]).context["progress"].state == "cancelled"


def test_who_pays_the_spot_price_reads_the_next_two_hours_before_the_start(
    client: Client, world: CustomerWorld, home: str
) -> None:
    spot = {"area": "SE3", "averaging": "quarter", "vat": 25, "mark_up": [{"price": 0.1}]}
    priced = tariffs.make_tariff(operator=world.operator, currency="EUR")
    terms = {"currency": "EUR", "tax_included": "YES", "elements": [], "extras": {"spot": spot}}
    tariffs.make_version(priced, terms)
    tariffs.make_assignment(priced, station=world.station)
    begin = floor_quarter(timezone.now())
    with across_operators("the test stores the market's prices"):
        SpotPrice.objects.bulk_create(
            SpotPrice(area="SE3", starts_at=begin + n * QUARTER, price=60, source="entsoe")
            for n in range(4)
        )
    client.force_login(world.dina)

    page = client.get(f"{home}stations/{world.site.public_id}/{world.evse.pk}/start/")

    first, last = page.context["coming"]
    assert first.endswith("EUR 0.20/kWh (incl. VAT)")  # (0.06 + 0.10) with 25 % VAT
    assert last.endswith("not known yet")
    assert "A kilowatt-hour in the next two hours" in page.content.decode()


def test_a_start_says_why_it_is_refused(client: Client, world: CustomerWorld, home: str) -> None:
    client.force_login(world.dina)
    first = world.station.evses
    with across_operators("the test looks at any row"):
        busy = first.order_by("number")[0]
        Driver.objects.filter(pk=world.driver.pk).update(
            max_gross_per_month=0, limit_currency="SEK"
        )

    def said(evse: int) -> list[str]:
        url = f"{home}stations/{world.site.public_id}/{evse}/start/"
        answer = client.post(url, {"token": world.token.pk}, follow=True)
        return [str(one) for one in answer.context["messages"]]

    assert said(busy.pk) == ["Somebody charges here now. Choose another."]
    assert said(world.evse.pk) == ["The token has used its amount for this month."]
    with across_operators("the test looks at any row"):
        assert Command.objects.count() == 0


def test_a_driver_stops_what_runs_once(client: Client, world: CustomerWorld, home: str) -> None:
    client.force_login(world.dina)
    url = f"{home}sessions/{world.running.public_id}/stop/"

    client.post(url)
    client.post(url)

    with across_operators("the test looks at any row"):
        command = Command.objects.get()
    assert command.parameters == {"transaction": world.running.ocpp_transaction_id}


def test_a_card_is_activated_by_its_number_and_blocked_at_once(
    client: Client, world: CustomerWorld, home: str
) -> None:
    free = make_token(operator=world.operator, printed_number="NLJ 1001 2002")
    make_token(operator=world.operator, printed_number="NLJ 9", driver=world.driver)
    client.force_login(world.dina)

    taken = client.post(f"{home}cards/activate/", {"printed_number": "NLJ 9"})
    client.post(f"{home}cards/activate/", {"printed_number": "nlj1001-2002", "label": "Mine"})
    client.post(f"{home}cards/{free.pk}/block/")

    assert "no free card" in taken.content.decode()
    assert fresh(free).driver_id == world.driver.pk
    assert (free.label, free.status) == ("Mine", "blocked")
    client.post(f"{home}cards/{free.pk}/unblock/")
    assert fresh(free).status == "active"


def test_what_the_company_blocked_the_driver_does_not_let_go(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.carl)
    client.post(f"{home}cards/{world.token.pk}/block/")
    client.force_login(world.dina)

    client.post(f"{home}cards/{world.token.pk}/unblock/")

    assert fresh(world.token).status == "blocked"


def test_objecting_holds_what_is_not_billed_until_a_person_decides(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.dina)
    url = f"{home}sessions/{world.session.public_id}/object/"

    client.post(url, {"text": "I was not there"})
    client.post(url, {"text": "again"})

    with across_operators("the test looks at any row"):
        case = SupportCase.objects.get(session=world.session)
        billing = SessionBilling.objects.get(session=world.session)
        assert [one.code for one in Hold.objects.filter(billing=billing)] == ["disputed"]
        notes = [one.text for one in case.entries.filter(kind="note")]
    assert billing.state == "held"
    assert (case.driver_id, notes) == (world.driver.pk, ["I was not there"])


def test_objecting_to_an_invoice_stops_reminders(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.dina)

    client.post(f"{home}invoices/{world.invoice.public_id}/object/", {"text": "Too much"})

    assert fresh(world.invoice).is_disputed
    assert not fresh(world.companys).is_disputed


def test_staffs_own_notes_stay_theirs(client: Client, world: CustomerWorld, home: str) -> None:
    client.force_login(make_person(operator=world.operator, role=Role.SUPPORT))
    note = f"/support/cases/{world.case.public_id}/note/"
    client.post(note, {"text": "Difficult customer"})
    client.post(note, {"text": "We gave it back", "is_shared": "on"})
    client.force_login(world.dina)

    page = client.get(f"{home}cases/{world.case.public_id}/").content.decode()

    assert "We gave it back" in page
    assert "Difficult customer" not in page


def test_a_driver_takes_all_of_it_and_leaves(client: Client, world: CustomerWorld) -> None:
    driver = make_driver(operator=world.operator, name="Nils Alone", email="nils@example.com")
    user = make_person(email="nils@example.com", name="Nils Alone")
    make_login(user, driver=driver)
    card = make_token(operator=world.operator, driver=driver, label="Nils")
    session = make_ended(
        station=world.station, token_snapshot=snapshot_of(driver), reconciled_at=None,
        evse=world.second,
    )  # fmt: skip
    client.force_login(user)
    home = f"/my/{world.operator.slug}/"

    file: Any = client.get(f"{home}data/export/")
    client.post(f"{home}data/delete/")

    with zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))) as bundle:
        told = json.loads(bundle.read("sessions.json"))
        assert json.loads(bundle.read("profile.json"))["name"] == "Nils Alone"
    assert [one["public_id"] for one in told] == [session.public_id]
    assert (fresh(driver).name, driver.email, fresh(card).status) == ("–", "", "invalid")
    assert "Nils" not in json.dumps(fresh(session).token_snapshot)
    assert session.token_snapshot["driver"] == driver.public_id
    assert (fresh(user).is_active, user.name) == (False, "")
    assert client.get(home).status_code == 302


def test_a_companys_driver_is_ended_by_the_company_alone(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.dina)
    name = world.driver.name

    client.post(f"{home}data/delete/")

    assert fresh(world.driver).name == name
    with across_operators("the test looks at any row"):
        assert CustomerLogin.objects.filter(driver=world.driver, ended_at=None).exists()


def test_a_file_of_hr_adds_changes_and_ends(
    client: Client, world: CustomerWorld, home: str
) -> None:
    with across_operators("the test sets any row"):
        Driver.objects.filter(pk=world.driver.pk).update(employee_number="7")
    leaver = make_driver(operator=world.operator, company=world.company, employee_number="8")
    file = io.BytesIO(b"employee_number,name,cost_centre\n7,Dina,4020\n9,Newcomer,4010\n")
    file.name = "hr.csv"
    client.force_login(world.carl)

    shown = client.post(f"{home}driver-file/", {"file": file, "ends_others": "on"})
    found = shown.context["found"]
    client.post(f"{home}driver-file/", {"sealed": found.sealed, "shown": found.digest})

    assert (fresh(world.driver).name, world.driver.cost_centre) == ("Dina", "4020")
    assert fresh(leaver).valid_until_on == timezone.localdate()
    with across_operators("the test looks at any row"):
        newcomer = Driver.objects.get(employee_number="9")
    assert (newcomer.company_id, newcomer.valid_until_on) == (world.company.pk, None)


def test_a_company_limits_a_driver_and_sees_the_month_by_cost_centre(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.carl)
    edit = f"{home}drivers/{world.driver.public_id}/change/"

    client.post(edit, {"name": "Dina", "language": "sv", "max_gross_per_month": "500",
                       "max_energy_kwh": "100", "cost_centre": "X"})  # fmt: skip
    month = f"{world.rated.delivered_on:%Y-%m}"
    page = client.get(f"{home}specification/?month={month}")

    fresh(world.driver)
    assert world.driver.max_gross_per_month == Decimal(500)
    assert world.driver.max_energy_wh_per_month == 100_000
    (share,) = page.context["shares"]
    assert (share.sessions, share.gross, share.currency) == (1, Decimal(50), "SEK")


def test_the_home_asks_the_same_with_many_sessions_behind_it(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.dina)

    def asked() -> int:
        client.get(home)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(home).status_code == 200
        return len(queries)

    few = asked()
    now = timezone.now()
    with across_operators("tests make rows of any operator"):
        Session.objects.bulk_create(
            Session(
                operator=world.operator, station=world.station, public_id=f"ses_many{n}",
                ocpp_version="1.6", ocpp_transaction_id=f"m{n}", state="ended",
                token_snapshot=snapshot_of(world.driver), started_at=now - timedelta(hours=n),
            )
            for n in range(1, 200)
        )  # fmt: skip
        IdToken.objects.bulk_create(
            IdToken(operator=world.operator, uid=f"MANY{n}", driver=world.driver) for n in range(10)
        )

    assert asked() == few
    assert few <= 30


def test_a_waived_session_costs_nothing_and_has_no_receipt(
    client: Client, world: CustomerWorld, home: str
) -> None:
    client.force_login(world.dina)
    page = f"{home}sessions/{world.session.public_id}/"
    receipt = client.get(f"{page}receipt.pdf")
    with across_operators("the test sets any row"):
        SessionBilling.objects.filter(session=world.session).update(state="waived")

    waived = client.get(page)

    assert (receipt.status_code, receipt.content[:5]) == (200, b"%PDF-")
    assert waived.context["price"] is None
    assert client.get(f"{page}receipt.pdf").status_code == 302
