"""An account's page of invoices, payments, balance and late invoices."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.accounts.dated import operator_day
from billing.accounts.page import account_context, find_account_or_404
from billing.dunning.account_money import balances_of, invoices_of, lateness_of, payments_of
from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission

MOST_SHOWN: Final = 25


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def account_money(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the account owes and has paid, and what is done about it."""
    account = find_account_or_404(public_id)
    today = operator_day(account.operator)
    context = account_context(request, account, "money") | {
        "balances": balances_of(account, today),
        "invoices": invoices_of(account)[:MOST_SHOWN],
        "payments": payments_of(account)[:MOST_SHOWN],
        "late": lateness_of(account, today, MOST_SHOWN),
    }
    return render(request, "billing/dunning/account_money.html", context)
