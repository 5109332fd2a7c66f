"""Reading authorisation attempts, with what is known now of the token they came with."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject, Trim, Upper

from customers.tokens.models import IdToken
from stations.ocpp.models import AuthorisationAttempt
from stations.ocpp.selectors import attempts


def with_token(rows: QuerySet[AuthorisationAttempt]) -> QuerySet[AuthorisationAttempt]:
    """Attempts with ``known``: the token of this UID and its owner as they are now, or None."""
    tokens = (
        IdToken.objects.annotate(upper_uid=Upper("uid"))
        .filter(upper_uid=OuterRef("upper_token"))
        .order_by()
    )
    known = JSONObject(
        id=F("pk"),
        label=F("label"),
        printed_number=F("printed_number"),
        driver=F("driver__public_id"),
        driver_name=F("driver__name"),
        company=Coalesce(F("company__public_id"), F("driver__company__public_id")),
        company_name=Coalesce(F("company__name"), F("driver__company__name")),
    )
    return rows.annotate(upper_token=Upper(Trim("id_token"))).annotate(
        known=Subquery(tokens.values(data=known)[:1])
    )


def attempt_rows() -> QuerySet[AuthorisationAttempt]:
    """All attempts of the operator in scope, newest first."""
    return with_token(attempts().select_related("station__site"))
