"""Forms of members and invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import ALWAYS_LIMITED, Role
from core.tenancy.places import place_source

_SITES_HELP = _(
    "Lists, pages, exports and live events hold these sites alone. A host or board always does."
)


class RightsForm(forms.Form):
    """Role and sites."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    is_limited = forms.BooleanField(
        label=_("Works with chosen sites alone"), required=False, help_text=_SITES_HELP
    )
    sites = forms.TypedMultipleChoiceField(
        label=_("Sites"),
        coerce=int,
        required=False,
        choices=lambda: place_source().choices(),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        """An owner has no limit, a host always has one, and a limit names sites."""
        cleaned = super().clean() or {}
        if cleaned.get("role") in ALWAYS_LIMITED:
            cleaned["is_limited"] = True
        if not cleaned.get("is_limited"):
            cleaned["sites"] = []
        elif cleaned.get("role") == Role.OWNER:
            self.add_error("is_limited", _("An owner works with all sites."))
        elif not cleaned.get("sites") and "sites" not in self.errors:
            self.add_error("sites", _("Choose at least one site."))
        return cleaned


class MemberForm(RightsForm):
    """Change what a member may."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


class InviteForm(RightsForm):
    """Whom to invite."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
    field_order = ("email", "name", "language", "role", "is_limited", "sites")


class JoinForm(forms.Form):
    """Name and password of a new account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, and not one of the common ones."),
    )
    again = forms.CharField(
        label=_("The password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same."""
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") not in (None, cleaned["password"]):
            self.add_error("again", _("The two passwords differ."))
        return cleaned
