"""The list of authorisation attempts, and making an unknown card a driver's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import attempt as tried
from core.forms import posted
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view
from customers.attempts import services
from customers.attempts.filters import PersonFilters
from customers.attempts.forms import GiveCardForm
from customers.attempts.selectors import attempt_rows
from customers.attempts.tables import AttemptTable, told_of
from stations.ocpp.models import AuthorisationAttempt

ATTEMPTS = ListSpec(
    name="authorisations",
    title=gettext_lazy("Authorisations"),
    permission=Permission.SESSION_VIEW,
    queryset=lambda _request: attempt_rows(),
    filterset=PersonFilters,
    table=AttemptTable,
    csv=(
        CsvColumn("at"),
        CsvColumn("id_token"),
        CsvColumn(
            "printed_number",
            lambda row: told_of(row).printed_number,
            label=gettext_lazy("Printed number"),
        ),
        CsvColumn("decision"),
        CsvColumn("reason_code"),
        CsvColumn("reason", lambda row: told_of(row).reason, column="reason_code"),
        CsvColumn("cure", lambda row: told_of(row).cure),
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id"),
        CsvColumn("evse_number"),
        CsvColumn("kind"),
    ),
    empty=EmptyText(
        gettext_lazy("Nobody has asked yet"),
        gettext_lazy("Every card that is presented is kept here with the answer it got."),
    ),
    search_hint=gettext_lazy("Card in any form, person, company or station"),
    count_cap=10_000,
)

attempt_list = list_view(ATTEMPTS)


@permission_required(Permission.TOKEN_EDIT)
@require_http_methods(["GET", "POST"])
def attempt_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the card of a refused attempt a driver's: a known driver's, or a new one's."""
    attempt: AuthorisationAttempt = get_object_or_404(attempt_rows(), pk=pk)
    operator = operator_of(request)
    form = GiveCardForm(
        posted(request),
        initial={"driver": request.GET.get("driver", "")},
        operator=operator,
        may_create=has_permission(request, Permission.DRIVER_EDIT),
    )
    if request.method == "POST" and form.is_valid():
        values = form.values()
        token = tried(
            form,
            lambda: services.give_to_driver(attempt=attempt, operator=operator, **values),
        )
        if token is not None:
            messages.success(request, _("The card is the driver's now. Let them try again."))
            return redirect("token_detail", pk=token.pk)
    context = {"form": form, "attempt": attempt, "told": told_of(attempt)}
    return render(request, "customers/attempts/attempt_assign.html", context)
