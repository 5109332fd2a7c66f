"""The form of a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.webhooks.destination import Forbidden, check_form
from core.webhooks.models import WebhookEndpoint
from core.webhooks.sources import event_kinds


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Where to tell, and what."""

    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "events")
        widgets = {"url": forms.URLInput(attrs={"placeholder": "https://"})}
        help_texts = {
            "name": _("Who listens, such as “Maintenance system”."),
            "url": _("Events are sent there by POST, signed. It must answer 2xx in 10 seconds."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["events"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(kind.name, f"{kind.label} ({kind.name})") for kind in event_kinds()]

    def clean_url(self) -> str:
        """Refuse an address that may not be called."""
        url = str(self.cleaned_data["url"])
        try:
            check_form(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
        except Forbidden as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def _post_clean(self) -> None:
        """Leave the row to the service."""
