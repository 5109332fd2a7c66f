"""Writing id tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from core.soon import soon
from customers.limits.services import set_sites, with_currency
from customers.tokens.holders import COMPANY_ID, DRIVER_ID
from customers.tokens.models import IdToken
from customers.tokens.selectors import find_token
from customers.tokens.uid import normalise
from stations.ocpp.tasks import sync_local_lists
from stations.sites.models import Site


@transaction.atomic
def put_token(
    *,
    operator: Operator,
    uid: str,
    allowed_sites: Iterable[Site] | None = None,
    reason: str = "",
    **values: Any,
) -> tuple[IdToken, bool]:
    """Create the token ``uid`` or change it; True when it is new.

    Any status and an expiry in the past are valid. ``allowed_sites`` None leaves them. A new
    owner takes the place of the old one: ``driver`` lets go of the company's pool, and the
    reverse. ``vehicle`` is what the card sits in.
    """
    token = find_token(uid)
    created = token is None
    if token is None:
        forms = normalise(uid)
        if not forms.uid or not forms.uid.isprintable():
            raise InvalidInput("uid_form", _("The UID is empty or not printable."), field="uid")
        token = IdToken(
            operator=operator,
            uid=forms.uid,
            uid_decimal=forms.decimal,
            uid_reversed=forms.reversed,
        )
    values = with_currency(values, operator, token)
    before, after = apply_changes(token, _one_owner(token, values, reason))
    if created or after:
        token.full_clean(validate_constraints=False)
        token.save()
    set_sites(token, allowed_sites, before, after)
    if created or after:
        record(
            "token.create" if created else "token.change",
            token,
            operator_id=operator.pk,
            before={} if created else before,
            after=({"uid": token.uid, **values, **after} if created else after)
            | _holder(token, after),
            reason=reason,
        )
        soon(sync_local_lists)
    return token, created


def _holder(token: IdToken, after: dict[str, Any]) -> dict[str, str]:
    """Who has the card from now on, by public ids, where that changed: see ``holders``."""
    if after.keys().isdisjoint({"driver", "company"}):
        return {}
    driver = token.driver
    company = token.company or (driver.company if driver is not None else None)
    return {
        DRIVER_ID: driver.public_id if driver is not None else "",
        COMPANY_ID: company.public_id if company is not None else "",
    }


def _one_owner(token: IdToken, values: dict[str, Any], reason: str) -> dict[str, Any]:
    """``values`` with the other owner let go, and with why the status changes.

    A card of nobody that is put into a vehicle becomes a card of the vehicle's driver, else of
    its company's pool, until somebody takes it from them; a vehicle of another company than the
    card is refused.
    """
    wanted = dict(values)
    if wanted.get("driver") is not None and wanted.get("company") is not None:
        raise InvalidInput(
            "two_owners",
            _("A token belongs to a driver or to a company's pool, not to both."),
            field="company",
        )
    if wanted.get("driver") is not None:
        wanted["company"] = None
    elif wanted.get("company") is not None:
        wanted["driver"] = None
    _with_vehicle(token, wanted)
    if "status" in wanted and wanted["status"] != token.status:
        wanted["status_reason"] = reason
    return wanted


def _with_vehicle(token: IdToken, wanted: dict[str, Any]) -> None:
    vehicle = wanted.get("vehicle", token.vehicle)
    if vehicle is None or wanted.keys().isdisjoint({"vehicle", "driver", "company"}):
        return
    driver, company = (wanted.get(name, getattr(token, name)) for name in ("driver", "company"))
    if driver is None and company is None:
        if vehicle != token.vehicle:
            wanted |= {"driver": vehicle.driver} if vehicle.driver else {"company": vehicle.company}
        return
    own = company or driver.company
    other = vehicle.company or (vehicle.driver.company if vehicle.driver else None)
    if own is not None and other is not None and own != other:
        raise InvalidInput(
            "other_company", _("The vehicle belongs to another company."), field="vehicle"
        )


@transaction.atomic
def delete_token(*, token: IdToken, reason: str = "") -> None:
    """Remove a token; sessions and attempts keep their snapshot of it."""
    record(
        "token.delete",
        token,
        operator_id=token.operator_id,
        before={"uid": token.uid, "label": token.label, "status": token.status},
        reason=reason,
    )
    token.delete()
    soon(sync_local_lists)
