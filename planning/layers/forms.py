"""Forms of layers: a file, how it is read, what a layer is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm, day_widget
from planning.layers.kinds import WEIGHTS, LayerKind
from planning.layers.mapping import EXTRAS, FIRST, KEEP, REFUSE, SUM, FileMapping
from planning.layers.models import Layer
from planning.layers.reading.table import MOST_BYTES, Table
from planning.layers.selectors import usable_layers
from planning.layers.systems import RT90, SWEREF99_TM, WGS84

SYSTEMS = [
    ("0", _("As the numbers suggest")),
    (str(WGS84), _("WGS 84: longitude and latitude")),
    (str(SWEREF99_TM), "SWEREF 99 TM"),
    (str(RT90), "RT 90 2.5 gon V"),
    ("other", _("Another one, by its EPSG number")),
]
DUPLICATES = [
    (REFUSE, _("Refuse the file")),
    (KEEP, _("Keep all of them")),
    (FIRST, _("Keep the first alone")),
    (SUM, _("Add their numbers up")),
]
EXTRA_LABELS: dict[str, Any] = {
    "heavy_share": _("Share of heavy vehicles (0 to 1)"),
    "length_km": _("Length of the stretch (km)"),
    "without_parking": _("Share without own parking (0 to 1)"),
    "km_per_year": _("Kilometres a year and car"),
    "kwh_per_stay": _("Energy a stay (kWh)"),
    "plugs_in": _("Share that plugs in (0 to 1)"),
    "power_kw": _("Power (kW)"),
    "operator": _("Operator"),
    "connection_cost": _("Cost of the grid connection"),
    "capacity_kw": _("Grid capacity (kW)"),
    "site_cost": _("Cost of the site"),
    "from": _("From"),
    "to": _("To"),
    "road": _("Road"),
    "year": _("Year of the row"),
    "all_cars": _("All cars (the most there can be)"),
    "growth": _("Growth until the year meant (factor)"),
    "network": _("TEN-T network (core or comprehensive)"),
    "light_vehicles": _("Light vehicles a day"),
    "towards": _("Serves only the direction towards"),
}


class UploadForm(forms.Form):
    """A file, and what it holds."""

    kind = forms.ChoiceField(
        label=_("What the file holds"), choices=[("", "---------"), *LayerKind.choices]
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, GeoJSON, GeoPackage, or stations of Nobil, Open Charge Map or OCPI as JSON; at "
            "most 25 MB and 100 000 rows. Nothing is kept yet."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.geojson,.json,.gpkg"}),
    )

    def clean_file(self) -> Any:
        """Small enough to be read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(size)s MB; leave out what is not needed."),
                params={"size": MOST_BYTES // 1_000_000},
            )
        return file


class MappingForm(forms.Form):
    """How the columns are read. Fields depend on the file and the kind."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=LayerKind.choices)
    table = forms.ChoiceField(label=_("Table"))
    longitude = forms.ChoiceField(label=_("Longitude (east)"), required=False)
    latitude = forms.ChoiceField(label=_("Latitude (north)"), required=False)
    placed_from = forms.ChoiceField(
        label=_("Positions from"),
        required=False,
        help_text=_("For a file with names or codes alone: a layer whose places have the same."),
    )
    placed_by = forms.ChoiceField(label=_("Column of these names or codes"), required=False)
    system = forms.ChoiceField(label=_("Coordinate system"), choices=SYSTEMS)
    epsg = forms.IntegerField(
        label=_("EPSG number"),
        required=False,
        min_value=1000,
        max_value=999_999,
        help_text=_("Only for another system, as 3008 for SWEREF 99 13 30."),
    )
    is_swapped = forms.BooleanField(label=_("East and north are swapped"), required=False)
    weight = forms.ChoiceField(label=_("Number"), required=False)
    label = forms.ChoiceField(label=_("Name of the place"), required=False)
    duplicates = forms.ChoiceField(label=_("Rows at the same place"), choices=DUPLICATES)
    leaves_out_wrong = forms.BooleanField(
        label=_("Leave out rows that are wrong"),
        required=False,
        help_text=_("Otherwise one wrong row refuses the file. How many were left out is kept."),
    )

    def __init__(self, data: Any = None, *, table: Table, kind: str, mapping: FileMapping) -> None:
        super().__init__(data, initial=_initial(table, kind, mapping))
        columns = [("", _("– none –")), *((name, name) for name in table.columns)]
        for name in ("longitude", "latitude", "weight", "label", "placed_by"):
            self._choices(name, columns)
        others = usable_layers().order_by("name", "id").values_list("public_id", "name")
        self._choices("placed_from", [("", _("The file itself")), *others])
        for name in EXTRAS.get(kind, ()):
            self.fields[f"extra_{name}"] = forms.ChoiceField(
                label=EXTRA_LABELS[name], choices=columns, required=False
            )
        self.fields["weight"].label = WEIGHTS[LayerKind(kind)]
        self._choices("table", [(name, name) for name in table.tables])
        if len(table.tables) < 2:
            del self.fields["table"]
        if table.has_geometry:
            del self.fields["longitude"], self.fields["latitude"]

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Another system needs its number."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("placed_from") and not values.get("placed_by"):
            self.add_error("placed_by", _("Choose the column that names the places."))
        if values.get("system") == "other" and not values.get("epsg") and "epsg" in values:
            self.add_error("epsg", _("Write the number of the coordinate system."))
        return values

    def mapping(self) -> FileMapping:
        """What was chosen."""
        values = self.cleaned_data
        system = values["system"]
        extras = {
            name.removeprefix("extra_"): column
            for name, column in values.items()
            if name.startswith("extra_") and column
        }
        return FileMapping(
            values.get("longitude", ""),
            values.get("latitude", ""),
            values["weight"],
            values["label"],
            values["epsg"] if system == "other" else int(system),
            values["is_swapped"],
            values["leaves_out_wrong"],
            values["duplicates"],
            extras,
            values["placed_from"],
            values["placed_by"],
        )


def _initial(table: Table, kind: str, mapping: FileMapping) -> dict[str, Any]:
    is_listed = str(mapping.epsg) in dict(SYSTEMS)
    return {
        "kind": kind,
        "table": table.table,
        "longitude": mapping.longitude,
        "latitude": mapping.latitude,
        "system": str(mapping.epsg) if is_listed else "other",
        "epsg": None if is_listed else mapping.epsg,
        "is_swapped": mapping.is_swapped,
        "weight": mapping.weight,
        "label": mapping.label,
        "duplicates": mapping.duplicates,
        "leaves_out_wrong": mapping.leaves_out_wrong,
        "placed_from": mapping.placed_from,
        "placed_by": mapping.placed_by,
        **{f"extra_{name}": column for name, column in mapping.extras.items()},
    }


class LayerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """What a layer is called, and where its data come from."""

    class Meta:
        model = Layer
        fields = ("name", "source", "source_on", "licence", "note")
        widgets = {"source_on": day_widget(), "note": forms.Textarea(attrs={"rows": 2})}


class CommitForm(LayerForm):
    """The same, and the digest of what was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ArchiveForm(ReasonForm):
    """Why a layer is put away (1) or taken out again (0)."""

    is_archived = forms.TypedChoiceField(
        choices=(("1", _("Put away")), ("0", _("Take out again"))),
        coerce=lambda value: value == "1",
        widget=forms.HiddenInput,
    )
