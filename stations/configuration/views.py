"""The lists of drifts and templates; one template; its form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from core.lists.views import list_view
from core.stale import StaleCheck
from stations.configuration import services
from stations.configuration.filters import DriftFilter, TemplateFilter
from stations.configuration.forms import TemplateForm
from stations.configuration.models import ConfigurationTemplate
from stations.configuration.selectors import drifts, templates
from stations.configuration.tables import DriftTable, TemplateTable, pattern_text
from stations.configuration.words import explained


def _drift_context(request: HttpRequest) -> dict[str, Any]:
    query = request.GET.copy()
    for name in ("page", "sort", "per_page", "format"):
        query.pop(name, None)
    return {
        "apply_query": query.urlencode(),
        "may_apply": has_permission(request, Permission.COMMAND_DANGEROUS),
    }


DRIFTS = ListSpec(
    name="configuration-drift",
    title=gettext_lazy("Configuration drift"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: drifts(),
    filterset=DriftFilter,
    table=DriftTable,
    csv=(
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("key"),
        CsvColumn("desired", "value"),
        CsvColumn("actual"),
        CsvColumn("state"),
        CsvColumn("origin"),
        CsvColumn("template", "template.name"),
        CsvColumn("explanation", explained),
        CsvColumn("since_at"),
        CsvColumn("told_at"),
        CsvColumn("attempted_at"),
        CsvColumn("answer"),
        CsvColumn("command", "command.public_id"),
    ),
    empty=EmptyText(
        gettext_lazy("Every station is set as desired"),
        gettext_lazy("Templates say what stations should be set to; what differs appears here."),
        "template_list",
        gettext_lazy("Templates"),
        Permission.TEMPLATE_VIEW,
    ),
    search_hint=gettext_lazy("Station, key or value"),
    actions=(
        ListAction(
            gettext_lazy("Templates"), "template_list", "settings", Permission.TEMPLATE_VIEW, False
        ),
    ),
    count_cap=10_000,
    template="stations/configuration/drift_list.html",
    context=_drift_context,
)

TEMPLATES = ListSpec(
    name="configuration-templates",
    title=gettext_lazy("Configuration templates"),
    permission=Permission.TEMPLATE_VIEW,
    queryset=lambda _request: templates(),
    filterset=TemplateFilter,
    table=TemplateTable,
    csv=(
        CsvColumn("name"),
        CsvColumn("ocpp_version"),
        CsvColumn("vendor"),
        CsvColumn("model"),
        CsvColumn("firmware"),
        CsvColumn("priority"),
        CsvColumn("is_active"),
        CsvColumn("reapplies"),
        CsvColumn("value_count"),
        CsvColumn("station_count"),
        CsvColumn("drift_count"),
    ),
    empty=EmptyText(
        gettext_lazy("No template yet"),
        gettext_lazy(
            "A template says what all stations of a vendor, model or site should be set to."
        ),
        "template_create",
        gettext_lazy("New template"),
        Permission.TEMPLATE_EDIT,
    ),
    search_hint=gettext_lazy("Name, vendor or model"),
    actions=(
        ListAction(
            gettext_lazy("New template"), "template_create", "plus", Permission.TEMPLATE_EDIT
        ),
    ),
)

drift_list = list_view(DRIFTS)
template_list = list_view(TEMPLATES)


def _template(pk: int) -> ConfigurationTemplate:
    template: ConfigurationTemplate = get_object_or_404(templates(), pk=pk)
    return template


@permission_required(Permission.TEMPLATE_VIEW)
@require_safe
def template_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A template: what it says, where it applies, and what is not as it says."""
    template = _template(pk)
    context = {
        "template": template,
        "patterns": pattern_text(template),
        "values": template.values.order_by("key"),
        "targets": template.targets.select_related("site", "station"),
        "drifts": drifts().filter(template=template)[:50],
        "can_edit": has_permission(request, Permission.TEMPLATE_EDIT),
        "may_apply": has_permission(request, Permission.COMMAND_DANGEROUS),
    }
    return render(request, "stations/configuration/template_detail.html", context)


@permission_required(Permission.TEMPLATE_EDIT)
@require_http_methods(["GET", "POST"])
def template_create(request: HttpRequest) -> HttpResponse:
    """A new template."""
    form = TemplateForm(posted(request), initial=request.GET.dict())
    return _save(request, form, None)


@permission_required(Permission.TEMPLATE_EDIT)
@require_http_methods(["GET", "POST"])
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template; stations are compared with it anew."""
    form = TemplateForm(posted(request), instance=_template(pk))
    return _save(request, form, _template(pk))


def _save(
    request: HttpRequest, form: TemplateForm, template: ConfigurationTemplate | None
) -> HttpResponse:
    check = StaleCheck(request, form, [template]) if template else None
    if request.method == "POST" and form.is_valid():
        values = check.changes() if check else form.cleaned_data
        saved = None if values is None else _put(request, form, template, values)
        if saved is not None:
            messages.success(request, _("The template has been saved; stations are compared now."))
            return redirect("template_detail", pk=saved.pk)
    context = {"form": form, "template": template} | (check.context() if check else {})
    return render(request, "stations/configuration/template_form.html", context)


def _put(
    request: HttpRequest,
    form: TemplateForm,
    template: ConfigurationTemplate | None,
    values: dict[str, Any],
) -> ConfigurationTemplate | None:
    operator = operator_of(request)
    return attempt(
        form, lambda: services.put_template(operator=operator, template=template, **values)
    )


@permission_required(Permission.TEMPLATE_EDIT)
@require_http_methods(["GET", "POST"])
def template_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a template, with a reason."""
    template = _template(pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.delete_template(template=template, reason=reason)
        messages.success(request, _("The template has been removed."))
        return redirect("template_list")
    context = {
        "title": _("Remove the template %(name)s") % {"name": template},
        "consequence": _(
            "Stations keep the values they have. Other templates and the built-in defaults "
            "decide from now on."
        ),
        "verb": _("Remove"),
        "form": form,
        "cancel_url": reverse("template_detail", args=[pk]),
    }
    return render(request, "confirm.html", context)
