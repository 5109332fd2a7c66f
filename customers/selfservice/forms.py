"""Forms of the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing.accounts.forms import EmailsField
from core.forms import day_widget
from core.operators.models import LegalText
from stations.hardware.choices import ConnectorType


class TextForm(forms.Form):
    """What is wrong, or an answer, in one's own words."""

    text = forms.CharField(
        label=_("What is wrong?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class LabelForm(forms.Form):
    """What a person calls a card."""

    label = forms.CharField(label=_("Name of the card"), max_length=100, required=False)


class ActivateForm(forms.Form):
    """A card by what is printed on it."""

    printed_number = forms.CharField(
        label=_("Number printed on the card"),
        max_length=40,
        help_text=_("Spaces and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    label = forms.CharField(label=_("Name of the card"), max_length=100, required=False)


class EmailForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class AgreeForm(forms.Form):
    """Agreement to texts, each with a box of its own."""

    def __init__(self, *args: Any, texts: list[LegalText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            words = _("I agree to: %(kind)s, version %(version)d")
            self.fields[f"text_{text.pk}"] = forms.BooleanField(
                label=words % {"kind": text.get_kind_display(), "version": text.version},
                error_messages={"required": _("Without this you cannot go on.")},
            )


class JoinForm(AgreeForm):
    """Name and password of a new account, and agreement to the operator's texts."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, and not one of the common ones."),
    )


class PeriodForm(forms.Form):
    """A span of days, both included."""

    from_on = forms.DateField(label=_("From"), widget=day_widget())
    until_on = forms.DateField(label=_("Until"), widget=day_widget())

    def clean(self) -> dict[str, Any]:
        """The last day does not come before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first is not None and last is not None and last < first:
            self.add_error("until_on", _("The last day comes before the first."))
        return cleaned


class BillingForm(forms.Form):
    """Where a customer's invoices go, and what stands on them."""

    emails = EmailsField(
        label=_("E-mail addresses"), required=False, help_text=_("One on each line.")
    )
    peppol_address = forms.CharField(
        label=_("E-invoice address"), max_length=60, required=False,
        help_text=_("In Peppol, such as 0007:5560125790; for companies and municipalities."),
    )  # fmt: skip
    buyer_reference = forms.CharField(label=_("Your reference"), max_length=100, required=False)
    order_number = forms.CharField(label=_("Order number"), max_length=100, required=False)


class SettingsForm(forms.Form):
    """How the operator runs its portal."""

    allows_sign_up = forms.BooleanField(
        label=_("People may sign up by themselves"),
        required=False,
        help_text=_("They become drivers without a card; you say who pays for them."),
    )


class AnswerForm(forms.Form):
    """A message about a case."""

    text = forms.CharField(
        label=_("Your message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ManyFiles(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos; as a list, be there none or many."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each as a file of its own."""
        given = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(one, initial) for one in given if one]


class ProblemForm(forms.Form):
    """What is wrong with a station."""

    text = forms.CharField(
        label=_("What is wrong?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("Up to five. Where they were taken is removed."),
    )


class PlaceForm(forms.Form):
    """Which places to show."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    connector = forms.ChoiceField(
        label=_("Connector type"),
        choices=[("", _("All")), *ConnectorType.choices[:-1]],
        required=False,
    )
    least_kw = forms.TypedChoiceField(
        label=_("Least power"),
        choices=[("", _("Any")), (11, "11 kW"), (22, "22 kW"), (50, "50 kW"), (150, "150 kW")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    is_free = forms.BooleanField(label=_("Free now"), required=False)


class ProfileForm(forms.Form):
    """What a driver corrects about themself, and which messages they want."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)
    mails_charging_end = forms.BooleanField(
        label=_("Mail me when charging has ended"), required=False
    )
    mails_idle_warning = forms.BooleanField(
        label=_("Mail me before an idle fee begins"),
        required=False,
        help_text=_("Without the warning the fee begins at the time that the price says."),
    )
    mails_invoice_issued = forms.BooleanField(
        label=_("Mail me when there is a new invoice"), required=False
    )
    mails_payment_failed = forms.BooleanField(
        label=_("Mail me when an automatic payment failed or the card ends soon"),
        required=False,
    )


class HrFileForm(forms.Form):
    """Drivers from HR."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX with the columns named above, at most 2 MB.")
    )
    ends_others = forms.BooleanField(
        label=_("Who is not in the file ends today"),
        required=False,
        help_text=_("For files that list everybody. Their cards are refused from tomorrow on."),
    )
