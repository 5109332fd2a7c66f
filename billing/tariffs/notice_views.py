"""Pages of price notices and their letters, and giving many sites a price at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from billing.tariffs import notice_services as services
from billing.tariffs.assigning import Target
from billing.tariffs.documents import parsed
from billing.tariffs.notice_forms import NoticeRulesForm, RollOutForm
from billing.tariffs.notice_lists import LETTERS, NOTICES, letters, notices
from billing.tariffs.notice_models import DeliveryState, NoticeState
from billing.tariffs.notice_sending import assignments_of
from billing.tariffs.page import draft_of, newest_of, tariff_or_404
from billing.tariffs.rolling_out import RollOut, roll_out
from billing.tariffs.shown import shown_for
from billing.tariffs.tables import place_text
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.views import list_view

SHOWN = 50
price_notice_list = list_view(NOTICES)
notice_delivery_list = list_view(LETTERS)


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def price_notice_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A notice: what it is about, when it goes out, and what became of each letter."""
    notice = get_object_or_404(notices(), public_id=public_id)
    trouble = [DeliveryState.FAILED, DeliveryState.NO_ADDRESS]
    context = {
        "notice": notice,
        "places": list(dict.fromkeys(map(place_text, assignments_of(notice)))),
        "letters": letters().filter(notice=notice)[:SHOWN],
        "has_trouble": letters().filter(notice=notice, state__in=trouble).exists(),
        "is_scheduled": notice.state == NoticeState.SCHEDULED,
        "can_edit": has_permission(request, Permission.TARIFF_EDIT),
    }
    return render(request, "billing/tariffs/price_notice_detail.html", context)


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def notice_delivery_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One letter: to whom, when, and the text as it was sent."""
    letter = get_object_or_404(letters(), public_id=public_id)
    return render(request, "billing/tariffs/notice_delivery_detail.html", {"letter": letter})


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def price_notice_send_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try letters that failed once more."""
    notice = get_object_or_404(notices(), public_id=public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        count = attempt(form, lambda: services.send_again(notice=notice, reason=reason))
        if count is not None:
            text = ngettext("%(n)s letter is sent again.", "%(n)s letters are sent again.", count)
            messages.success(request, text % {"n": count})
            return redirect("price_notice_detail", public_id=public_id)
    context = {
        "title": _("Send failed letters again"),
        "consequence": _("Every letter that failed is tried again at once, at its old address."),
        "verb": _("Send again"),
        "form": form,
        "cancel_url": reverse("price_notice_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ACCOUNT_VIEW)
@require_http_methods(["GET", "POST"])
def notice_rules(request: HttpRequest) -> HttpResponse:
    """How long before a new price customers are told; changed by those who set prices."""
    operator = operator_of(request)
    can_edit = has_permission(request, Permission.TARIFF_EDIT)
    days = services.rules_for(operator).notice_days
    form = NoticeRulesForm(posted(request) if can_edit else None, initial={"notice_days": days})
    if request.method == "POST" and can_edit and form.is_valid():
        values = form.cleaned_data
        done = attempt(form, lambda: services.change_rules(operator=operator, **values))
        if done is not None:
            messages.success(request, _("The rules have been changed."))
            return redirect("price_notice_list")
    context = {"form": form, "can_edit": can_edit, "days": days}
    return render(request, "billing/tariffs/notice_rules.html", context)


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def tariff_roll_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give many sites this price from one instant."""
    tariff = tariff_or_404(public_id)
    draft, newest = draft_of(tariff), newest_of(tariff)
    form = RollOutForm(
        posted(request),
        has_draft=draft is not None,
        initial={"digest": draft.digest if draft else "", "publishes_draft": draft is not None},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        target = Target(
            connector_type=values.pop("connector_type"), price_group=values.pop("price_group")
        )
        done = attempt(form, lambda: roll_out(tariff=tariff, target=target, **values))
        if done is not None:
            messages.success(request, _said(done))
            return redirect("tariff_detail", public_id=public_id)
    operator: Any = operator_of(request)
    context = {
        "tariff": tariff,
        "form": form,
        "draft": draft,
        "days": services.rules_for(operator).notice_days,
        "shown": shown_for(request, parsed(newest.document)) if newest else None,
    }
    return render(request, "billing/tariffs/tariff_roll_out.html", context)


def _said(done: RollOut) -> str:
    count = len(done.assigned)
    text = ngettext(
        "%(n)s site has the price from then on.", "%(n)s sites have the price from then on.", count
    ) % {"n": count}
    if done.notice is not None:
        text += " " + _("The customers concerned are told.")
    return text
