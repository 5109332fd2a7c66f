"""Published versions never change: the database says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from billing.tariffs.documents import digest_of
from billing.tariffs.models import Tariff, TariffVersion, VersionState
from core.ids import public_id
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, number

pytestmark = pytest.mark.django_db
DOCUMENT: dict[str, Any] = {
    "currency": "SEK",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 4.5, "step_size": 1}]}],
}


def version(start: datetime) -> TariffVersion:
    with across_operators("tests make rows of any operator"):
        tariff = Tariff.objects.create(
            operator=make_operator(),
            public_id=public_id("tar"),
            name=f"T{number()}",
            currency="SEK",
        )
        made: TariffVersion = TariffVersion.objects.create(
            operator=tariff.operator,
            tariff=tariff,
            number=1,
            state=VersionState.PUBLISHED,
            document=DOCUMENT,
            digest=digest_of(DOCUMENT),
            takes_effect_at=start,
            published_at=timezone.now(),
        )
    return made


@pytest.mark.parametrize(
    "change",
    [
        "document = '{}'",
        "takes_effect_at = takes_effect_at - interval '1 day'",
        "state = 'draft', takes_effect_at = NULL, published_at = NULL",
        "state = 'retired', retired_at = now()",
        "note = 'x'",
    ],
)
def test_a_version_in_force_is_immutable_also_for_plain_sql(change: str) -> None:
    row = version(timezone.now() - timedelta(days=1))

    with connection.cursor() as cursor:
        for statement in (
            f"UPDATE billing_tariffversion SET {change} WHERE id = %s",
            "DELETE FROM billing_tariffversion WHERE id = %s",
        ):
            with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
                cursor.execute(statement, [row.pk])

    with across_operators("tests make rows of any operator"):
        assert TariffVersion.objects.get(pk=row.pk).document == DOCUMENT


def test_a_version_to_come_can_be_withdrawn_and_nothing_else() -> None:
    row = version(timezone.now() + timedelta(days=1))
    change = "UPDATE billing_tariffversion SET state = 'retired', retired_at = now()"

    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            cursor.execute(f"{change}, digest = repeat('0', 64) WHERE id = %s", [row.pk])
        cursor.execute(f"{change} WHERE id = %s", [row.pk])

    with across_operators("tests make rows of any operator"):
        assert TariffVersion.objects.get(pk=row.pk).state == VersionState.RETIRED
