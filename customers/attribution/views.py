"""Why this tariff: for any place, account and instant, and for a session as of its start."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.accounts.dated import LATEST_FIRST, operator_day
from billing.accounts.page import account_context, find_account_or_404
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from customers.attribution.attributor import answer_all, began_at, questions_of
from customers.attribution.forms import WhyForm
from customers.attribution.result import result_of
from customers.companies.models import CompanyAccount
from customers.drivers.models import DriverAccount
from customers.notices.selectors import notices
from stations.sessions.page import find_session

MOST_SHOWN = 200
NEWEST = 10


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def why_tariff(request: HttpRequest) -> HttpResponse:
    """The question, and its answer step by step once it is whole."""
    asked = request.GET.copy()
    is_asked = "station" in asked
    if is_asked and not asked.get("at"):
        asked["at"] = f"{timezone.localtime():%Y-%m-%dT%H:%M:%S}"
    form = WhyForm(asked if is_asked else None, initial=_initial(asked))
    context: dict[str, Any] = {"form": form, "result": None}
    if is_asked and form.is_valid():
        operator = operator_of(request)
        answers = answer_all({0: form.question()}, operator)
        context["result"] = result_of(answers[0])
    return render(request, "customers/attribution/why_tariff.html", context)


def _initial(asked: QueryDict) -> dict[str, object]:
    named: dict[str, object] = {name: asked[name] for name in ("token", "account") if name in asked}
    return named | {"at": timezone.localtime().replace(microsecond=0)}


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def session_payer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who pays for a session and by which tariff, as of its start."""
    session = find_session(public_id)
    operator = operator_of(request)
    answer = answer_all(questions_of([session]), operator)[session.pk]
    context = {"session": session, "began_at": began_at(session), "result": result_of(answer)}
    return render(request, "customers/attribution/session_payer.html", context)


@permission_required(Permission.ACCOUNT_VIEW)
@permission_required(Permission.DRIVER_VIEW)
@require_safe
def account_people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Drivers and companies that the account pays for, or paid for once."""
    account = find_account_or_404(public_id)
    today = operator_day(account.operator)
    context = account_context(request, account, "people")
    for name, links in (("drivers", DriverAccount), ("companies", CompanyAccount)):
        rows = links.objects.filter(account=account).select_related("owner")
        context[name] = [
            (row, row.holds_on(today)) for row in rows.order_by(LATEST_FIRST, "-id")[:MOST_SHOWN]
        ]
    context["notices"] = list(notices().filter(account=account)[:NEWEST])
    return render(request, "customers/attribution/account_people.html", context)
