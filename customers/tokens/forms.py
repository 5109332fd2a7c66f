"""Forms of an id token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import moment_widget
from customers.tokens.models import IdToken
from stations.sites.models import Site


class TokenForm(forms.ModelForm[IdToken]):
    """Create or change a token; the UID of an existing one stays."""

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
            "allowed_sites",
        )
        widgets = {"expires_at": moment_widget()}
        help_texts = {
            "uid": _("As the reader shows it; separators do not matter."),
            "group_id": _("Tokens of one group may stop each other's sessions."),
            "max_concurrent_sessions": _("Empty: no limit."),
            "max_energy_wh_per_month": _("Empty: no limit."),
            "allowed_sites": _("None chosen: at every site."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["allowed_sites"]
        assert isinstance(sites, forms.ModelMultipleChoiceField)
        sites.queryset = Site.objects.filter(retired_on=None)
        if self.instance.pk:
            self.fields["uid"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Leave uniqueness to the service."""
        return self.cleaned_data
