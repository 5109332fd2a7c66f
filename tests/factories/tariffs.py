"""Tariffs, published versions and assignments for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.tariffs.documents import digest_of
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion, VersionState
from billing.tariffs.notice_models import NoticeDelivery, PriceNotice
from core.accounts.models import Operator
from core.ids import public_id
from core.tenancy.scopes import across_operators
from tests.factories.core import number

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def energy_document(price: float = 4.5, **more: Any) -> dict[str, Any]:
    """A price per kWh with 25 % VAT, in kronor with VAT."""
    component = {"type": "ENERGY", "price": price, "vat": 25, "step_size": 1}
    return {
        "currency": "SEK",
        "tax_included": "YES",
        "elements": [{"price_components": [component]}],
        **more,
    }


def make_tariff(*, operator: Operator, **fields: Any) -> Tariff:
    """A tariff without versions."""
    values = {"name": f"Tariff {number()}", "public_id": public_id("tar"), "currency": "SEK"}
    with across_operators("tests make rows of any operator"):
        tariff: Tariff = Tariff.objects.create(operator=operator, **(values | fields))
    return tariff


def make_version(
    tariff: Tariff,
    document: dict[str, Any] | None = None,
    *,
    start: datetime | None = LONG_AGO,
    version: int = 1,
) -> TariffVersion:
    """A published version in force since 2026 unless told; with ``start`` None a draft."""
    said = document or energy_document()
    state = VersionState.PUBLISHED if start else VersionState.DRAFT
    with across_operators("tests make rows of any operator"):
        row: TariffVersion = TariffVersion.objects.create(
            operator=tariff.operator,
            tariff=tariff,
            number=version,
            state=state,
            document=said,
            digest=digest_of(said),
            takes_effect_at=start,
            published_at=timezone.now() if start else None,
        )
    return row


def make_assignment(tariff: Tariff, **fields: Any) -> TariffAssignment:
    """The tariff for the whole network since 2026 unless told."""
    values = {"public_id": public_id("tas"), "valid_from_at": LONG_AGO} | fields
    with across_operators("tests make rows of any operator"):
        row: TariffAssignment = TariffAssignment.objects.create(
            operator=tariff.operator, tariff=tariff, **values
        )
    return row


def make_notice(tariff: Tariff, account: BillingAccount) -> tuple[PriceNotice, NoticeDelivery]:
    """A notice of the tariff that is done, and its letter to the account."""
    with across_operators("tests make rows of any operator"):
        notice: PriceNotice = PriceNotice.objects.create(
            operator=tariff.operator,
            public_id=public_id("ntc"),
            tariff=tariff,
            takes_effect_at=LONG_AGO,
            notice_days=30,
            send_at=LONG_AGO,
            state="done",
        )
        letter: NoticeDelivery = NoticeDelivery.objects.create(
            operator=tariff.operator,
            public_id=public_id("ntd"),
            notice=notice,
            account=account,
            account_name=account.name,
            address="a@example.com",
            language="sv",
            state="failed",
            error="SMTPException: no",
            body="A price",
        )
    return notice, letter
