"""Form of an EVSE with the kinds of its connectors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stations.hardware.choices import ConnectorType, CurrentType
from stations.hardware.models import Connector, Evse, Station


class EvseForm(forms.Form):
    """Public id, power, current and connector types; the number only for a new one."""

    number = forms.IntegerField(
        label=_("Number"), min_value=1, max_value=999, help_text=_("The station's EVSE id, from 1.")
    )
    public_id = forms.CharField(
        label=_("EVSE id"),
        max_length=48,
        required=False,
        help_text=_("As drivers and partners see it, for example SE*ABC*E000001*1."),
    )
    max_power_w = forms.IntegerField(
        label=_("Power (W)"), min_value=1, max_value=2_000_000, required=False
    )
    current_type = forms.ChoiceField(label=_("Current"), choices=CurrentType.choices)
    phases = forms.TypedChoiceField(
        label=_("Phases"), choices=[(1, "1"), (2, "2"), (3, "3")], coerce=int, initial=3
    )

    def __init__(
        self, data: QueryDict | None = None, *, station: Station, evse: Evse | None
    ) -> None:
        self.evse = evse
        self.connectors: list[Connector] = list(evse.connectors.all()) if evse else []
        super().__init__(data, initial=self._initial(station))
        if evse is not None:
            del self.fields["number"]
        for connector in self.connectors:
            self.fields[f"connector_{connector.number}"] = forms.ChoiceField(
                label=gettext("Connector %(number)s") % {"number": connector.number},
                choices=ConnectorType.choices,
            )

    def _initial(self, station: Station) -> dict[str, Any]:
        if self.evse is None:
            taken = station.evses.values_list("number", flat=True)
            return {"number": max(taken, default=0) + 1, "current_type": CurrentType.AC_3_PHASE}
        names = ("public_id", "max_power_w", "current_type", "phases")
        values: dict[str, Any] = {name: getattr(self.evse, name) for name in names}
        return values | {f"connector_{c.number}": c.connector_type for c in self.connectors}

    def values(self) -> dict[str, Any]:
        """Fields of the EVSE; an empty public id is none."""
        own = {k: v for k, v in self.cleaned_data.items() if not k.startswith("connector_")}
        return own | {"public_id": own["public_id"].strip() or None}

    def types(self) -> list[tuple[Connector, str]]:
        """Connectors with the type chosen for each."""
        return [(c, self.cleaned_data[f"connector_{c.number}"]) for c in self.connectors]
