"""The question of the page "why this tariff"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from core.forms import moment_widget
from customers.attribution.loading import Question
from customers.payers.forms import AccountField
from stations.hardware.choices import ConnectorType
from stations.hardware.models import Connector, Evse, Station
from stations.hardware.selectors import find_station


class WhyForm(forms.Form):
    """A place, who charges, and an instant; neither token nor account: ad hoc."""

    station: Any = forms.CharField(
        label=_("Station"), max_length=64, help_text=_("Its identity or id.")
    )
    evse = forms.IntegerField(
        label=_("EVSE"), required=False, min_value=0, max_value=10**6, help_text=_("Its number.")
    )
    connector_type = forms.ChoiceField(
        label=_("Connector type"),
        required=False,
        choices=[("", _("As the EVSE has")), *ConnectorType.choices],
    )
    token = forms.CharField(
        label=_("Token"), required=False, max_length=255, help_text=_("The number of a card.")
    )
    account = AccountField()
    at = forms.DateTimeField(
        label=_("Charging begins"),
        widget=moment_widget(),
        help_text=_("Before or after the fact, in the zone of the page."),
    )

    def clean_station(self) -> Station:
        """The operator's station."""
        station = find_station(self.cleaned_data["station"].strip())
        if station is None:
            raise forms.ValidationError(_gettext("There is no such station."))
        return station

    def clean(self) -> dict[str, Any]:
        """The EVSE is the station's; a token or an account, not both."""
        values = super().clean() or {}
        if values.get("token") and values.get("account"):
            self.add_error("account", _gettext("Name a token or an account, not both."))
        station, number = values.get("station"), values.get("evse")
        values["evse_row"] = None
        if station is not None and number is not None:
            evse = Evse.objects.filter(station=station, number=number).first()
            if evse is None:
                self.add_error("evse", _gettext("The station has no EVSE with this number."))
            values["evse_row"] = evse
        return values

    def question(self) -> Question:
        """What is asked; the form must be valid."""
        values = self.cleaned_data
        station, evse = values["station"], values["evse_row"]
        return Question(
            at=values["at"],
            site_id=station.site_id,
            station_id=station.pk,
            evse_id=evse.pk if evse else None,
            connector_type=values["connector_type"] or _only_type(station, evse),
            token=values["token"],
            account=values["account"],
        )


def _only_type(station: Station, evse: Evse | None) -> str:
    """The type of all connectors there; empty where they differ."""
    rows = Connector.objects.filter(evse__station=station, retired_on=None)
    if evse is not None:
        rows = rows.filter(evse=evse)
    types = set(rows.values_list("connector_type", flat=True).order_by()[:20])
    return str(types.pop()) if len(types) == 1 else ""
