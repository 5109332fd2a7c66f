"""Form of when a person may be written to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TimesForm(forms.Form):
    """Quiet hours and digest."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_clock())
    quiet_to = forms.TimeField(label=_("Quiet to"), required=False, widget=_clock())
    is_digest = forms.BooleanField(
        label=_("One mail a day instead of one for each event"), required=False
    )
    digest_time = forms.TimeField(label=_("Time of the daily mail"), widget=_clock())
    webhook_url = forms.CharField(
        label=_("Address for webhooks"),
        required=False,
        max_length=500,
        widget=forms.URLInput(),
        help_text=_(
            "Where what you tick under webhook is sent, signed; incoming webhooks of chat programs "
            "that show a field “text” work too."
        ),
    )

    def times(self) -> dict[str, Any]:
        """The values as the service takes them."""
        return dict(self.cleaned_data)
