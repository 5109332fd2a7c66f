"""What residents charged for last month, for lists: one subquery a figure, whatever is listed."""

from __future__ import annotations

from datetime import date

from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from billing.rating.models import BillingState, RatedSession
from core.months import last_day, month_before
from customers.residents.models import Resident


def _day(name: str, otherwise: date) -> Coalesce:
    return Coalesce(OuterRef(name), Value(otherwise), output_field=DateField())


def with_last_month(rows: QuerySet[Resident], today: date) -> QuerySet[Resident]:
    """With ``month_gross`` and ``month_currency``: prices with VAT of the sessions of the month
    before ``today`` at the resident's site on days of their stay, held ones left out.

    Theirs are sessions of their driver, and at the EVSE of their bay those of nobody's card, as a
    charging basis counts. With more than one currency: the one that most was charged in.
    """
    first = month_before(today)
    sums = (
        RatedSession.objects.filter(
            is_current=True,
            session__billing__state=BillingState.RATED,
            site=OuterRef("site"),
            delivered_on__gte=first,
            delivered_on__lte=last_day(first),
        )
        .annotate(
            driver_ref=KeyTextTransform("driver", "session__token_snapshot"),
            company_ref=KeyTextTransform("company", "session__token_snapshot"),
        )
        .filter(
            Q(driver_ref=OuterRef("driver__public_id"))
            | Q(
                driver_ref__isnull=True,
                company_ref__isnull=True,
                session__evse=OuterRef("bay__evse"),
            ),
            delivered_on__gte=_day("valid_from_on", date.min),
            delivered_on__lte=_day("valid_until_on", date.max),
        )
        .order_by()
        .values("currency")
        .annotate(total=Sum("gross"))
        .order_by("-total", "currency")
    )
    return rows.annotate(
        month_gross=Subquery(sums.values("total")[:1]),
        month_currency=Subquery(sums.values("currency")[:1]),
    )
