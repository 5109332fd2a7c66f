"""Form of a site."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from stations.sites.models import Site


def zone_choices() -> list[tuple[str, str]]:
    """IANA zones by name."""
    names = (z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith("Etc/"))
    return [(name, name) for name in ("UTC", *sorted(names))]


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a site."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, initial="Europe/Stockholm"
    )

    class Meta:
        model = Site
        fields = (
            "name",
            "address",
            "postal_code",
            "city",
            "country_code",
            "latitude",
            "longitude",
            "time_zone",
            "power_limit_w",
            "allow_profile_0",
            "commissioned_on",
        )
        widgets = {"commissioned_on": day_widget()}

    def clean(self) -> dict[str, Any]:
        """A position needs both of its numbers."""
        cleaned = super().clean() or {}
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if (latitude is None) != (longitude is None) and not self.errors:
            at_fault = "longitude" if longitude is None else "latitude"
            self.add_error(at_fault, _("Give both latitude and longitude, or neither."))
        return cleaned

    def clean_country_code(self) -> str:
        """Two letters, as ISO 3166 writes them."""
        code: str = self.cleaned_data["country_code"].upper()
        if len(code) != 2 or not code.isalpha():
            raise forms.ValidationError(_("Write the two letters of the country, as SE."))
        return code
