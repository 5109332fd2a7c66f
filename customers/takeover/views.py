"""Pages of takeovers: the list, a new one, and how far it has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, day_widget, posted
from core.imports import registry
from core.imports.models import ImportRun, ImportState
from core.lists.filters import BooleanFilter, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn
from core.lists.views import list_view
from customers.takeover import services
from customers.takeover.models import Cohort, CohortImport
from customers.takeover.progress import progress_of, runs_of

OFFERED_FOR = timedelta(days=180)


class CohortFilter(ListFilterSet):
    """Takeovers by text, and whether they are closed."""

    search_fields = ("name", "previous", "public_id")
    closed = BooleanFilter(method="by_closed", label=gettext_lazy("Closed"))

    class Meta:
        model = Cohort
        fields: list[str] = []

    def by_closed(self, queryset: QuerySet[Cohort], _name: str, value: bool) -> QuerySet[Cohort]:
        """Closed, or open."""
        return queryset.filter(closed_at__isnull=not value)


class CohortTable(ListTable):
    """Takeovers, the newest first."""

    name = TitleColumn(gettext_lazy("Takeover"), detail="takeover_detail", key="public_id")
    previous = TextColumn(gettext_lazy("Taken over from"))
    moves_on = MomentColumn(gettext_lazy("Moves"))
    created_at = MomentColumn(gettext_lazy("Created"))
    closed_at = MomentColumn(gettext_lazy("Closed"))

    class Meta(ListTable.Meta):
        model = Cohort
        fields: tuple[str, ...] = ()
        order_by = "-created_at"


def _cohorts(_request: HttpRequest) -> QuerySet[Cohort]:
    rows: QuerySet[Cohort] = Cohort.objects.all()
    return rows


TAKEOVERS = ListSpec(
    name="takeovers",
    title=gettext_lazy("Takeovers"),
    permission=Permission.IMPORT_USE,
    queryset=_cohorts,
    filterset=CohortFilter,
    table=CohortTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "public_id", "name", "previous", "moves_on", "created_by", "created_at", "closed_at",
        )
    ),
    empty=EmptyText(
        gettext_lazy("No takeover yet"),
        gettext_lazy(
            "A takeover holds the stations, drivers and cards that come from another operator, and "
            "shows how far each station has come."
        ),
        "takeover_create",
        gettext_lazy("Begin a takeover"),
    ),
    search_hint=gettext_lazy("Name or previous operator"),
    actions=(ListAction(gettext_lazy("New takeover"), "takeover_create"),),
)  # fmt: skip
takeover_list = list_view(TAKEOVERS)


class CohortForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A new takeover."""

    class Meta:
        model = Cohort
        fields = ("name", "previous", "moves_on")
        widgets = {"moves_on": day_widget()}


@permission_required(Permission.IMPORT_USE)
@require_http_methods(["GET", "POST"])
def takeover_create(request: HttpRequest) -> HttpResponse:
    """Begin a takeover."""
    form = CohortForm(posted(request))
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.create_cohort(operator=operator, **form.cleaned_data))
        if made is not None:
            return redirect("takeover_detail", public_id=made.public_id)
    return render(request, "customers/takeover/takeover_form.html", {"form": form})


@permission_required(Permission.IMPORT_USE)
@require_http_methods(["GET", "POST"])
def takeover_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far it has come; POST adds or removes an import (``add`` or ``remove``)."""
    cohort = get_object_or_404(Cohort.objects.all(), public_id=public_id)
    if request.method == "POST":
        _change(request, cohort)
        return redirect("takeover_detail", public_id=public_id)
    runs = list(runs_of(cohort))
    stage = request.GET.get("stage", "")
    progress = progress_of(cohort, runs)
    context: dict[str, Any] = {
        "cohort": cohort,
        "runs": [(run, registry.specs().get(run.kind)) for run in runs],
        "progress": progress,
        "rows": [one for one in progress.stations if not stage or one.stage == stage],
        "stage": stage,
        "offered": _offered(request) if cohort.closed_at is None else [],
        "kinds": registry.allowed(request).values(),
    }
    return render(request, "customers/takeover/takeover_detail.html", context)


def _offered(request: HttpRequest) -> QuerySet[ImportRun]:
    """Finished imports of late that belong to no takeover."""
    taken = CohortImport.objects.filter(run=OuterRef("pk"))
    runs: QuerySet[ImportRun] = ImportRun.objects.filter(
        ~Exists(taken),
        state=ImportState.DONE,
        kind__in=list(registry.allowed(request)),
        done_at__gte=timezone.now() - OFFERED_FOR,
    )
    return runs.defer("original", "sheet", "objects_done").order_by("-done_at")[:100]


def _change(request: HttpRequest, cohort: Cohort) -> None:
    adds = "add" in request.POST
    wanted = request.POST.get("add" if adds else "remove", "")
    run = ImportRun.objects.filter(public_id=wanted).first()
    if run is None or run.kind not in registry.allowed(request):
        messages.error(request, _("There is no such import."))
        return
    try:
        if adds:
            services.add_import(cohort=cohort, run=run)
        else:
            services.remove_import(cohort=cohort, run=run)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))


@permission_required(Permission.IMPORT_USE)
@require_http_methods(["GET", "POST"])
def takeover_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a takeover, with a reason."""
    cohort = get_object_or_404(Cohort.objects.all(), public_id=public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():

        def close() -> bool:
            services.close_cohort(cohort=cohort, reason=form.cleaned_data["reason"])
            return True

        if attempt(form, close) is not None:
            messages.success(request, _("The takeover is closed."))
            return redirect("takeover_detail", public_id=public_id)
    context = {
        "title": _("Close %(cohort)s") % {"cohort": cohort},
        "consequence": _("No import can be added any more. Stations, drivers and cards stay."),
        "verb": _("Close the takeover"),
        "form": form,
        "cancel_url": reverse("takeover_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
