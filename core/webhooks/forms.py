"""The form of a webhook."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.forms_groups import Group, GroupedForm
from core.webhooks.destination import Forbidden, check_form
from core.webhooks.extra_headers import read, written
from core.webhooks.models import WebhookEndpoint
from core.webhooks.sources import event_kinds


class WebhookForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Where to tell, and what."""

    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)
    headers = forms.CharField(
        label=_("Headers that go with it"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "autocomplete": "off"}),
        help_text=_(
            "One a line, as Authorization: Bearer …. Stored encrypted; dots stand for a value that "
            "is kept."
        ),
    )
    GROUPS: ClassVar[list[Group]] = [
        (_("Where and what"), ("name", "url", "events")),
        (
            _("For a ticket system"),
            ("template", "headers", "id_pointer", "url_pointer"),
        ),
    ]

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "events", "template", "id_pointer", "url_pointer")
        widgets = {
            "url": forms.URLInput(attrs={"placeholder": "https://"}),
            "template": forms.Textarea(attrs={"rows": 12, "class": "mono", "spellcheck": "false"}),
        }
        help_texts = {
            "name": _("Who listens, such as “Maintenance system”."),
            "url": _("Events are sent there by POST, signed. It must answer 2xx in 10 seconds."),
            "template": _(
                "Empty: the event as it is. For ticket systems: JSON with places such as "
                "{{data.incident.summary}} or {{data.work_order.title}}."
            ),
            "id_pointer": _("A JSON pointer, as /key; the ticket is shown on the incident."),
            "url_pointer": _("As /self; shown as a link."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["events"]
        assert isinstance(field, forms.MultipleChoiceField)
        if self.instance.pk:
            self.initial["headers"] = written(self.instance.header_names)
        field.choices = [(kind.name, f"{kind.label} ({kind.name})") for kind in event_kinds()]

    def clean_url(self) -> str:
        """Refuse an address that may not be called."""
        url = str(self.cleaned_data["url"])
        try:
            check_form(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
        except Forbidden as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def clean_headers(self) -> dict[str, str]:
        """The lines as names and values."""
        try:
            return read(str(self.cleaned_data["headers"]))
        except InvalidInput as error:
            raise forms.ValidationError(str(error.message)) from error

    def _post_clean(self) -> None:
        """Leave the row to the service."""
