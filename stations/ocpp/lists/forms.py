"""Forms of local lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm
from stations.ocpp.lists.settings import Choices
from stations.ocpp.models import ListChoice
from stations.sites.models import Site

WAYS = [
    ("differential", _("What has changed since the station last accepted it")),
    ("full", _("The whole list")),
    ("version", _("Nothing; ask which version the station holds")),
]
_OF_SITE = [("", _("As the operator says")), ("on", _("Kept in step")), ("off", _("Left alone"))]


class SendForm(ReasonForm):
    """What to send now, and why."""

    update = forms.ChoiceField(
        label=_("What to send"), choices=WAYS, widget=forms.RadioSelect, initial="differential"
    )

    field_order = ("update", "reason")


class ChoiceForm(ReasonForm):
    """Whether one station's list is kept in step."""

    choice = forms.ChoiceField(label=_("Setting"), choices=ListChoice.choices)

    field_order = ("choice", "reason")


class SettingsForm(ReasonForm):
    """The operator's choice, where the reader may see every site, and each site's own."""

    is_enabled = forms.BooleanField(
        label=_("Keep the local lists of all stations in step"),
        required=False,
        help_text=_("Stations marked hands-off are left alone in any case."),
    )

    def __init__(
        self, *args: Any, sites: list[Site], choices: Choices, whole: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = sites
        self.fields["is_enabled"].initial = choices.operator
        if not whole:
            del self.fields["is_enabled"]
        for site in sites:
            own = choices.of_site(site.pk)
            self.fields[f"site_{site.pk}"] = forms.ChoiceField(
                label=site.name,
                choices=_OF_SITE,
                required=False,
                initial="" if own is None else "on" if own else "off",
            )
        reason = self.fields.pop("reason")
        self.fields["reason"] = reason

    def of_site(self, site: Site) -> bool | None:
        """The choice for a site; None: as the operator says."""
        return {"on": True, "off": False}.get(self.cleaned_data[f"site_{site.pk}"])
