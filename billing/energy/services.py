"""Writing what the energy of sites cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.energy.models import CostKind, EnergyCost
from core.audit.services import record, record_many
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.money import is_currency, round_money
from stations.sites.models import Site

COST_FIELDS: Final = (
    "month_on",
    "kind",
    "supplier",
    "invoice_number",
    "invoiced_on",
    "energy_kwh",
    "net",
    "tax",
    "currency",
    "note",
)
EARLIEST: Final = date(2000, 1, 1)
KEY: Final = ("site", "month_on", "kind", "supplier", "invoice_number")


@transaction.atomic
def create_cost(*, site: Site, reason: str = "", **values: Any) -> EnergyCost:
    """Enter what an invoice says about a site and month; refuses the same one twice."""
    given = cleaned(values)
    given.setdefault("currency", site.operator.currency)
    cost = EnergyCost(operator_id=site.operator_id, public_id=public_id("enc"), site=site, **given)
    check(cost)
    _refuse_twin(cost)
    cost.save()
    record(
        "energy_cost.create",
        cost,
        operator_id=cost.operator_id,
        after=described(cost),
        reason=reason,
    )
    return cost


@transaction.atomic
def change_cost(
    *, cost: EnergyCost, reason: str, site: Site | None = None, **values: Any
) -> EnergyCost:
    """Change what is given, with a reason; refuses once a statement has used the cost."""
    _need_reason(reason)
    held = _held(cost)
    _refuse_settled(held)
    given = cleaned(values) | ({} if site is None else {"site": site})
    before, after = apply_changes(held, given)
    if not after:
        return held
    check(held)
    _refuse_twin(held)
    held.save()
    record(
        "energy_cost.change",
        held,
        operator_id=held.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return held


@transaction.atomic
def delete_cost(*, cost: EnergyCost, reason: str) -> None:
    """Take out a cost that was entered by mistake; refuses once a statement has used it."""
    _need_reason(reason)
    held = _held(cost)
    _refuse_settled(held)
    record(
        "energy_cost.delete",
        held,
        operator_id=held.operator_id,
        before=described(held),
        reason=reason,
    )
    held.delete()


@transaction.atomic
def mark_settled(*, costs: Collection[EnergyCost], statement: str) -> None:
    """Say which statement passed the costs on; refuses those that another one has.

    For the room of settlement, in the transaction that makes its statement final.
    """
    if not costs:
        return
    keys = [cost.pk for cost in costs]
    held = list(EnergyCost.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if len(held) != len(set(keys)) or any(one.settled_in not in ("", statement) for one in held):
        raise RuleViolation(
            "energy_cost_settled", _("Another statement has settled one of the energy costs.")
        )
    open_still = [one for one in held if not one.settled_in]
    EnergyCost.objects.filter(pk__in=[one.pk for one in open_still]).update(settled_in=statement)
    if open_still:
        record_many(
            "energy_cost.settle",
            open_still,
            operator_id=open_still[0].operator_id,
            after=lambda _one: {"settled_in": statement},
        )


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without stray blanks, and any day of the month as its first."""
    unknown = sorted(set(values) - set(COST_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    found: dict[str, Any] = {
        name: " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else value
        for name, value in values.items()
    }
    if isinstance(found.get("month_on"), date):
        found["month_on"] = found["month_on"].replace(day=1)
    if not found.get("currency", "-"):
        del found["currency"]
    return found


def check(cost: EnergyCost) -> None:
    """Refuse figures and days that cannot be."""
    cost.clean_fields(exclude=["operator", "site", "public_id"])
    if not is_currency(cost.currency):
        raise InvalidInput("currency", _("This is no currency."), field="currency")
    for name in ("net", "tax"):
        amount: Decimal = getattr(cost, name)
        if round_money(amount, cost.currency) != amount:
            raise InvalidInput(
                "amount", _("The currency does not have so many decimals."), field=name
            )
    if cost.net * cost.tax < 0:
        raise InvalidInput("tax", _("Net and VAT have the same sign."), field="tax")
    _check_energy(cost)
    _check_days(cost)


def _check_energy(cost: EnergyCost) -> None:
    if cost.kind == CostKind.POWER and cost.energy_kwh is not None:
        raise InvalidInput("energy", _("A power fee has no energy."), field="energy_kwh")
    if cost.kind == CostKind.ELECTRICITY and cost.energy_kwh is None:
        raise InvalidInput(
            "energy", _("Say how much energy the supplier billed."), field="energy_kwh"
        )


def _check_days(cost: EnergyCost) -> None:
    today = operator_day(cost.operator)
    if not EARLIEST <= cost.month_on <= today:
        raise InvalidInput(
            "month", _("The month lies before the year 2000 or has not begun."), field="month_on"
        )
    far = today + timedelta(days=366)
    if cost.invoiced_on is not None and not EARLIEST <= cost.invoiced_on <= far:
        raise InvalidInput("invoiced_on", _("This day is too far away."), field="invoiced_on")


def _refuse_twin(cost: EnergyCost) -> None:
    same = EnergyCost.objects.filter(**{name: getattr(cost, name) for name in KEY})
    if same.exclude(pk=cost.pk).exists():
        raise RuleViolation(
            "energy_cost_twice",
            _("This invoice has been entered for the site, month and kind already."),
            field="invoice_number",
        )


def _held(cost: EnergyCost) -> EnergyCost:
    found: EnergyCost | None = (
        EnergyCost.objects.select_for_update(of=("self",))
        .select_related("site", "operator")
        .filter(pk=cost.pk)
        .first()
    )
    if found is None:
        raise RuleViolation("gone", _("This energy cost has been removed."))
    return found


def _refuse_settled(cost: EnergyCost) -> None:
    if cost.settled_in:
        raise RuleViolation(
            "energy_cost_settled",
            _("Statement %(statement)s has settled this cost, so it stays as it is.")
            % {"statement": cost.settled_in},
        )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")


def described(cost: EnergyCost) -> dict[str, Any]:
    """What the audit keeps."""
    return {"site": cost.site.public_id} | {name: getattr(cost, name) for name in COST_FIELDS}
