"""Pages of rules of incidents and of vendors' codes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempted, posted
from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn
from core.lists.views import list_view
from stations.incidents import rule_services
from stations.incidents.choices import FaultClass, Severity
from stations.incidents.models import Incident
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.incidents.rule_words import FIGURES, RULES
from stations.incidents.rules.table import DEFAULTS

SHOWN_DAYS: Final = 30


class RuleForm(ReasonForm):
    """One rule, for all stations or some."""

    vendor = forms.CharField(label=gettext_lazy("Vendor"), max_length=64, required=False)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=64, required=False)
    firmware = forms.CharField(
        label=gettext_lazy("Firmware"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Empty: any; * stands for anything, as 2.1*."),
    )
    is_enabled = forms.BooleanField(label=gettext_lazy("In force"), required=False)
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), required=False)

    def __init__(self, *args: Any, code: str, row: IncidentRule | None, **kwargs: Any) -> None:
        default = DEFAULTS[code]
        own = row.settings if row else {}
        figures = {name: own.get(name, usual) for name, usual in default.figures.items()}
        place = {name: getattr(row, name, "") for name in ("vendor", "model", "firmware")}
        kwargs["initial"] = {
            **figures, **place, "is_enabled": row.is_enabled if row else True,
            "severity": row.severity if row else "",
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        usual = dict(Severity.choices)[default.severity]
        fields["severity"].choices = [
            ("", _("as usual: %(severity)s") % {"severity": usual}), *Severity.choices
        ]  # fmt: skip
        self.figures = list(default.figures)
        for name, value in default.figures.items():
            fields[name] = forms.FloatField(
                label=str(FIGURES[name]),
                min_value=0,
                help_text=_("Usual: %(value)g") % {"value": value},
                widget=forms.NumberInput(attrs={"step": "any"}),
            )
        self.order_fields([*self.figures, "severity", "is_enabled", *place, "reason"])
        if row is not None:
            for name in place:
                fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """The figures together."""
        values = super().clean() or {}
        values["figures"] = {
            name: values.pop(name) for name in self.figures if values.get(name) is not None
        }
        values["place"] = {name: values.pop(name, "") for name in rule_services.PLACE}
        return values


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def incident_rules(request: HttpRequest) -> HttpResponse:
    """Every rule: what it means, how it is set, how many incidents it opened lately."""
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    counted = Incident.objects.filter(detected_at__gte=since).order_by().values("rule")
    counts = dict(counted.annotate(n=Count("pk")).values_list("rule", "n"))
    own: dict[str, list[IncidentRule]] = {}
    for row in IncidentRule.objects.all():
        own.setdefault(row.code, []).append(row)
    context = {
        "rules": [
            {
                "code": code,
                "name": RULES[code][0],
                "words": RULES[code][1],
                "severity": default.severity,
                "figures": [(FIGURES[name], value) for name, value in default.figures.items()],
                "own": [(row, [(FIGURES[n], v) for n, v in row.settings.items() if n in FIGURES])
                        for row in own.get(code, [])],
                "opened": counts.get(code, 0),
            }
            for code, default in DEFAULTS.items()
        ],
        "days": SHOWN_DAYS,
        "unknown": ErrorCode.objects.filter(fault_class="").count(),
        "can_decide": has_permission(request, Permission.INCIDENT_RULES),
    }  # fmt: skip
    return render(request, "stations/incidents/rules.html", context)


@permission_required(Permission.INCIDENT_RULES)
@require_http_methods(["GET", "POST"])
def incident_rule_edit(request: HttpRequest) -> HttpResponse:
    """One rule (``code`` of the address), as it is for some stations (``own``) or for others."""
    code = request.GET.get("code", "faulted")
    if code not in DEFAULTS:
        raise Http404
    row = _row(code, request.GET.get("own", ""))
    form = RuleForm(posted(request), code=code, row=row)
    if request.method == "POST" and form.is_valid():
        values = {"operator": operator_of(request), "code": code, **form.cleaned_data}
        if attempted(form, lambda: rule_services.set_rule(**values)):
            messages.success(request, _("Saved."))
            return redirect("incident_rules")
    return _confirm(
        request, form, str(RULES[code][0]),
        _("Detection goes by it from its next turn on: within seconds."), "incident_rules",
    )  # fmt: skip


@permission_required(Permission.INCIDENT_RULES)
@require_http_methods(["GET", "POST"])
def incident_rule_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """As usual again for those stations."""
    row = get_object_or_404(IncidentRule.objects.all(), pk=pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        rule_services.drop_rule(rule=row, reason=form.cleaned_data["reason"])
        messages.success(request, _("Saved."))
        return redirect("incident_rules")
    title = _("As usual again: %(rule)s") % {"rule": row}
    return _confirm(request, form, title, _("The own setting is deleted."), "incident_rules")


def _row(code: str, own: str) -> IncidentRule | None:
    found: IncidentRule | None = (
        IncidentRule.objects.filter(code=code, pk=int(own[:9])).first() if own.isdecimal() else None
    )
    return found


def _confirm(
    request: HttpRequest, form: forms.BaseForm, title: str, consequence: str, back: str
) -> HttpResponse:
    context = {
        "title": title,
        "consequence": consequence,
        "verb": _("Save"),
        "form": form,
        "cancel_url": reverse(back),
    }
    return render(request, "confirm.html", context)


class ErrorCodeFilter(ListFilterSet):
    """Codes by text, class, and whether they are translated."""

    search_fields = ("code", "vendor", "meaning", "info")
    known = BooleanFilter(method="by_known", label=gettext_lazy("Translated"))
    fault_class = ChoiceFilter(label=gettext_lazy("Class"), choices=FaultClass.choices)

    class Meta:
        model = ErrorCode
        fields: list[str] = []

    def by_known(self, queryset: QuerySet[ErrorCode], _name: str, value: bool) -> QuerySet[Any]:
        """Whether somebody said what it means."""
        return queryset.exclude(fault_class="") if value else queryset.filter(fault_class="")


class ErrorCodeTable(ListTable):
    """Codes, those that nobody translated on top."""

    code = TitleColumn(gettext_lazy("Code"), detail="error_code_edit", key="public_id")
    vendor = TextColumn(gettext_lazy("Vendor"))
    fault_class = TextColumn(
        gettext_lazy("Class"), accessor="get_fault_class_display", order_by="fault_class"
    )
    meaning = TextColumn(gettext_lazy("Meaning"))
    info = TextColumn(gettext_lazy("Seen with"), card_hide=True)
    seen = TextColumn(gettext_lazy("Times seen"))
    first_seen_at = MomentColumn(gettext_lazy("First seen"))
    last_seen_at = MomentColumn(gettext_lazy("Last seen"))

    class Meta(ListTable.Meta):
        model = ErrorCode
        fields: tuple[str, ...] = ()


def error_codes() -> QuerySet[ErrorCode]:
    """Codes of the operator, unknown ones first."""
    rows: QuerySet[ErrorCode] = ErrorCode.objects.order_by("fault_class", "-last_seen_at", "-id")
    return rows


ERROR_CODES = ListSpec(
    name="error-codes",
    title=gettext_lazy("Error codes of vendors"),
    permission=Permission.INCIDENT_RULES,
    queryset=lambda _request: error_codes(),
    filterset=ErrorCodeFilter,
    table=ErrorCodeTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("vendor"),
        CsvColumn("code"),
        CsvColumn("fault_class"),
        CsvColumn("meaning"),
        CsvColumn("info"),
        CsvColumn("seen"),
        CsvColumn("first_seen_at"),
        CsvColumn("last_seen_at"),
    ),
    empty=EmptyText(
        gettext_lazy("No unknown code yet"),
        gettext_lazy("Codes that no table knows are collected here, to be translated."),
    ),
    search_hint=gettext_lazy("Code, vendor or meaning"),
)
error_code_list = list_view(ERROR_CODES)


class ErrorCodeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a code means."""

    class Meta:
        model = ErrorCode
        fields = ("fault_class", "meaning")

    def _post_clean(self) -> None:
        """Leave the row to the service."""


@permission_required(Permission.INCIDENT_RULES)
@require_http_methods(["GET", "POST"])
def error_code_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what a code means."""
    row = get_object_or_404(error_codes(), public_id=public_id)
    form = ErrorCodeForm(
        posted(request), instance=get_object_or_404(error_codes(), public_id=public_id)
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: rule_services.translate_code(error_code=row, **values)):
            messages.success(request, _("Saved."))
            return redirect("error_code_list")
    title = _("Code %(code)s of %(vendor)s") % {"code": row.code, "vendor": row.vendor or "–"}
    text = _("Seen %(times)d times, last with: %(info)s. The class decides how it is healed.") % {
        "times": row.seen,
        "info": row.info or "–",
    }
    return _confirm(request, form, title, text, "error_code_list")
