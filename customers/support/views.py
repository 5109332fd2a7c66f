"""The call page and the list of cases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from customers.support import services
from customers.support.filters import CaseFilter
from customers.support.find import Found, understand
from customers.support.forms import CallerForm
from customers.support.models import CaseState
from customers.support.selectors import cases
from customers.support.services import Subjects
from customers.support.situation import situation_of
from customers.support.tables import CaseTable

CASES = ListSpec(
    name="cases",
    title=gettext_lazy("Support cases"),
    permission=Permission.CASE_VIEW,
    queryset=lambda _request: cases(),
    filterset=CaseFilter,
    table=CaseTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("state"),
        CsvColumn("opened_at"),
        CsvColumn("opened_by", "opened_by_label", column="opened_by_label"),
        CsvColumn("caller_name"),
        CsvColumn("caller_phone"),
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id", label=gettext_lazy("Public id")),
        CsvColumn("evse", "evse.public_id"),
        CsvColumn("closed_at"),
        CsvColumn("closed_by", "closed_by_label", label=gettext_lazy("Closed by")),
        CsvColumn("outcome"),
    ),
    empty=EmptyText(
        gettext_lazy("No case yet"),
        gettext_lazy("A case begins on the call page, with what the caller says."),
        "support_home",
        gettext_lazy("Take a call"),
        Permission.CASE_WORK,
    ),
    search_hint=gettext_lazy("Case, caller, driver, station or EVSE"),
    actions=(
        ListAction(gettext_lazy("Take a call"), "support_home", "message", Permission.CASE_WORK),
    ),
)

case_list = list_view(CASES)


def finding(request: HttpRequest, text: str) -> list[Found]:
    """What ``text`` names, for this reader."""
    operator = operator_of(request)
    return understand(text, operator, lambda permission: has_permission(request, permission))


@permission_required(Permission.CASE_WORK)
@require_safe
def support_home(request: HttpRequest) -> HttpResponse:
    """One field for whatever a caller says; the only thing found is shown at once."""
    text = request.GET.get("q", "").strip()[:100]
    found = finding(request, text)
    one = chosen(found, request.GET.get("kind", ""), request.GET.get("ref", ""))
    if one is not None and one.case is not None:
        return redirect("case_detail", public_id=one.case.public_id)
    context: dict[str, Any] = {
        "asked": text,
        "found": found,
        "one": one,
        "caller_form": CallerForm(),
        "open_cases": cases().filter(state=CaseState.OPEN)[:5],
    }
    if one is not None:
        context["s"] = situation_of(one.subjects)
    return render(request, "customers/support/support_home.html", context)


def chosen(found: list[Found], kind: str, ref: str) -> Found | None:
    """The one that the address names, or the only one."""
    if kind or ref:
        return next((one for one in found if (one.kind, one.ref) == (kind, ref)), None)
    return found[0] if len(found) == 1 else None


@permission_required(Permission.CASE_WORK)
@require_POST
def case_create(request: HttpRequest) -> HttpResponse:
    """Open a case about what was found (or about nothing yet)."""
    text = request.POST.get("q", "").strip()[:100]
    one = chosen(finding(request, text), request.POST.get("kind", ""), request.POST.get("ref", ""))
    form = CallerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The caller's name or phone is too long."))
        return redirect("support_home")
    operator = operator_of(request)
    try:
        case = services.open_case(
            operator=operator,
            subjects=one.subjects if one else Subjects(),
            asked=text,
            **form.cleaned_data,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("support_home")
    return redirect("case_detail", public_id=case.public_id)
