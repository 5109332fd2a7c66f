"""Form of a site: the place, its hours and what is told the public about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from core.ui.zone_names import zone_names
from stations.sites import hours_form
from stations.sites.models import Site


def zone_choices() -> list[tuple[str, str]]:
    """IANA zones by name."""
    names = (z for z in zone_names() if "/" in z and not z.startswith("Etc/"))
    return [(name, name) for name in ("UTC", *sorted(names))]


class SiteForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a site."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, initial="Europe/Stockholm"
    )

    GROUPS: ClassVar[list[Group]] = [
        (_("Place"), ("name", "address", "postal_code", "city", "country_code", "latitude",
                      "longitude", "time_zone", "directions", "place_class")),
        (_("Public access"), ("public_access", "access_reason", "guest_charging",
                              "access_type", "parking_type")),
        (_("Opening hours"), hours_form.NAMES),
        (_("Contact"), ("operator_phone", "operator_email", "owner_name", "owner_phone",
                        "owner_email", "host_name", "host_contact")),
        (_("Accessibility"), ("accessibility", "accessibility_note", "accessible_spaces")),
        (_("Electricity"), ("power_limit_w", "is_renewable", "renewable_note")),
        (_("Operation"), ("commissioned_on", "allow_profile_0")),
    ]  # fmt: skip

    class Meta:
        model = Site
        fields = (
            "name", "address", "postal_code", "city", "country_code", "latitude", "longitude",
            "time_zone", "directions", "place_class", "public_access", "access_reason",
            "guest_charging", "access_type", "parking_type", "operator_phone", "operator_email",
            "owner_name", "owner_phone", "owner_email", "host_name", "host_contact",
            "accessibility", "accessibility_note", "accessible_spaces", "power_limit_w",
            "is_renewable", "renewable_note", "commissioned_on", "allow_profile_0",
        )  # fmt: skip
        widgets = {"commissioned_on": day_widget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= hours_form.hours_fields()
        self.initial = {**self.initial, **hours_form.initial_of(self.instance.opening_hours)}

    def clean(self) -> dict[str, Any]:
        """A position needs both of its numbers; hours must be readable."""
        cleaned = super().clean() or {}
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if (latitude is None) != (longitude is None) and not self.errors:
            at_fault = "longitude" if longitude is None else "latitude"
            self.add_error(at_fault, _("Give both latitude and longitude, or neither."))
        self._clean_hours(cleaned)
        return cleaned

    def _clean_hours(self, cleaned: Mapping[str, Any]) -> None:
        for name in hours_form.NAMES:
            try:
                hours_form.clean_field(name, cleaned.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        if cleaned.get(hours_form.ALWAYS) and any(cleaned.get(n) for n in hours_form.DAYS):
            self.add_error(hours_form.ALWAYS, str(hours_form.WRONG["always_and_weekly"]))

    def clean_country_code(self) -> str:
        """Two letters, as ISO 3166 writes them."""
        code: str = self.cleaned_data["country_code"].upper()
        if len(code) != 2 or not code.isalpha():
            raise forms.ValidationError(_("Write the two letters of the country, as SE."))
        return code

    def values(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Columns of the site for changed fields; hours as they are stored."""
        columns = {name: v for name, v in changes.items() if name not in hours_form.NAMES}
        if columns.keys() != changes.keys():
            merged = {name: changes.get(name, self.initial[name]) for name in hours_form.NAMES}
            columns["opening_hours"] = hours_form.stored_of(merged)
        return columns

    def _post_clean(self) -> None:
        """Leave the row to the service, which checks it whole and says what is wrong."""
