"""Forms of a station."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from stations.hardware.models import Station
from stations.sites.models import Site


class StationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a station."""

    site: Any = forms.ModelChoiceField(queryset=None, label=_("Site"))
    field_order = ("name", "site", "identity")

    class Meta:
        model = Station
        fields = (
            "name",
            "identity",
            "security_profile",
            "assume_subprotocol",
            "hands_off",
            "vendor",
            "model",
            "serial_number",
            "commissioned_on",
        )
        widgets = {
            "commissioned_on": day_widget(),
            "assume_subprotocol": forms.Select(
                choices=[("", _("Refuse it")), ("ocpp1.6", "OCPP 1.6"), ("ocpp2.0.1", "OCPP 2.0.1")]
            ),
        }
        help_texts = {
            "identity": _("The last part of the address that the station connects to."),
            "security_profile": _("How the station proves who it is."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        assert isinstance(site, forms.ModelChoiceField)
        site.queryset = Site.objects.filter(retired_on=None)
        if self.instance.pk:
            site.initial = self.instance.site

    def _post_clean(self) -> None:
        """Leave the row to the service: a taken id gets the same answer whoever has it."""
