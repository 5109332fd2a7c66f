"""What a guest pays, is billed and gets back stands in the journal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from billing.accounting.models import JournalEntry, JournalPosting
from billing.accounting.posting_services import post_due, unposted
from billing.accounts.dated import operator_day
from core.tenancy.scopes import operator_scope
from customers.guests.righting import put_right
from customers.guests.tests.charging import charged
from customers.guests.tests.world import GuestWorld

pytestmark = pytest.mark.django_db


def balance(number: str) -> Decimal:
    rows = JournalPosting.objects.filter(account__number=number)
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def test_collection_sale_and_refunds_are_balanced_entries(
    client: Client, world: GuestWorld
) -> None:
    charged(client, world, shape="prepaid", amount="200")
    visit = world.follow()
    with operator_scope(world.operator):
        put_right(visit=visit, amount=Decimal(20), reason="It got stuck", paid=Decimal(50))
        post_due()

        assert unposted(world.seller, operator_day(world.operator, timezone.now())) == {}
        kinds = JournalEntry.objects.order_by("kind", "-total").values_list("kind", "total")
        assert list(kinds) == [
            ("credit_note", 20), ("invoice", 50), ("payment", 200), ("refund", 150), ("refund", 20),
        ]  # fmt: skip
        sums = JournalEntry.objects.annotate(sum=Sum("postings__amount"))
        assert set(sums.values_list("sum", flat=True)) == {0}
        assert (balance("1510"), balance("1580"), balance("2611")) == (
            Decimal(0), Decimal(30), Decimal(-6),
        )  # fmt: skip
