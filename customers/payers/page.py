"""The page that sets who pays for a driver or a company."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.accounts.dated import LATEST_FIRST, operator_day
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from customers.payers.forms import PayerForm
from customers.payers.models import AccountLink


def payer_page(
    request: HttpRequest, owner: Any, save: Callable[[dict[str, Any]], Any], back: str
) -> HttpResponse:
    """The form; ``save`` gets account, from_on and reason. ``back`` is the owner's page."""
    form = PayerForm(
        posted(request),
        initial={
            "account": request.GET.get("account", ""),
            "from_on": operator_day(owner.operator) if owner.account_links.exists() else None,
        },
    )

    def call() -> bool:
        save(form.cleaned_data)
        return True

    if request.method == "POST" and form.is_valid() and attempt(form, call):
        messages.success(request, _("Who pays has been changed."))
        return redirect(back)
    return render(
        request, "customers/payers/payer_form.html", {"form": form, "owner": owner, "back": back}
    )


def link_rows(
    request: HttpRequest, links: type[AccountLink], owner: Any
) -> list[tuple[AccountLink, bool]]:
    """Accounts over time with whether each pays today, for those who may see accounts."""
    if not has_permission(request, Permission.ACCOUNT_VIEW):
        return []
    today: date = operator_day(operator_of(request))
    rows = links.objects.filter(owner_id=owner.pk).select_related("account")
    return [(row, row.holds_on(today)) for row in rows.order_by(LATEST_FIRST, "-id")]


def may_set_payer(request: HttpRequest) -> bool:
    """Whether the reader may say who pays."""
    return has_permission(request, Permission.ACCOUNT_EDIT)
