"""Pages of the model catalogue, and of a station's own quirks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, TextColumn, TitleColumn
from core.lists.views import list_view
from core.stale import CHANGED_MEANWHILE, FIELD, StaleCheck, clash_of, seen_in, token_of
from stations.hardware.catalogue import services
from stations.hardware.catalogue.filters import ModelFilter
from stations.hardware.catalogue.forms import ModelForm, OwnQuirksForm, QuirkForm
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.catalogue.selectors import hardware_models
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.hardware.quirk_words import in_words
from stations.hardware.services import change_quirks


class ModelTable(ListTable):
    """Models with how many stations they are and what is known of them."""

    vendor = TextColumn(gettext_lazy("Vendor"))
    model = TitleColumn(gettext_lazy("Model"), detail="model_detail", key="public_id")
    name = TextColumn(gettext_lazy("Name"))
    ocpp_version = TextColumn(gettext_lazy("OCPP"))
    station_count = TextColumn(gettext_lazy("Stations"), end=True)
    quirk_count = TextColumn(gettext_lazy("Quirks"), end=True)
    newest_firmware = TextColumn(gettext_lazy("Newest firmware"))

    class Meta(ListTable.Meta):
        model = HardwareModel
        fields: tuple[str, ...] = ()
        order_by = ("vendor", "model")


MODELS = ListSpec(
    name="models",
    title=gettext_lazy("Station models"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: hardware_models(),
    filterset=ModelFilter,
    table=ModelTable,
    csv=tuple(
        CsvColumn(name)
        for name in ("public_id", "vendor", "model", "name", "ocpp_version", "newest_firmware",
                     "station_count", "quirk_count", "documentation_url", "retired_on")
    ),
    empty=EmptyText(
        gettext_lazy("No model yet"),
        gettext_lazy("A model knows what a new station starts with and what it gets wrong."),
        "model_create",
        gettext_lazy("Add a model"),
        Permission.NETWORK_EDIT,
    ),
    search_hint=gettext_lazy("Vendor or model"),
    actions=(
        ListAction(
            gettext_lazy("New model"), "model_create", permission=Permission.NETWORK_EDIT
        ),
    ),
)  # fmt: skip

model_list = list_view(MODELS)


def find_model(public_id: str) -> HardwareModel:
    """A model of the operator; 404 when there is none."""
    model: HardwareModel = get_object_or_404(hardware_models(), public_id=public_id)
    return model


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def model_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A model with its quirks."""
    model = find_model(public_id)
    context = {
        "model": model,
        "quirks": [(row, in_words(row.name, row.value)) for row in model.quirks.order_by("name")],
        "can_edit": has_permission(request, Permission.NETWORK_EDIT),
    }
    return render(request, "stations/hardware/model_detail.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def model_create(request: HttpRequest) -> HttpResponse:
    """A new model."""
    form = ModelForm(posted(request))
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.values(form.cleaned_data)
        made = attempt(form, lambda: services.create_model(operator=operator, **values))
        if made is not None:
            messages.success(request, _("The model has been added."))
            return redirect("model_detail", public_id=made.public_id)
    return render(request, "stations/hardware/model_form.html", {"form": form, "model": None})


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def model_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a model."""
    model = find_model(public_id)
    form = ModelForm(posted(request), model=model)
    check = StaleCheck(request, form, [model])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(model, form, changes):
            messages.success(request, _("The model has been changed."))
            return redirect("model_detail", public_id=public_id)
    context = {"form": form, "model": model} | check.context()
    return render(request, "stations/hardware/model_form.html", context)


def _change(model: HardwareModel, form: ModelForm, changes: dict[str, Any]) -> bool:
    values = form.values(changes)
    return attempt(form, lambda: services.change_model(hardware_model=model, **values)) is not None


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def model_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """No longer offer a model, or offer it again, with a reason."""
    model = find_model(public_id)
    retires = model.retired_on is None
    change = services.retire_model if retires else services.reinstate_model
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: change(model=model, reason=reason)) is not None:
            return redirect("model_detail", public_id=public_id)
    title = _("Retire %(name)s") if retires else _("Take %(name)s back into use")
    context = {
        "title": title % {"name": model},
        "consequence": _("Decides whether new stations can be this model; nothing else changes."),
        "verb": _("Retire") if retires else _("Take back into use"),
        "form": form,
        "cancel_url": reverse("model_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def model_quirk_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more thing that a model gets wrong."""
    model = find_model(public_id)
    form = QuirkForm(posted(request))
    stale: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        values = form.values()
        other = _other_quirk(model, values)
        if other is not None and seen_in(request.POST.get(FIELD, "")) != _shown(other):
            stale = _stale(form, model, other)
        elif attempt(form, lambda: services.add_quirk(model=model, replaces=other, **values)):
            messages.success(request, _("The quirk has been added."))
            return redirect("model_detail", public_id=public_id)
    context = {"form": form, "model": model} | stale
    return render(request, "stations/hardware/model_quirk_form.html", context)


def _other_quirk(model: HardwareModel, values: Mapping[str, Any]) -> ModelQuirk | None:
    """The same quirk with another value, which somebody has added already."""
    same = model.quirks.filter(name=values["name"], firmware=values["firmware"].strip())
    found: ModelQuirk | None = same.exclude(value=values["value"]).first()
    return found


def _shown(quirk: ModelQuirk) -> dict[str, Any]:
    return {"quirk": quirk.pk, "value": quirk.value}


def _stale(form: QuirkForm, model: HardwareModel, other: ModelQuirk) -> dict[str, Any]:
    """What the page shows of the other one; the next submit puts one's own in its place."""
    form.add_error(None, CHANGED_MEANWHILE)
    label, now = str(form.fields["value"].label), in_words(other.name, other.value)
    clash = clash_of([model], "quirk", other.name, label=label, before="–", now=now)
    return {"clashes": [clash], "seen": token_of(_shown(other))}


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def model_quirk_remove(request: HttpRequest, public_id: str, quirk: int) -> HttpResponse:
    """A model does not get this wrong after all."""
    model = find_model(public_id)
    rows = ModelQuirk.objects.select_related("hardware_model")
    row: ModelQuirk | None = rows.filter(hardware_model=model, pk=quirk).first()
    if row is None and request.method == "POST":
        messages.info(request, CHANGED_MEANWHILE)
        return redirect("model_detail", public_id=public_id)
    if row is None:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.remove_quirk(quirk=row, reason=form.cleaned_data["reason"])
        return redirect("model_detail", public_id=public_id)
    context = {
        "title": _("Remove: %(quirk)s") % {"quirk": in_words(row.name, row.value)},
        "consequence": _(
            "New sessions of %(count)s stations are read without it. Older ones stay as they "
            "are until they are read again."
        )
        % {"count": model.station_count},  # type: ignore[attr-defined]  # annotated by the selector
        "verb": _("Remove"),
        "form": form,
        "cancel_url": reverse("model_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_quirks(request: HttpRequest, public_id: str) -> HttpResponse:
    """What this station gets wrong, over what its model does."""
    station = find_station(public_id)
    form = OwnQuirksForm(posted(request), own=station.quirks)
    check = StaleCheck(request, form, [station])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change_own(station, form, changes):
            messages.success(request, _("Saved. Older sessions stay as they are."))
            return redirect("station_hardware", public_id=public_id)
    context = station_context(request, station, "hardware") | {"form": form} | check.context()
    return render(request, "stations/hardware/station_quirks.html", context)


def _change_own(station: Station, form: OwnQuirksForm, changes: dict[str, Any]) -> bool:
    quirks, reason = form.quirks(changes), form.cleaned_data["reason"]
    saved = attempt(form, lambda: change_quirks(station=station, quirks=quirks, reason=reason))
    return saved is not None
