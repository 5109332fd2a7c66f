"""Reading id tokens."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from customers.tokens.models import IdToken
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
    """All tokens of the operator in scope, with their sites."""
    return IdToken.objects.prefetch_related("allowed_sites").order_by("uid", "id")


def search(queryset: QuerySet[IdToken], text: str) -> QuerySet[IdToken]:
    """Tokens found by UID in any of its forms, printed number or label."""
    forms = normalise(text)
    found = (
        Q(uid__icontains=text)
        | Q(label__icontains=text)
        | Q(printed_number__icontains=text)
        | Q(uid_decimal=text)
        | Q(uid__iexact=forms.uid)
    )
    if forms.reversed:
        found |= Q(uid_reversed=forms.uid)
    return queryset.filter(found)
