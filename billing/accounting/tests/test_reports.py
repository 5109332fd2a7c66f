"""Reports agree with the ledger, are the same for a past day, and have the columns of the trade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from billing.accounting.accruals import Accrued
from billing.accounting.models import JournalEntry, Period, PeriodChange
from billing.accounting.origins import origin_of
from billing.accounting.posting_services import post_due
from billing.accounting.reports import report_pdf
from billing.accounting.reports.columns import CURRENCY, money
from billing.accounting.reports.files import report_csv
from billing.accounting.reports.registry import REPORTS
from billing.accounting.reports.report import Asked, Result, Tie
from billing.accounting.tests.test_posting_services import Life
from billing.dunning.models import DunningStep
from billing.invoices.models import Invoice
from billing.sellers.models import Seller
from core.accounts.permissions import Role
from core.months import first_day
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.billing import make_contract, make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.rating import make_held, price_by_hand
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
D = Decimal
HEADERS = {
    "receivables": "Kundnr;Kund;Org.nr;Fakturanr;OCR;Fakturadatum;Förfallodatum;Valuta;Belopp;"
    "Betalt;Kvar;Ej förfallet;1–30;31–60;61–90;>90;Tvist;Inkasso",
    "invoices": "Säljare;Serie;Fakturanr;Typ;Fakturadatum;Leverans from;Leverans tom;Kundnr;Kund;"
    "Land;VAT-nr;Netto 25 %;Moms 25 %;Netto 0 %;Momskod;Öresavrundning;Att betala;Ver",
    "payments": "Bokföringsdatum;Källa;Fil;Bankref;Betalare;OCR;Belopp;Fakturanr;Avprickat;"
    "Kvar oidentifierat;Konto;Ver",
    "vat": "Säljare;Land;Ruta;Momskod;Underlag;Moms;Antal ver;Diff mot huvudbok",
    "accrued": "Laddning;Slut;Kundnr;Anläggning;kWh;Netto;Skäl;Konto;Återförs",
    "margin": "Anläggning;kWh sålt;kWh inköpt;Förlust %;Intäkt;El;Nät;Effekt;Betalavgifter;"
    "Avräkning;Service;TB;TB/kWh",
    "lost": "Datum;Typ;Fakturanr;Kund;Netto;Moms;Momsjusterad;Skäl;Vem;Attest;Ver",
}


@pytest.fixture
def life() -> Iterator[Life]:
    seller = make_seller(operator=make_operator())
    with operator_scope(seller.operator):
        life = Life(seller)
        for name, amount in [
            ("invoice", D(100)), ("invoice", D(40)), ("pay", D(600)), ("unknown", D(30)),
            ("claim", D(60)), ("waive", D(1)), ("write_off", D(20)),
        ]:  # fmt: skip
            life.step(name, amount)
        assert not post_due().problems
        yield life


def made(name: str, seller: Seller, life: Life) -> Result:
    return REPORTS[name].make(Asked(seller, life.today - timedelta(days=5), life.today))


def test_every_report_agrees_with_the_ledger_to_the_last_ore(life: Life) -> None:
    results = {name: made(name, life.seller, life) for name in REPORTS}

    off = {
        (name, str(tie.label)): tie.difference
        for name, result in results.items()
        for tie in result.ties
        if tie.difference
    }
    assert off == {}
    for name, headers in HEADERS.items():
        assert ";".join(column.header for column in results[name].columns) == headers
    (owed,) = results["receivables"].rows
    assert owed[8:12] == (D(200), D(120), D(80), D(80))
    assert [row[6] for row in results["payments"].rows] == [D(30), D(600), None]
    assert {row[2]: row[5] for row in results["vat"].rows} == {"10": D(136)}
    lost = results["lost"]
    assert lost.totals[4:6] == [D(76), D(4)]
    assert [row[7] for row in lost.rows] == ["kind", "gone"]
    before = Asked(life.seller, life.today, life.today - timedelta(days=1))
    assert REPORTS["receivables"].make(before).rows == []


def test_a_credit_note_has_no_nothings_below_zero(life: Life) -> None:
    life.step("credit", D(30))
    assert not post_due().problems

    text = report_csv(made("invoices", life.seller, life))

    assert ";Kreditfaktura;" in text
    assert "-0,00" not in text


def test_amounts_of_several_currencies_are_not_summed() -> None:
    columns = [money("Netto", "Net"), CURRENCY]
    rows = [(D(1), "SEK"), (D(2), "SEK")]
    assert Result(columns, rows).totals == [D(3), None]
    assert Result(columns, [*rows, (D(3), "NOK")]).totals == [None, None]
    ties = [Tie("", D(1), D(1), currency) for currency in ("SEK", "NOK")]
    assert not Result(columns, rows, ties).is_summed


def test_what_accrued_is_tied_as_it_was_booked_site_by_site(life: Life) -> None:
    seller, month = life.seller, first_day(life.today)
    of = {"operator_id": seller.operator_id}
    period = Period.objects.create(
        **of, seller=seller, public_id="per_1", begins_on=month, state="closed",
        closed_at=timezone.now(),
    )  # fmt: skip
    kept = [
        Accrued(
            session=site, ended_on=month, customer="", customer_name="", site=site, site_name=site,
            energy_kwh=D(1), net=D("1.005"), currency="SEK", reason="held", is_estimate=True,
        ).as_json()
        for site in ("A", "B")
    ]  # fmt: skip
    change = PeriodChange.objects.create(**of, period=period, state="closed", accrued=kept)

    (tie,) = made("accrued", seller, life).ties

    assert (tie.rows, tie.journal, tie.currency) == (D("2.02"), D(0), "SEK")
    undone = JournalEntry(source_kind="undo_accrual_reversal_EU", source_id=change.pk)
    assert origin_of(undone).url == "/periods/per_1/"


def test_every_entry_leads_to_what_it_books(life: Life) -> None:
    life.step("write_off", D(5))
    life.step("credit", D(30))
    life.step("pay", D(900))
    life.step("refund", D(0))
    post_due()

    kinds = {one.source_kind: origin_of(one).url for one in JournalEntry.objects.all()}

    assert {"claim", "claim_waived", "write_off_2", "payment", "refund"} <= set(kinds)
    assert [kind for kind, url in kinds.items() if not url] == []


def test_sessions_count_for_who_sold_on_their_day(life: Life) -> None:
    station = make_station(operator=life.seller.operator)
    make_contract(station.site, form="not_invoiced", valid_from_on=life.today - timedelta(days=1))
    for days_ago in (2, 1):
        at = timezone.now() - timedelta(days=days_ago)
        session = make_session(station=station, state="ended", started_at=at, stopped_at=at)
        price_by_hand(session, life.account, D(10))

    first, *_others = made("reconciliation", life.seller, life).rows

    assert (str(first[1]), first[2]) == ("Sessions that ended", 1)


def test_what_was_handed_over_is_at_collection_from_that_day(life: Life) -> None:
    invoice = Invoice.objects.get(open_amount__gt=0)
    DunningStep.objects.create(
        operator_id=invoice.operator_id, public_id="dun_1", invoice=invoice, account=life.account,
        step="hand_over", done_on=life.today + timedelta(days=1), owed=80, total=80,
        currency="SEK", language="sv",
    )  # fmt: skip
    tomorrow = life.today + timedelta(days=1)

    rows = [
        REPORTS["receivables"].make(Asked(life.seller, on, on)).file_rows()
        for on in (life.today, tomorrow)
    ]

    assert [(one[3], one[-1]) for (one,) in rows] == [(invoice.number, ""), (invoice.number, "Ja")]


def test_words_are_the_reader_s_on_pages_and_the_ledger_s_in_files(
    life: Life, client: Client
) -> None:
    station = make_station(operator=life.seller.operator)
    at = timezone.now() - timedelta(seconds=1)
    session = make_session(station=station, state="ended", started_at=at, stopped_at=at)
    make_held(session, life.account, "doubtful")
    held = made("held", life.seller, life)
    client.force_login(make_person(operator=life.seller.operator, role=Role.VIEWER))
    days = {"from_on": f"{life.today}", "until_on": f"{life.today}"}

    pages = {
        name: client.get(reverse("book_report"), days | {"report": name}).content.decode()
        for name in REPORTS
    }

    assert ";Under granskning;" in report_csv(held)
    assert ";Slut saknas" in report_csv(held)
    assert ">Held for review" in pages["held"]
    assert ">End missing" in pages["held"]
    assert ">Sessions that ended" in pages["reconciliation"]
    assert ">Invoice\n" in pages["invoices"]
    swedish = ("Faktura", "Laddningar", "Under granskning", ">Ja\n", ">Nej\n", "Prissatt")
    assert [(n, w) for n, page in pages.items() for w in swedish if w in page] == []


def test_reports_are_pages_files_and_calls(life: Life, client: Client) -> None:
    client.force_login(make_person(operator=life.seller.operator, role=Role.VIEWER))
    assert client.get("/book-reports/").status_code == 200
    days = {"from_on": f"{life.today}", "until_on": f"{life.today}"}

    for name in REPORTS:
        page = client.get(reverse("book_report"), days | {"report": name})
        assert page.status_code == 200, name
        for kind in ("csv", "xlsx"):
            file = client.get(reverse("book_report"), days | {"report": name, "format": kind})
            assert file.status_code == 200, (name, kind)
        paper = cast(
            "StreamingHttpResponse",
            client.get(reverse("book_report"), days | {"report": name, "format": "pdf"}),
        )
        reader = PdfReader(BytesIO(paper.getvalue()))
        assert reader.root_object["/MarkInfo"]["/Marked"], name  # type: ignore[index]  # a dictionary, if marked
        assert reader.metadata is not None
        assert reader.metadata.title == str(REPORTS[name].title)
    asked = days | {"report": "receivables", "format": "csv"}
    receivables = cast("StreamingHttpResponse", client.get(reverse("book_report"), asked))
    text = receivables.getvalue().decode("utf-8-sig")
    assert text.splitlines()[0] == HEADERS["receivables"]
    assert ";80,00;" in text
    far = {"report": "held", "from_on": "9999-12-31", "until_on": "9999-12-31", "format": "csv"}
    assert client.get(reverse("book_report"), far).status_code == 400
    answer = api_client(life.seller.operator).get("/api/v1/book-reports/vat", days)
    assert answer.status_code == 200, answer.content
    assert answer.json()["ties"][0]["difference"] == "0.0000"
    swedish = api_client(life.seller.operator).get(
        "/api/v1/book-reports/receivables/pdf", days, HTTP_ACCEPT_LANGUAGE="sv"
    )
    (sheet,) = PdfReader(BytesIO(swedish.content)).pages
    words = sheet.extract_text().replace("\xa0", " ")
    assert "Kundreskontra" in words
    assert "80,00" in words


def test_a_report_with_too_many_rows_for_paper_says_so(
    life: Life, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_pdf, "MOST_ROWS", 0)
    client.force_login(make_person(operator=life.seller.operator, role=Role.VIEWER))
    asked = {"from_on": f"{life.today}", "until_on": f"{life.today}", "report": "receivables"}

    page = client.get(reverse("book_report"), asked | {"format": "pdf"})
    call = api_client(life.seller.operator).get("/api/v1/book-reports/receivables/pdf", asked)

    assert page.status_code == 400
    assert "at most 0 rows" in page.content.decode()
    assert call.status_code == 409
    client.force_login(make_person(operator=life.seller.operator, role=Role.TECHNICIAN))
    assert client.get("/book-reports/").status_code == 403
