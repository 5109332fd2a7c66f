"""The form of a new API token."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken
from core.accounts.permissions import Permission
from core.forms import day_widget
from core.tenancy.places import place_source

LIFETIMES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("1 year")),
    ("never", _("Until it is revoked")),
    ("day", _("Until the day below")),
]


class ApiTokenForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What the token is for, what it may do, and how long."""

    permissions = forms.MultipleChoiceField(
        label=_("Allowed to"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As little as the program needs. You can give what you may do yourself."),
    )
    is_limited = forms.BooleanField(
        label=_("Works with chosen sites alone"),
        required=False,
        help_text=_("Every list and every object holds these sites alone."),
    )
    sites = forms.TypedMultipleChoiceField(
        label=_("Sites"),
        coerce=int,
        required=False,
        choices=lambda: place_source().choices(),
        widget=forms.CheckboxSelectMultiple,
    )
    lifetime = forms.ChoiceField(label=_("Valid for"), choices=LIFETIMES, initial="90")
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=day_widget(), help_text=_("Of your time zone.")
    )

    class Meta:
        model = ApiToken
        fields = ("name",)
        labels = {"name": _("What it is for")}
        help_texts = {"name": _("The program that will use it, such as “Nightly report”.")}

    def __init__(self, *args: Any, within: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["permissions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(p.value), f"{p.label} ({p.value})") for p in Permission if p.value in within
        ]

    def clean(self) -> dict[str, Any]:
        """Turn the lifetime into an instant; sites count with a limit alone."""
        values = super().clean() or {}
        values["places"] = values.get("sites", []) if values.get("is_limited") else None
        lifetime, day = values.get("lifetime"), values.get("expires_on")
        if lifetime == "day" and day is None and "expires_on" not in self.errors:
            self.add_error("expires_on", _("Say which day."))
        if lifetime == "day" and day is not None:
            zone = timezone.get_current_timezone()
            values["expires_at"] = datetime.combine(day + timedelta(days=1), time.min, zone)
        elif lifetime in ("30", "90", "365"):
            values["expires_at"] = timezone.now() + timedelta(days=int(lifetime))
        else:
            values["expires_at"] = None
        return values

    def _post_clean(self) -> None:
        """Leave the row to the service."""
