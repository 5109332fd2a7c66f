"""What a report is asked for: days, site, station, grouping. Pages, CSV and API share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from stations.hardware.models import Station
from stations.sites.models import Site

DAY: Final = timedelta(days=1)
GROUPINGS: Final = [("day", _("Day")), ("site", _("Site")), ("station", _("Station"))]


def site_field() -> Any:
    """A site of the operator in scope by its public id, or all; the form sets the rows."""
    none: Any = None
    return forms.ModelChoiceField(
        label=_("Site"),
        queryset=none,
        to_field_name="public_id",
        required=False,
        empty_label=_("All sites"),
    )


def today_of(zone: str) -> date:
    """The date now in a zone."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()


class PeriodForm(forms.Form):
    """Days from and to, both included, and where. Without days: the last four weeks."""

    most_days = 366

    from_on = forms.DateField(label=_("From"), widget=day_widget(), required=False)
    to_on = forms.DateField(label=_("To"), widget=day_widget(), required=False)
    site: Any = site_field()

    def __init__(self, query: Mapping[str, Any], *, zone: str) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        today = today_of(zone)
        given["from_on"] = given["from_on"] or (today - 27 * DAY).isoformat()
        given["to_on"] = given["to_on"] or today.isoformat()
        super().__init__(given)
        site: Any = self.fields["site"]
        site.queryset = Site.objects.order_by("name", "id")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is longer than the report can be."""
        values = super().clean() or {}
        begin, end = values.get("from_on"), values.get("to_on")
        if begin and end and end < begin:
            self.add_error("to_on", _("The period ends before it begins."))
        elif begin and end and (end - begin).days >= self.most_days:
            text = _("At most %(days)d days at a time.") % {"days": self.most_days}
            self.add_error("to_on", text)
        return values


class EnergyForm(PeriodForm):
    """Also by what the rows are grouped."""

    by = forms.ChoiceField(label=_("Group by"), choices=GROUPINGS, required=False)

    def clean_by(self) -> str:
        """By day unless told."""
        return str(self.cleaned_data["by"] or "day")


class UtilisationForm(PeriodForm):
    """Also one station, by its public id; a quarter of a year at most."""

    most_days = 92
    station = forms.CharField(label=_("Station (public id)"), max_length=24, required=False)

    def clean_station(self) -> Station | None:
        """The station of the operator that the id names."""
        ref = self.cleaned_data["station"]
        if not ref:
            return None
        station: Station | None = Station.objects.filter(public_id=ref).first()
        if station is None:
            raise forms.ValidationError(_("There is no such station."))
        return station


class StationsForm(forms.Form):
    """Where."""

    site: Any = site_field()

    def __init__(self, query: Mapping[str, Any]) -> None:
        super().__init__({"site": query.get("site", "")})
        site: Any = self.fields["site"]
        site.queryset = Site.objects.order_by("name", "id")


@dataclass(frozen=True, slots=True)
class Preset:
    """A period to choose with one click."""

    label: Any
    from_on: str
    to_on: str


def presets(zone: str) -> list[Preset]:
    """Week, four weeks, this month and the last, year."""
    today = today_of(zone)
    first = today.replace(day=1)
    before = first - DAY
    pairs = (
        (_("7 days"), today - 6 * DAY, today),
        (_("28 days"), today - 27 * DAY, today),
        (_("This month"), first, today),
        (_("Last month"), before.replace(day=1), before),
    )
    return [Preset(label, begin.isoformat(), end.isoformat()) for label, begin, end in pairs]
