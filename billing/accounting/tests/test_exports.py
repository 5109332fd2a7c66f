"""Each entry leaves once for each profile; every file reads back and balances."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client, RequestFactory
from openpyxl import load_workbook

from billing.accounting.entries import balances
from billing.accounting.exports.models import ExportedEntry, ExportReceipt
from billing.accounting.exports.services import change_profile, create_profile, make_exports
from billing.accounting.exports.sie_reader import SieFile, read_sie
from billing.accounting.exports.source import LedgerFileSource
from billing.accounting.models import JournalEntry
from billing.accounting.reading import pure_entries
from billing.sellers.models import Seller
from core.accounts.permissions import Role
from core.errors import RuleViolation
from core.files.store import load
from core.tenancy.scopes import operator_scope
from tests.factories.accounting import make_entry
from tests.factories.billing import make_seller
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)


@pytest.fixture
def seller() -> Iterator[Seller]:
    made = make_seller(operator=make_operator())
    for n, on in enumerate([date(2026, 10, 30), date(2026, 10, 30), date(2027, 1, 2)]):
        make_entry(made, f"F{n}", on)
    with operator_scope(made.operator):
        yield made


def content(receipt: ExportReceipt) -> bytes:
    data = load(receipt.path)
    assert data is not None
    return data


def sums(file: SieFile) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for voucher in file.vouchers:
        for row in voucher.rows:
            found[row.account] = found.get(row.account, Decimal(0)) + row.amount
    return found


def test_a_sie_file_a_year_holds_each_entry_once_and_balances_with_the_journal(
    seller: Seller, client: Client
) -> None:
    profile = create_profile(seller=seller, name="Fortnox", starts_on=START, series="F")

    first, second = make_exports(profile=profile)

    files = [read_sie(content(one)) for one in (first, second)]
    assert [one.entry_count for one in (first, second)] == [2, 1]
    assert [len(one.vouchers) for one in files] == [2, 1]
    assert {voucher.series for one in files for voucher in one.vouchers} == {"F"}
    held = pure_entries(JournalEntry.objects.order_by("pk"))
    whole = {account: amount for (account, _sek), amount in balances(held).items()}
    assert {k: v + sums(files[1])[k] for k, v in sums(files[0]).items()} == whole
    assert make_exports(profile=profile) == []
    assert ExportedEntry.objects.count() == 3

    make_entry(seller, "F9", date(2026, 11, 1))
    (third,) = make_exports(profile=profile, made_for="dlv_1")
    assert (third.number, third.entry_count) == (3, 1)
    assert make_exports(profile=profile, made_for="dlv_1") == [third]
    with pytest.raises(RuleViolation):
        change_profile(profile=profile, starts_on=date(2025, 1, 1))

    client.force_login(make_person(operator=seller.operator, role=Role.VIEWER))
    page = f"/export-receipts/{first.public_id}/"
    assert client.get(f"{page}file/").content == content(first)
    assert client.get(page).status_code == 200
    assert client.get(f"/export-profiles/{profile.public_id}/").status_code == 200
    refused = client.post(f"/export-profiles/{profile.public_id}/export/")
    assert refused.status_code == 403


def test_a_voucher_a_day_comes_with_its_documents_and_other_ledgers_get_their_accounts(
    seller: Seller,
) -> None:
    values: dict[str, Any] = {"starts_on": START, "preset": "visma_1518"}
    values["voucher_size"] = "day_and_kind"
    profile = create_profile(seller=seller, name="Visma", **values)

    first, _second = make_exports(profile=profile)

    file = read_sie(content(first))
    assert [voucher.text for voucher in file.vouchers] == ["Faktura, 2 st"]
    assert sums(file) == {"1518": Decimal(250), "3001": Decimal(-200), "2611": Decimal(-50)}
    listed = (load(first.list_path) or b"").decode("utf-8-sig").splitlines()
    assert [line.split(";")[2] for line in listed[1:]] == ["F0", "F1"]


def test_json_and_workbook_hold_the_same(seller: Seller) -> None:
    made = {}
    for kind in ("json", "xlsx", "csv_swedish"):
        profile = create_profile(seller=seller, name=kind, starts_on=START, file_format=kind)
        made[kind] = content(make_exports(profile=profile)[0])

    entries = json.loads(made["json"])["entries"]
    amounts = [Decimal(row["amount"]) for one in entries for row in one["postings"]]
    rows = list(load_workbook(BytesIO(made["xlsx"])).active.values)[1:]  # type: ignore[union-attr]  # it has a sheet
    assert [Decimal(str((row[7] or 0) - (row[8] or 0))) for row in rows] == amounts
    assert sum(amounts) == 0
    assert len(made["csv_swedish"].decode().splitlines()) == len(rows) + 1


def test_a_schedule_sends_each_entry_once(seller: Seller) -> None:
    profile = create_profile(seller=seller, name="Fortnox", starts_on=START)
    request = RequestFactory().get("/", {"profile": profile.public_id})
    request.request_id = "dlv_1"  # type: ignore[attr-defined]  # as the middleware does
    source = LedgerFileSource()

    first, again = (source.produce(request, "journal_files", "zip") for _n in range(2))

    names = zipfile.ZipFile(first.content).namelist()
    assert names == zipfile.ZipFile(again.content).namelist()
    assert (len(names), first.row_count, ExportReceipt.objects.count()) == (2, 3, 2)
    for receipt in ExportReceipt.objects.all():
        default_storage.delete(receipt.path)
    with pytest.raises(RuleViolation, match="no longer there"):
        source.produce(request, "journal_files", "zip")
    request.request_id = "dlv_2"  # type: ignore[attr-defined]  # as the middleware does
    assert source.produce(request, "journal_files", "zip").row_count == 0
