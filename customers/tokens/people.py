"""Sessions and authorisation attempts of a driver, a company or a vehicle."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Upper

from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.tokens.models import IdToken
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session
from stations.sessions.selectors import charged_in


def tokens_of(owner: Driver | Company) -> QuerySet[IdToken]:
    """The driver's tokens, or those of the company's pool; active ones first."""
    own = {"driver": owner} if isinstance(owner, Driver) else {"company": owner}
    rows: QuerySet[IdToken] = IdToken.objects.filter(**own).order_by("status", "uid", "id")
    return rows


def sessions_of(owner: Driver | Company) -> QuerySet[Session]:
    """Sessions whose token was the owner's when they began, and those that nobody's token
    began which is the owner's now; newest first."""
    rows: QuerySet[Session] = Session.objects.select_related("station__site", "evse")
    return _owned(rows, owner).order_by("-first_received_at", "-id")


def sessions_in(vehicle: Vehicle) -> QuerySet[Session]:
    """Sessions whose card sat in the vehicle when they began; newest first."""
    rows: QuerySet[Session] = Session.objects.select_related("station__site", "evse")
    return charged_in(rows, vehicle.public_id).order_by("-first_received_at", "-id")


def attempts_of(owner: Driver | Company) -> QuerySet[AuthorisationAttempt]:
    """Attempts with a token that was the owner's then, or is now and was nobody's; newest
    first."""
    rows: QuerySet[AuthorisationAttempt] = AuthorisationAttempt.objects.select_related("station")
    return _owned(rows, owner).order_by("-at", "-id")


def _owned(rows: QuerySet[Any], owner: Driver | Company) -> QuerySet[Any]:
    kind = "driver" if isinstance(owner, Driver) else "company"
    uids = [uid.upper() for uid in tokens_of(owner).values_list("uid", flat=True)[:200]]
    named = rows.annotate(
        driver_ref=KT("token_snapshot__driver"),
        company_ref=KT("token_snapshot__company"),
        upper_token=Upper("id_token"),
    )
    nobodys = Q(driver_ref__isnull=True, company_ref__isnull=True, upper_token__in=uids)
    found: QuerySet[Any] = named.filter(Q(**{f"{kind}_ref": owner.public_id}) | nobodys)
    return found
