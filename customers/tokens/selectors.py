"""Reading id tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from customers.drivers.plate import normalise_plate
from customers.tokens.models import BARE_PRINTED_NUMBER, IdToken
from customers.tokens.uid import normalise


def find_token(presented: str) -> IdToken | None:
    """The token that a station or a caller means by ``presented``, compared without case.

    Only the UID itself counts: decimal and byte-reversed forms help a search, they never
    authorise.
    """
    plain = presented.strip()
    forms = {plain, normalise(plain).uid}
    wanted = Q()
    for form in forms:
        wanted |= Q(uid__iexact=form)
    tokens = {token.uid.upper(): token for token in IdToken.objects.filter(wanted)}
    return tokens.get(plain.upper()) or next(iter(tokens.values()), None)


def tokens() -> QuerySet[IdToken]:
    """All tokens of the operator in scope, with their owners and sites."""
    return (
        IdToken.objects.select_related("driver__company", "company", "vehicle")
        .prefetch_related("allowed_sites")
        .order_by("uid", "id")
    )


def by_printed_number(text: str) -> QuerySet[IdToken]:
    """Tokens whose printed number is ``text``, spaces and hyphens apart."""
    wanted = "".join(text.replace("-", "").split()).upper()
    rows: QuerySet[Any] = IdToken.objects.annotate(bare_number=BARE_PRINTED_NUMBER).filter(
        bare_number=wanted, printed_number__gt=""
    )
    return rows


def search(queryset: QuerySet[IdToken], text: str) -> QuerySet[IdToken]:
    """Tokens found by UID in any of its forms, printed number, label or owner."""
    forms = normalise(text)
    found = (
        Q(uid__icontains=text)
        | Q(label__icontains=text)
        | Q(printed_number__icontains=text)
        | Q(uid_decimal=text)
        | Q(pk__in=by_printed_number(text).values("pk"))
        | Q(uid__iexact=forms.uid)
        | Q(driver__name__icontains=text)
        | Q(company__name__icontains=text)
    )
    if forms.reversed:
        found |= Q(uid_reversed=forms.uid)
    plate = normalise_plate(text)
    if plate:
        found |= Q(vehicle__registration_number=plate)
    return queryset.filter(found)
