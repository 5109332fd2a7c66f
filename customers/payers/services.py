"""Setting who pays, from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from billing.accounts.dated import refuse_far_days, set_from
from billing.accounts.models import BillingAccount
from core.audit.services import record
from core.soon import soon
from customers.payers.models import AccountLink
from stations.ocpp.tasks import sync_local_lists


@transaction.atomic
def set_payer(
    *,
    owner: Any,
    links: type[AccountLink],
    account: BillingAccount | None,
    from_on: date | None,
    reason: str = "",
) -> None:
    """Let ``account`` (None: nobody) pay for a driver or company from a day (None: since ever).

    What was planned for later days is taken out. It holds for sessions that start from that day
    on, also those that are reported afterwards. Refuses what changes nothing.
    """
    refuse_far_days(from_on)
    type(owner).objects.select_for_update().get(pk=owner.pk)
    new = None
    if account is not None:
        named: dict[str, Any] = {"owner_id": owner.pk, "account": account}
        new = links(operator_id=owner.operator_id, **named)
    rows = links.objects.filter(owner_id=owner.pk).select_related("account")
    before, after = set_from(rows, new, lambda row: row.account.public_id, from_on=from_on)
    record(
        f"{owner._meta.model_name}.account",
        owner,
        operator_id=owner.operator_id,
        before={"accounts": before},
        after={"accounts": after},
        reason=reason,
    )
    soon(sync_local_lists)
