"""Files of issued documents, and their way to the customer."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from billing.invoices import file_services, sending
from billing.invoices.delivery_lists import issued_in
from billing.invoices.delivery_models import Delivery, InvoiceFile
from billing.invoices.delivery_services import plan_due
from billing.invoices.delivery_tasks import make_invoice_files, send_deliveries
from billing.invoices.file_services import content, make_next
from billing.invoices.models import Invoice
from billing.invoices.tests.test_peppol import broken_rules
from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.ids import public_id
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.invoices import make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def seller(operator: Operator) -> Seller:
    return make_seller(
        operator=operator, peppol_address="0007:5567037485", email="faktura@laddnat.example",
        iban="SE45 5000 0000 0583 9825 7466", bic="SWEDSESS", colour="#0b5c7a",
    )  # fmt: skip


def issued(seller: Seller, *nets: str, **account: Any) -> Invoice:
    values = {
        "name": "Åkes Bud AB", "kind": "company", "emails": ["ekonomi@akes.example"],
        "organisation_number": "556036-0793", "vat_number": "SE556036079301",
        "address": "Storgatan 5", "postal_code": "352 31", "city": "Växjö",
        "buyer_reference": "Kst 4100",
    } | account  # fmt: skip
    with operator_scope(seller.operator):
        return make_issued(seller, make_account(operator=seller.operator, **values), *nets)


def peppol(seller: Seller) -> Invoice:
    return issued(seller, "400.00", "80.00", peppol_address="0007:5560360793")


def delivery_of(invoice: Invoice) -> Delivery:
    with across_operators("the test looks"):
        found: Delivery = Delivery.objects.filter(invoice=invoice).latest("pk")
    return found


def test_the_files_are_made_once_with_their_digest_and_stay(seller: Seller) -> None:
    invoice = peppol(seller)

    make_invoice_files()
    make_invoice_files()

    with operator_scope(seller.operator):
        ubl, pdf = sorted(InvoiceFile.objects.all(), key=lambda one: one.kind, reverse=True)
        text = PdfReader(BytesIO(content(pdf))).pages[0].extract_text()
        assert invoice.number in text
        assert "556703-7485" in text
        assert hashlib.sha256(content(ubl)).hexdigest() == ubl.sha256
        assert broken_rules(content(ubl)) == []
        with pytest.raises(IntegrityError), transaction.atomic():
            InvoiceFile.objects.filter(pk=pdf.pk).update(sha256="0" * 64)
        with pytest.raises(IntegrityError), transaction.atomic():
            InvoiceFile.objects.filter(pk=pdf.pk).delete()


def test_a_mail_goes_out_once_in_the_customers_language(seller: Seller) -> None:
    invoice = issued(seller, "400.00", language="sv")
    make_invoice_files()

    send_deliveries()
    send_deliveries()

    (message,) = mail.outbox
    delivery = delivery_of(invoice)
    assert message.to == ["ekonomi@akes.example"]
    assert message.subject == f"Faktura {invoice.number} från {seller.name}"
    assert message.attachments[0][0] == f"{invoice.number}.pdf"
    assert message.extra_headers["Message-ID"] == delivery.message_id
    assert (delivery.state, delivery.attempts, delivery.is_planned) == ("sent", 1, True)
    with operator_scope(seller.operator):
        invoice.refresh_from_db()
    assert invoice.sent_at == delivery.sent_at


def test_a_killed_sender_never_sends_twice_without_saying_so(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = issued(seller, "400.00")
    make_invoice_files()

    def killed(_delivery: Delivery) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "_hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        send_deliveries()
    monkeypatch.undo()
    send_deliveries()
    assert delivery_of(invoice).state == "sending"
    with across_operators("the test lets time pass"):
        Delivery.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    send_deliveries()

    left = delivery_of(invoice)
    assert (left.state, left.error, mail.outbox) == ("failed", sending.INTERRUPTED, [])


def test_a_server_that_is_away_is_tried_again_and_a_refusal_is_not(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = issued(seller, "400.00")
    make_invoice_files()

    def away(_delivery: Delivery) -> None:
        raise ConnectionRefusedError("away")

    monkeypatch.setattr(sending, "_hand_over", away)
    send_deliveries()
    first = delivery_of(invoice)
    with across_operators("the test lets time pass"):
        Delivery.objects.update(next_at=timezone.now(), attempts=sending.MOST_ATTEMPTS - 1)
    send_deliveries()

    assert (first.state, first.error) == ("queued", "ConnectionRefusedError: away")
    assert first.next_at > timezone.now()
    assert delivery_of(invoice).state == "failed"


def test_an_e_invoice_is_put_into_the_folder_whole_and_once(
    seller: Seller, settings: Any, tmp_path: Path
) -> None:
    settings.PEPPOL_FOLDER = str(tmp_path)
    invoice = peppol(seller)
    make_invoice_files()
    send_deliveries()
    delivery = delivery_of(invoice)
    client = api_client(seller.operator)
    again = client.post(
        f"/api/v1/invoices/{invoice.public_id}/deliveries", {"way": "peppol_folder"}
    )
    send_deliveries()

    (written,) = list((tmp_path / seller.operator.slug).iterdir())
    assert (delivery.way, delivery.addresses) == ("peppol_folder", ["0007:5560360793"])
    assert written.name == f"{invoice.public_id}-{invoice.number}.xml"
    assert again.status_code == 201, again.content
    listed = client.get("/api/v1/invoice-deliveries", {"state": "sent"}).json()["results"]
    assert [one["invoice"] for one in listed] == [invoice.public_id] * 2


def test_a_bounce_is_reported_and_listed(seller: Seller) -> None:
    invoice = issued(seller, "400.00")
    make_invoice_files()
    send_deliveries()
    client = api_client(seller.operator)
    one = f"/api/v1/invoice-deliveries/{delivery_of(invoice).public_id}"

    done = client.post(f"{one}/bounce", {"error": "550 no such person"})
    again = client.post(f"{one}/bounce", {"error": "550 no such person"})

    assert (done.status_code, again.status_code) == (200, 409)
    assert done.json()["state"] == "bounced"
    anna = Client()
    anna.force_login(make_person(operator=seller.operator, role=Role.ACCOUNTANT))
    page = anna.get("/invoice-deliveries/?state=bounced").content.decode()
    assert invoice.number in page
    assert "550 no such person" in page


def test_old_documents_are_not_sent_by_themselves(seller: Seller) -> None:
    issued(seller, "400.00")
    with across_operators("the task runs so"):
        later = timezone.now() + timedelta(days=20)
        assert make_next(now=later) == 0
        assert make_next(now=later, everything=True) == 1

        assert plan_due(now=later) == 0


def test_a_file_that_nobody_made_yet_is_made_when_it_is_asked_for_and_stays(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = peppol(seller), issued(seller, "100.00")
    anna, api = Client(), api_client(seller.operator)
    anna.force_login(make_person(operator=seller.operator, role=Role.ACCOUNTANT))

    page = anna.get(f"/invoices/{first.public_id}/pdf/")
    again = api.get(f"/api/v1/invoices/{first.public_id}/files/pdf")
    make_invoice_files(everything=True)

    assert page.content == again.content
    with operator_scope(seller.operator):
        kinds = InvoiceFile.objects.filter(invoice=first).values_list("kind", flat=True)
        assert sorted(kinds) == ["pdf", "ubl"]
        assert InvoiceFile.objects.filter(invoice=second, kind="pdf").count() == 1
    assert hashlib.sha256(page.content).hexdigest() == again["X-Content-SHA256"]
    assert anna.get(f"/invoices/{second.public_id}/ubl/").status_code == 404

    third = issued(seller, "100.00")
    monkeypatch.setattr(file_services, "render_invoice", lambda *_a, **_k: 1 / 0)
    failed = anna.get(f"/invoices/{third.public_id}/pdf/", follow=True)
    refused = api.get(f"/api/v1/invoices/{third.public_id}/files/pdf")
    assert failed.redirect_chain == [(f"/invoices/{third.public_id}/delivery/", 302)]
    assert "ZeroDivisionError" in failed.content.decode()
    assert (refused.status_code, refused.json()["code"]) == (409, "not_made")


def test_a_mail_that_came_back_and_is_printed_is_among_what_is_to_be_printed(
    seller: Seller,
) -> None:
    one = issued(seller, "400.00")
    assert one.issued_on is not None
    month = (one.issued_on, one.issued_on)
    with operator_scope(seller.operator):
        for way, state, error in (("email", "bounced", "full"), ("print", "queued", "")):
            Delivery.objects.create(
                operator=seller.operator, public_id=public_id("dlv"), invoice=one, way=way,
                state=state, error=error,
            )  # fmt: skip

        assert list(issued_in(month, way="print")) == [one]
        assert not issued_in(month, way="email").exists()


def test_files_are_downloaded_printed_and_zipped(seller: Seller) -> None:
    first, second = issued(seller, "400.00"), issued(seller, "100.00", emails=[])
    make_invoice_files()
    anna, tore = Client(), Client()
    anna.force_login(make_person(operator=seller.operator, role=Role.ACCOUNTANT))
    tore.force_login(make_person(operator=seller.operator, role=Role.TECHNICIAN))

    one = anna.get(f"/invoices/{first.public_id}/pdf/")
    month = f"{first.issued_on:%Y-%m}"
    bundle = anna.get("/invoice-files/", {"month": month, "as": "zip"})
    paper = anna.get("/invoice-files/", {"month": month, "as": "print", "way": "print"})

    assert one["Content-Type"] == "application/pdf"
    assert f'filename="{first.number}.pdf"' in one["Content-Disposition"]
    names = ZipFile(BytesIO(bundle.getvalue())).namelist()
    assert [name.rsplit("/", 1)[1] for name in names] == [
        f"{first.number}.pdf", f"{second.number}.pdf",
    ]  # fmt: skip
    pages = PdfReader(BytesIO(paper.getvalue())).pages
    assert second.number in pages[0].extract_text()
    assert len(pages) == 1
    assert tore.get(f"/invoices/{first.public_id}/pdf/").status_code == 403
