"""Forms of the setup page, one a section."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.operators.models import TextKind
from core.operators.services import LONGEST_TEXT
from core.operators.values import CURRENCIES
from core.ui.zone_names import zone_names


def _text(label: Any, length: int, help_text: Any = "", required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text)


def _zones() -> list[tuple[str, str]]:
    names = (z for z in zone_names() if "/" in z and not z.startswith("Etc/"))
    return [(name, name) for name in ("UTC", *sorted(names))]


class SectionForm(forms.Form):
    """Base: carries the version that the person looks at."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """What was entered, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class NameForm(SectionForm):
    """Name, languages, zone, currency."""

    name = _text(_("Name"), 120, required=True)
    language = forms.ChoiceField(label=_("Main language"), choices=settings.LANGUAGES)
    languages = forms.MultipleChoiceField(
        label=_("Languages of texts and mails"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])


class LegalForm(SectionForm):
    """Legal name, numbers, address."""

    legal_name = _text(_("Legal name"), 200)
    organisation_number = _text(_("Organisation number"), 32)
    vat_number = _text(_("VAT number"), 32, _("With its country, as SE556012579001."))
    address = _text(_("Address"), 200)
    postal_code = _text(_("Postal code"), 16)
    city = _text(_("Town"), 100)


class BankForm(SectionForm):
    """Accounts that money is paid to."""

    bankgiro = _text(_("Bankgiro"), 16, _("As 5050-1055."))
    iban = _text(_("IBAN"), 42)
    bic = _text(_("BIC"), 11)


class MailForm(SectionForm):
    """Who mails come from and where answers go."""

    sender_name = _text(_("Sender name"), 100, _("The operator's name unless given."))
    sender_email = forms.EmailField(
        label=_("Sender address"),
        required=False,
        help_text=_("Its domain must let this installation's mail server send for it."),
    )
    reply_to = forms.EmailField(label=_("Replies to"), required=False)


class LogoForm(forms.Form):
    """The logo."""

    file = forms.FileField(
        label=_("Logo"), allow_empty_file=True, help_text=_("PNG, JPEG or WebP, at most 5 MB.")
    )


class TextForm(forms.Form):
    """A new version of a text."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TextKind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Plain text. Blank lines part paragraphs."),
    )
