"""Forms of an id token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import moment_widget
from customers.tokens.models import IdToken
from stations.sites.models import Site


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a token; the UID of an existing one stays."""

    allowed_sites: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Only at these sites"),
        required=False,
        help_text=_("None chosen: at every site."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = IdToken
        fields = (
            "uid",
            "label",
            "printed_number",
            "kind",
            "purpose",
            "status",
            "expires_at",
            "group_id",
            "max_concurrent_sessions",
            "max_energy_wh_per_month",
        )
        widgets = {"expires_at": moment_widget()}
        help_texts = {
            "uid": _("As the reader shows it; separators do not matter."),
            "group_id": _("Tokens of one group may stop each other's sessions."),
            "max_concurrent_sessions": _("Empty: no limit."),
            "max_energy_wh_per_month": _("Empty: no limit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["allowed_sites"]
        assert isinstance(sites, forms.ModelMultipleChoiceField)
        sites.queryset = Site.objects.filter(retired_on=None)
        if self.instance.pk:
            sites.initial = self.instance.allowed_sites.all()
            self.fields["uid"].disabled = True

    def _post_clean(self) -> None:
        """Leave the row to the service: a taken id gets the same answer whoever has it."""
