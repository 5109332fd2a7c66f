"""Forms of an EVSE and of a connector."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from core.forms_groups import Group, GroupedForm, ListChoiceField, ShownGroup
from stations.hardware.choices import ConnectorType, CurrentType
from stations.hardware.meter_keys import meter_key
from stations.hardware.models import Connector, Evse, Station
from stations.sites.choices import (
    GrantState,
    ParkingRestriction,
    PaymentWay,
    PublicAccess,
    Suitability,
    VehicleType,
)

CONNECTOR_PARTS: Final = ("connector_type", "is_tethered", "cable_length_cm", "max_power_w")


def connector_fields() -> dict[str, forms.Field]:
    """What a connector is."""
    return {
        "connector_type": forms.ChoiceField(label=_("Type"), choices=ConnectorType.choices),
        "is_tethered": forms.BooleanField(label=_("Fixed cable"), required=False),
        "cable_length_cm": forms.IntegerField(
            label=_("Cable length (cm)"), min_value=1, max_value=10_000, required=False
        ),
        "max_power_w": forms.IntegerField(
            label=_("Power (W)"),
            min_value=1,
            max_value=2_000_000,
            required=False,
            help_text=_("Nothing: as the EVSE."),
        ),
    }


class MeterKeyField(forms.CharField):
    """A public key as people have it, kept in one form."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Public key"),
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            help_text=_("By it signed values are checked: hexadecimal, Base64 or PEM."),
        )

    def clean(self, value: Any) -> str:
        """In the stored form."""
        try:
            return meter_key(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(gettext("This is no public key of a meter.")) from error


class ConnectorForm(forms.Form):
    """A connector to add."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=99)

    def __init__(self, data: QueryDict | None = None, *, evse: Evse) -> None:
        taken = [one.number for one in evse.connectors.all()]
        super().__init__(data, initial={"number": max(taken, default=0) + 1})
        self.fields |= connector_fields()


class EvseForm(GroupedForm, forms.Form):
    """An EVSE with its connectors, meter, grant and what the public is told of it.

    The number is asked only for a new one.
    """

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
    commissioned_on = forms.DateField(label=_("Commissioned"), required=False, widget=day_widget())
    public_access = forms.ChoiceField(
        label=_("Publicly accessible"),
        choices=PublicAccess.choices,
        required=False,
        help_text=_("Not stated: as the site."),
    )
    access_reason = forms.CharField(label=_("Why not, or when"), max_length=300, required=False)
    accessibility = forms.ChoiceField(
        label=_("Suitable for people with disabilities"),
        choices=Suitability.choices,
        required=False,
        help_text=_("Not stated: as the site."),
    )
    parking_note = forms.CharField(
        label=_("About parking"),
        max_length=200,
        required=False,
        help_text=_("For example: at most 3 hours, 8–18."),
    )
    payment_terminal = forms.CharField(
        label=_("Payment terminal"),
        max_length=40,
        required=False,
        help_text=_("Its id at the terminal gateway; several EVSEs may share one."),
    )
    payment_ways = ListChoiceField(label=_("Ways to pay"), choices=PaymentWay.choices)
    vehicle_types = ListChoiceField(label=_("Vehicles"), choices=VehicleType.choices)
    parking_restrictions = ListChoiceField(
        label=_("Parking restrictions"), choices=ParkingRestriction.choices
    )
    meter_make = forms.CharField(label=_("Make and model"), max_length=80, required=False)
    meter_serial = forms.CharField(label=_("Serial number"), max_length=64, required=False)
    meter_mid_year = forms.IntegerField(
        label=_("MID year"),
        min_value=2000,
        max_value=2100,
        required=False,
        help_text=_("The two digits after M on the meter, as a year."),
    )
    meter_class = forms.CharField(
        label=_("Accuracy class"),
        max_length=8,
        required=False,
        help_text=_("A, B or C; DC meters also 0.5 or 1."),
    )
    meter_public_key = MeterKeyField()
    grant_state = forms.ChoiceField(label=_("Grant"), choices=GrantState.choices, required=False)
    grant_name = forms.CharField(label=_("Granted by, reference"), max_length=120, required=False)
    grant_conditions = forms.CharField(label=_("Conditions"), max_length=500, required=False)
    grant_ends_on = forms.DateField(label=_("Conditions end"), required=False, widget=day_widget())

    GROUPS: ClassVar[list[Group]] = [
        (_("EVSE"), ("number", "public_id", "max_power_w", "current_type", "phases",
                     "commissioned_on")),
        (_("Public access"), ("public_access", "access_reason", "accessibility", "parking_note",
                              "payment_terminal", "payment_ways", "vehicle_types",
                              "parking_restrictions")),
        (_("Meter"), ("meter_make", "meter_serial", "meter_mid_year", "meter_class",
                      "meter_public_key")),
        (gettext_lazy("Grant"), ("grant_state", "grant_name", "grant_conditions",
                                 "grant_ends_on")),
    ]  # fmt: skip

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        station: Station,
        evse: Evse | None,
        proposed_id: str = "",
    ) -> None:
        self.evse = evse
        self.connectors: list[Connector] = [
            one for one in (evse.connectors.all() if evse else []) if one.retired_on is None
        ]
        super().__init__(data, initial=self._initial(station, proposed_id))
        if evse is not None:
            del self.fields["number"]
        for connector in self.connectors:
            for name, one in connector_fields().items():
                self.fields[_field_name(connector, name)] = one

    def _initial(self, station: Station, proposed_id: str) -> dict[str, Any]:
        if self.evse is None:
            taken = station.evses.values_list("number", flat=True)
            return {
                "number": max(taken, default=0) + 1,
                "current_type": CurrentType.AC_3_PHASE,
                "public_id": proposed_id,
            }
        names = [name for name in self.base_fields if name != "number"]
        values: dict[str, Any] = {name: getattr(self.evse, name) for name in names}
        return values | {
            _field_name(one, name): getattr(one, name)
            for one in self.connectors
            for name in CONNECTOR_PARTS
        }

    def groups(self) -> list[ShownGroup]:
        """The groups, with one for each connector after the first."""
        shown = super().groups()
        connectors = [
            ShownGroup(
                gettext("Connector %(number)s") % {"number": one.number},
                [self[_field_name(one, name)] for name in CONNECTOR_PARTS],
            )
            for one in self.connectors
        ]
        return [shown[0], *connectors, *shown[1:]]

    def values(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Changed columns of the EVSE; an empty public id is none."""
        own = {name: v for name, v in changes.items() if not name.startswith("connector_")}
        if "public_id" in own:
            own["public_id"] = own["public_id"].strip() or None
        return own

    def connector_changes(self, changes: dict[str, Any]) -> list[tuple[Connector, dict[str, Any]]]:
        """Changed columns of each connector."""
        found = []
        for one in self.connectors:
            names = {name: _field_name(one, name) for name in CONNECTOR_PARTS}
            found.append((one, {n: changes[key] for n, key in names.items() if key in changes}))
        return found


def _field_name(connector: Connector, name: str) -> str:
    """``connector_1`` is the type; the other parts follow its number."""
    return f"connector_{connector.number}" + ("" if name == "connector_type" else f"_{name}")
