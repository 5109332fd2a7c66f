"""Writing price groups, and which account is in which from when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day, refuse_far_days, set_from
from billing.accounts.models import (
    Audience,
    BillingAccount,
    PriceGroup,
    PriceGroupMembership,
)
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id


@transaction.atomic
def create_price_group(*, operator: Operator, reason: str = "", **values: Any) -> PriceGroup:
    """Create a price group; refuses a taken name, and consumers who see prices without VAT."""
    group = PriceGroup(operator=operator, public_id=public_id("pg"), **values)
    _check(group)
    group.save()
    record("price_group.create", group, operator_id=operator.pk, after=values, reason=reason)
    return group


@transaction.atomic
def change_price_group(*, group: PriceGroup, reason: str = "", **values: Any) -> PriceGroup:
    """Change what is given."""
    before, after = apply_changes(group, values)
    if not after:
        return group
    _check(group)
    group.save()
    record(
        "price_group.change",
        group,
        operator_id=group.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return group


def _check(group: PriceGroup) -> None:
    group.name = " ".join(group.name.replace("\x00", "").split())
    if group.audience == Audience.CONSUMER and not group.shows_tax_included:
        raise InvalidInput(
            "consumer_tax",
            _("Consumers must see prices including VAT."),
            field="shows_tax_included",
        )
    group.full_clean()


@transaction.atomic
def retire_price_group(*, group: PriceGroup, reason: str = "") -> PriceGroup:
    """No account can be put into the group any more; those that are in it stay."""
    today = operator_day(group.operator)
    done = PriceGroup.objects.filter(pk=group.pk, retired_on=None).update(retired_on=today)
    if not done:
        raise RuleViolation("retired_already", _("The price group is retired already."))
    group.refresh_from_db()
    record(
        "price_group.retire",
        group,
        operator_id=group.operator_id,
        after={"retired_on": today},
        reason=reason,
    )
    return group


@transaction.atomic
def set_price_group(
    *,
    account: BillingAccount,
    price_group: PriceGroup | None,
    from_on: date | None,
    reason: str = "",
) -> BillingAccount:
    """Put the account into a group from a day (None: since ever) on, or into none.

    What was planned for later days is taken out. Sessions that start from that day on get the
    group's prices, also those that are reported afterwards.
    """
    refuse_far_days(from_on)
    if price_group is not None and price_group.retired_on is not None:
        raise RuleViolation(
            "price_group_retired", _("The price group is retired."), field="price_group"
        )
    BillingAccount.objects.select_for_update().get(pk=account.pk)
    new = None
    if price_group is not None:
        new = PriceGroupMembership(
            operator_id=account.operator_id, account=account, price_group=price_group
        )
    rows = PriceGroupMembership.objects.filter(account=account).select_related("price_group")
    before, after = set_from(rows, new, lambda row: row.price_group, from_on=from_on)
    record(
        "account.price_group",
        account,
        operator_id=account.operator_id,
        before={"price_groups": before},
        after={"price_groups": after},
        reason=reason,
    )
    return account
