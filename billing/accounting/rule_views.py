"""Taking rules out of an account map."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.accounting.book_models import RevenueMapping, TaxMapping
from billing.accounting.chart_services import remove_rule
from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def revenue_rule_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule for sales out."""
    rows = RevenueMapping.objects.select_related("seller", "account")
    return _delete(request, get_object_or_404(rows, pk=pk))


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def tax_rule_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule for output tax out."""
    rows = TaxMapping.objects.select_related("seller", "account")
    return _delete(request, get_object_or_404(rows, pk=pk))


def _delete(request: HttpRequest, rule: RevenueMapping | TaxMapping) -> HttpResponse:
    form = ReasonForm(posted(request))
    back = reverse("account_map_edit", args=[rule.seller.public_id])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def delete() -> bool:
            remove_rule(rule=rule, reason=reason)
            return True

        if attempt(form, delete):
            messages.success(request, _("The rule has been removed."))
            return redirect(back)
    context = {
        "title": _("Remove the rule for %(account)s") % {"account": rule.account},
        "consequence": _("What it fitted is booked by the next rule that fits."),
        "verb": _("Remove"),
        "form": form,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context)
