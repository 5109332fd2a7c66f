"""Pages of price groups."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts import membership_services as services
from billing.accounts.dated import operator_day
from billing.accounts.filters import PriceGroupFilter
from billing.accounts.forms import PriceGroupForm
from billing.accounts.models import PriceGroup
from billing.accounts.selectors import members_of, price_group_rows, price_groups
from billing.accounts.tables import PriceGroupTable
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.stale import StaleCheck

SHOWN = 20
PRICE_GROUPS = ListSpec(
    name="price_groups",
    title=gettext_lazy("Price groups"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda request: price_group_rows(operator_day(operator_of(request))),
    filterset=PriceGroupFilter,
    table=PriceGroupTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "public_id",
            "name",
            "audience",
            "shows_tax_included",
            "description",
            "account_count",
            "retired_on",
            "created_at",
        )
    ),
    empty=EmptyText(
        gettext_lazy("No price group yet"),
        gettext_lazy("Accounts of a price group get the same prices, such as residents."),
        "price_group_create",
        gettext_lazy("Create a price group"),
        Permission.TARIFF_EDIT,
    ),
    search_hint=gettext_lazy("Name or description"),
    actions=(
        ListAction(
            gettext_lazy("New price group"),
            "price_group_create",
            permission=Permission.TARIFF_EDIT,
        ),
    ),
)

price_group_list = list_view(PRICE_GROUPS)


def _group(public_id: str) -> PriceGroup:
    group: PriceGroup = get_object_or_404(
        price_groups().select_related("operator"), public_id=public_id
    )
    return group


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def price_group_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A price group and the accounts that are in it today."""
    group = _group(public_id)
    members = members_of(group, operator_day(group.operator))
    context = {
        "group": group,
        "members": members[:SHOWN],
        "member_count": members.count(),
        "can_edit": has_permission(request, Permission.TARIFF_EDIT),
    }
    return render(request, "billing/accounts/price_group_detail.html", context)


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def price_group_create(request: HttpRequest) -> HttpResponse:
    """A new price group."""
    form = PriceGroupForm(posted(request))
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        group = attempt(form, lambda: services.create_price_group(operator=operator, **values))
        if group is not None:
            messages.success(request, _("The price group has been created."))
            return redirect("price_group_detail", public_id=group.public_id)
    return render(request, "billing/accounts/price_group_form.html", {"form": form, "group": None})


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def price_group_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a price group."""
    group = _group(public_id)
    form = PriceGroupForm(posted(request), instance=_group(public_id))
    check = StaleCheck(request, form, [group])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(group, form, changes):
            messages.success(request, _("The price group has been changed."))
            return redirect("price_group_detail", public_id=public_id)
    context = {"form": form, "group": group} | check.context()
    return render(request, "billing/accounts/price_group_form.html", context)


def _change(group: PriceGroup, form: PriceGroupForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: services.change_price_group(group=group, **changes)) is not None


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def price_group_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a price group out of use, with a reason."""
    group = _group(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.retire_price_group(group=group, reason=reason)):
            messages.success(request, _("The price group is retired."))
            return redirect("price_group_detail", public_id=public_id)
    context = {
        "title": _("Retire %(name)s") % {"name": group},
        "consequence": _(
            "No account can be put into the price group any more. Those that are in it stay, and "
            "past sessions keep their price. There is no way back."
        ),
        "verb": _("Retire"),
        "form": form,
        "cancel_url": reverse("price_group_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
