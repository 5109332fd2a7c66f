"""Invitations: from the form to the first page of the new member."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.members import invitations
from core.members.models import Invitation
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-winter-night"


@pytest.fixture
def operator() -> Operator:
    return make_operator(name="Nordljus")


@pytest.fixture
def owner(client: Client, operator: Operator) -> User:
    person = make_person(operator=operator, role=Role.OWNER, name="Nora")
    client.force_login(person)
    return person


def the_invitation() -> Invitation:
    with across_operators("the test looks at all of them"):
        found: Invitation = Invitation.objects.latest("pk")
    return found


def send() -> str:
    """Send what waits; the path of the link in the last e-mail."""
    with across_operators("invitations of every operator are sent"):
        invitations.send_due(timezone.now())
    (link,) = re.findall(r"https?://[^/]+(/join/\S+)", str(mail.outbox[-1].body))
    return str(link)


def verbs() -> list[str]:
    with across_operators("the test looks at all of them"):
        return [entry.verb for entry in AuditEntry.objects.order_by("pk")]


def members_of(operator: Operator) -> set[str]:
    with across_operators("the test looks at all of them"):
        rows = Membership.objects.filter(operator=operator)
        return set(rows.values_list("user__email", flat=True))


@pytest.mark.usefixtures("owner")
def test_an_invited_person_makes_an_account_and_sees_the_chosen_sites(
    client: Client, operator: Operator
) -> None:
    station = make_station(site=make_site(operator=operator), name="Mine")
    make_station(site=make_site(operator=operator), name="Hidden one")
    values = {"email": "Vera@example.com", "name": "Vera", "role": "viewer", "language": "sv"}
    values |= {"is_limited": "on", "sites": str(station.site_id)}

    assert client.post("/invitations/new/", values).status_code == 302
    link = send()
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["Vera@example.com"], "Du är inbjuden till Nordljus")
    assert "Nora bjuder in dig" in str(letter.body)

    hers = Client()
    assert "Nordljus" in hers.get(link).content.decode()
    weak = hers.post(link, {"name": "Vera", "password": "short", "again": "short"})
    differs = hers.post(link, {"name": "Vera", "password": PASSWORD, "again": "other"})
    assert (weak.status_code, differs.status_code) == (200, 200)
    assert members_of(operator) == {email for email in members_of(operator) if "Vera" not in email}
    answer = hers.post(link, {"name": "Vera V", "password": PASSWORD, "again": PASSWORD})

    assert answer.status_code == 302
    listed = hers.get("/stations/").content.decode()
    assert "Mine" in listed
    assert "Hidden one" not in listed
    vera = User.objects.get(email="Vera@example.com")
    assert (vera.name, vera.language, vera.check_password(PASSWORD)) == ("Vera V", "sv", True)
    assert verbs() == ["invitation.create", "invitation.accept", "person.login"]
    assert Client().get(link).status_code == 404  # only once


@pytest.mark.usefixtures("owner")
def test_a_person_with_an_account_logs_in_and_accepts(client: Client, operator: Operator) -> None:
    elsewhere = make_operator()
    uma = make_person(operator=elsewhere, email="uma@example.com")
    client.post(
        "/invitations/new/", {"email": "UMA@example.com", "role": "support", "language": "en"}
    )
    link = send()

    hers = Client()
    page = hers.get(link).content.decode()
    assert f"/accounts/login/?next={link.replace(':', '%3A')}" in page
    assert (
        hers.post(link, {"name": "x", "password": PASSWORD, "again": PASSWORD}).status_code == 200
    )
    assert members_of(operator).isdisjoint({"uma@example.com"})
    hers.force_login(uma)
    hers.post(link)

    assert "uma@example.com" in members_of(operator)
    assert operator.name in hers.get("/").content.decode()


@pytest.mark.usefixtures("owner")
def test_another_person_cannot_take_the_invitation(client: Client, operator: Operator) -> None:
    client.post("/invitations/new/", {"email": "a@example.com", "role": "owner", "language": "en"})
    link = send()
    other = Client()
    other.force_login(make_person(email="thief@example.com"))

    answer = other.post(link)

    assert b"for another address" in answer.content
    assert "thief@example.com" not in members_of(operator)


@pytest.mark.usefixtures("owner")
def test_links_end_when_replaced_withdrawn_or_old(client: Client) -> None:
    client.post("/invitations/new/", {"email": "a@example.com", "role": "viewer", "language": "en"})
    base = f"/invitations/{the_invitation().pk}"
    first = send()

    client.post(f"{base}/resend/")
    second = send()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert Client().get(second[:-3] + "xx/").status_code == 404

    with across_operators("the test makes it old"):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert b"older than seven days" in Client().get(second).content
    client.post(f"{base}/withdraw/", {"reason": "wrong address"})
    assert b"has been withdrawn" in Client().get(second).content
    assert len(mail.outbox) == 2
    assert verbs() == ["invitation.create", "invitation.resend", "invitation.withdraw"]


def test_who_is_a_member_or_invited_is_not_invited_again(
    client: Client, operator: Operator, owner: User
) -> None:
    form = {"role": "viewer", "language": "en"}
    make_person(operator=operator, email="is@example.com")

    member = client.post("/invitations/new/", form | {"email": "IS@example.com"})
    client.post("/invitations/new/", form | {"email": "a@example.com"})
    twice = client.post("/invitations/new/", form | {"email": "A@example.com"})

    assert b"is a member already" in member.content
    assert b"has been invited already" in twice.content
    assert verbs() == ["invitation.create"]


def test_the_api_invites_resends_and_withdraws(operator: Operator) -> None:
    client = api_client(operator)
    site = make_site(operator=operator)
    values = {"email": "a@example.com", "role": "viewer", "is_limited": True}

    bad = client.post("/api/v1/invitations", values | {"sites": ["site_none"]})
    made = client.post("/api/v1/invitations", values | {"sites": [site.public_id]})
    url = f"/api/v1/invitations/{made.json()['id']}"
    again = client.post(f"{url}/resend")
    gone = client.post(f"{url}/withdraw", {"reason": "x"})
    late = client.post(f"{url}/resend")

    assert (bad.status_code, made.status_code) == (422, 201)
    assert made.json()["state"] == "open"
    assert the_invitation().places == [site.pk]
    assert again.status_code == 200
    assert gone.json()["state"] == "withdrawn"
    assert (late.status_code, late.json()["error"]["code"]) == (409, "invitation_withdrawn")
