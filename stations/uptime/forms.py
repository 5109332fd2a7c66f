"""Forms of uptime: what a report is asked for, causes, conventions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import ReasonForm, moment_widget
from core.forms_groups import Group, GroupedForm
from core.forms_months import FirstDayField
from core.months import last_day, month_before, months_between
from stations.hardware.models import Evse, Station
from stations.sites.models import Site
from stations.sites.selectors import sites
from stations.uptime.models import Cause, CauseStatement, UptimeSetting

MOST_MONTHS: Final = 24
BY: Final = [
    ("month", _("Month")),
    ("site", _("Site")),
    ("station", _("Station")),
    ("evse", _("EVSE")),
    ("model", _("Model")),
    ("firmware", _("Firmware")),
]


def today_of(operator: Operator) -> date:
    """The operator's date now."""
    return timezone.now().astimezone(ZoneInfo(operator.time_zone)).date()


class UptimeForm(forms.Form):
    """Months, both included, where, and by what. Without months: this one and the two before."""

    from_month = FirstDayField(label=_("From month"))
    until_month = FirstDayField(label=_("Until month"))
    site: Any = forms.ModelChoiceField(
        label=_("Site"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label=_("All sites"),
    )
    by = forms.ChoiceField(label=_("Group by"), choices=BY)

    def __init__(self, query: Mapping[str, Any], *, operator: Operator) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        self.today = today_of(operator)
        first = month_before(month_before(self.today.replace(day=1)))
        given["from_month"] = given["from_month"] or f"{first:%Y-%m}"
        given["until_month"] = given["until_month"] or f"{self.today:%Y-%m}"
        given["by"] = given["by"] or "site"
        super().__init__(given)
        self.fields["site"].queryset = sites()  # type: ignore[attr-defined]  # a field of rows

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins, or is too long."""
        values = super().clean() or {}
        begin, end = values.get("from_month"), values.get("until_month")
        if begin and end and end < begin:
            self.add_error("until_month", _("The period ends before it begins."))
        elif begin and end and len(months_between(begin, end)) > MOST_MONTHS:
            text = _("At most %(months)d months at a time.") % {"months": MOST_MONTHS}
            self.add_error("until_month", text)
        return values

    def asked(self) -> dict[str, Any]:
        """What the selector takes; the future is left out."""
        values = self.cleaned_data
        until = min(last_day(values["until_month"]), self.today)
        return {
            "from_on": values["from_month"],
            "until_on": max(until, values["from_month"]),
            "site": values["site"],
            "by": values["by"],
        }


class CauseForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """State why a place was, or will be, out of service."""

    GROUPS: ClassVar[list[Group]] = [
        (_("Where"), ("site", "station", "evse_number")),
        (_("When"), ("began_at", "ended_at")),
        (_("Why"), ("cause", "reason", "evidence")),
    ]
    site: Any = forms.ModelChoiceField(label=_("Site"), queryset=None)
    station = forms.CharField(
        label=_("Station (public id)"),
        max_length=24,
        required=False,
        help_text=_("Nothing: the whole site."),
    )
    evse_number = forms.IntegerField(
        label=_("EVSE"), min_value=1, required=False, help_text=_("Nothing: the whole station.")
    )

    class Meta:
        model = CauseStatement
        fields = ("site", "began_at", "ended_at", "cause", "reason", "evidence")
        widgets = {
            "began_at": moment_widget(),
            "ended_at": moment_widget(),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites()  # type: ignore[attr-defined]  # a field of rows

    def _post_clean(self) -> None:
        """Leave the row to the service."""

    def clean(self) -> dict[str, Any]:
        """Find station and EVSE by what names them."""
        values = super().clean() or {}
        ref, number = values.pop("station", ""), values.pop("evse_number", None)
        site: Site | None = values.get("site")
        station = Station.objects.filter(public_id=ref, site=site).first() if ref else None
        if ref and station is None:
            self.add_error("station", _("There is no such station at this site."))
        if number and station is None:
            self.add_error("evse_number", _("Name its station too."))
        evse = Evse.objects.filter(station=station, number=number).first() if number else None
        if number and station is not None and evse is None:
            self.add_error("evse_number", _("The station has no such EVSE."))
        return values | {"station": station, "evse": evse}


class CorrectForm(ReasonForm):
    """Another cause for one outage."""

    cause = forms.ChoiceField(label=_("Cause"), choices=Cause.choices)
    evidence = forms.CharField(
        label=_("Document"),
        max_length=300,
        required=False,
        help_text=_("What proves it: a case number, a report, an address."),
    )
    field_order = ("cause", "reason", "evidence")


class ConventionsForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # as above
    """How outages are counted."""

    GROUPS: ClassVar[list[Group]] = [
        (_("No contact"), ("offline_after_s", "offline_from", "own_outages")),
        (_("Status and delivery"), ("connectors", "silent_attempts")),
        (_("Why"), ("reason",)),
    ]
    reason = ReasonForm.base_fields["reason"]

    class Meta:
        model = UptimeSetting
        fields = (
            "offline_after_s",
            "offline_from",
            "own_outages",
            "connectors",
            "silent_attempts",
        )

    def _post_clean(self) -> None:
        """Leave the row to the service."""


def month_of_page(text: str, operator: Operator) -> tuple[date, date]:
    """The first and last day of the twelve months that end with the month named, or this one."""
    today = today_of(operator)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today.replace(day=1)
    until = min(last_day(first), today)
    return until - timedelta(days=364), until
