"""The list of rated sessions, the page that explains one, and its CDR."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.rating import selectors
from billing.rating.cdr import VERSIONS, cdr_of, credit_cdr_of, plain
from billing.rating.explain import explained_lines, explained_periods
from billing.rating.filters import RatedSessionFilter
from billing.rating.models import BillableItem, RatedSession, SessionBilling
from billing.rating.signed_values import signed_records
from billing.rating.tables import RatedSessionTable
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view
from stations.sessions.place_class import place_class_of

RATED = ListSpec(
    name="rated-sessions",
    title=_("Rated sessions"),
    permission=Permission.TARIFF_VIEW,
    queryset=lambda _request: selectors.rated_sessions(),
    filterset=RatedSessionFilter,
    table=RatedSessionTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("session", "session.public_id"),
        CsvColumn("revision"),
        CsvColumn("state", "session.billing.state", label=_("State")),
        CsvColumn("site", "site.name"),
        CsvColumn("place_class", lambda rated: place_class_of(rated.session, rated.site)),
        CsvColumn("station", "station.name"),
        CsvColumn("account", "account.public_id"),
        CsvColumn("tariff", "tariff_version.tariff.name"),
        CsvColumn("tariff_hash"),
        CsvColumn("started_at"),
        CsvColumn("stopped_at"),
        CsvColumn("delivered_on"),
        CsvColumn("energy_wh"),
        CsvColumn("charging_s"),
        CsvColumn("parking_s"),
        CsvColumn("currency"),
        CsvColumn("net"),
        CsvColumn("tax"),
        CsvColumn("gross"),
        CsvColumn("is_interpolated"),
    ),
    empty=EmptyText(
        _("No rated session yet"),
        _("Sessions get their price when they have ended, by the tariff that held at their start."),
    ),
    search_hint=_("Session, card, station or site"),
    count_cap=100_000,
)

rated_list = list_view(RATED)


def find_rated(public_id: str) -> RatedSession:
    """One revision of the operator; 404 when there is none."""
    rated: RatedSession = get_object_or_404(selectors.revisions(), public_id=public_id)
    return rated


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def rated_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every line down to the readings and the element of the tariff behind it."""
    rated = find_rated(public_id)
    context = {
        "rated": rated,
        "session": rated.session,
        "billing": SessionBilling.objects.get(session_id=rated.session_id),
        "lines": explained_lines(rated),
        "periods": explained_periods(rated),
        "revisions": RatedSession.objects.filter(session_id=rated.session_id).order_by("-revision"),
        "items": BillableItem.objects.filter(session_id=rated.session_id).order_by("id"),
        "signed": signed_records([rated.session]).get(rated.session_id, ()),
        "zone": ZoneInfo(rated.session.station.site.time_zone),
        "versions": VERSIONS,
        "sees_account": has_permission(request, Permission.ACCOUNT_VIEW),
        "sees_review": has_permission(request, Permission.REVIEW_VIEW),
        "sees_journal": has_permission(request, Permission.JOURNAL_VIEW),
    }
    return render(request, "billing/rating/rated_detail.html", context)


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def rated_cdr(request: HttpRequest, public_id: str) -> HttpResponse:
    """The CDR as a file; ``?version=2.2.1`` or 2.3.0, ``&credit=1`` for the Credit CDR."""
    rated = find_rated(public_id)
    version = request.GET.get("version", VERSIONS[-1])
    if version not in VERSIONS:
        return HttpResponse(_("There is no such version."), status=400, content_type="text/plain")
    is_credit = request.GET.get("credit") == "1"
    try:
        document = credit_cdr_of(rated, version) if is_credit else cdr_of(rated, version)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return redirect("rated_detail", public_id=public_id)
    response = JsonResponse(plain(document), json_dumps_params={"indent": 2})
    name = f"cdr-{rated.public_id}{'-credit' if is_credit else ''}-{version}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
