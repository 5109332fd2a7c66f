"""Bank files by page and API: whole or not at all, once, kept as they came."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from billing.payments.bank_models import BankFile, BankTransaction
from billing.payments.tests.files import BGMAX, CAMT053, CAMT054
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.payments import make_bank_file, make_bank_transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def bring(client: APIClient, raw: bytes, name: str = "bank.txt") -> Any:
    upload = SimpleUploadedFile(name, raw)
    return client.post("/api/v1/bank-files", {"file": upload}, format="multipart")


def test_a_file_is_taken_over_once_and_kept_as_it_came(operator: Operator) -> None:
    client = api_client(operator)

    first = bring(client, CAMT054, "../../C:\\bank\\camt.xml")
    again = bring(client, CAMT054)
    content = client.get(f"/api/v1/bank-files/{first.json()['id']}/content")

    assert first.status_code == 201, first.content
    assert (first.json()["file_name"], first.json()["transaction_count"]) == ("camt.xml", 3)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "bank_file_known")
    assert content.content == CAMT054
    with operator_scope(operator):
        assert BankTransaction.objects.count() == 3


def test_a_payment_in_another_file_is_taken_over_once(operator: Operator) -> None:
    client = api_client(operator)
    bring(client, CAMT054)

    second = bring(client, CAMT053)

    assert second.json()["known_count"] == 3
    with operator_scope(operator):
        assert BankTransaction.objects.count() == 3


def test_a_broken_file_is_refused_whole_with_its_place(operator: Operator) -> None:
    broken = BGMAX.replace(b"000000000000070000SEK", b"000000000000070001SEK")

    refused = bring(api_client(operator), broken)

    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "bank_file_deposit_sum"
    assert "row 13" in refused.json()["error"]["message"]
    with across_operators("nothing must have been stored"):
        assert (BankFile.objects.count(), BankTransaction.objects.count()) == (0, 0)


def test_the_page_says_in_swedish_why_a_file_is_refused(client: Client, operator: Operator) -> None:
    anna = make_person(operator=operator, role=Role.ACCOUNTANT, language="sv")
    client.force_login(anna)

    page = client.post("/bank-files/new/", {"file": SimpleUploadedFile("x", b"<a/>")})
    good = client.post("/bank-files/new/", {"file": SimpleUploadedFile("x", BGMAX)}, follow=True)

    assert "Ingenting ur filen har lästs in" in page.content.decode()
    assert good.redirect_chain
    assert "Åkes Bud" in good.content.decode()


def test_what_the_bank_said_never_changes(operator: Operator) -> None:
    row = make_bank_transaction(make_bank_file(operator=operator))
    changes: list[Any] = [
        lambda: BankTransaction.objects.update(amount=1),
        lambda: BankTransaction.objects.all().delete(),
        lambda: BankFile.objects.update(raw=b"other"),
        lambda: BankFile.objects.all().delete(),
    ]

    with across_operators("the database itself must refuse"):
        for change in changes:
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        BankTransaction.objects.update(state="ignored", note="interest of the bank")
        row.refresh_from_db()

    assert (str(row.amount), row.state) == ("100.0000", "ignored")


def test_a_technician_sees_no_payments(operator: Operator, client: Client) -> None:
    client.force_login(make_person(operator=operator, role=Role.TECHNICIAN))

    refused = client.post("/bank-files/new/", {"file": SimpleUploadedFile("x", BGMAX)})

    assert refused.status_code == 403
    with across_operators("nothing must have been stored"):
        assert BankFile.objects.count() == 0
