"""Forms of sellers, their series and site contracts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.forms import FromDayForm
from billing.accounts.models import LONGEST_TERMS_DAYS
from billing.sellers.models import MOST_INTEREST_PERCENT, ContractForm, Purpose, Seller
from billing.sellers.selectors import sellers
from billing.sellers.values import SELLER_FIELDS
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from stations.sites.selectors import sites


class SellerForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a seller."""

    GROUPS: ClassVar[list[Group]] = [
        (
            _("Legal entity"),
            (
                "name", "organisation_number", "is_vat_registered", "vat_number", "has_f_tax",
                "registered_office", "is_host",
            ),
        ),
        (
            _("Address"),
            ("address", "postal_code", "city", "country_code", "email", "phone", "website"),
        ),
        (
            _("Where money is paid to"),
            ("bankgiro", "plusgiro", "iban", "bic", "swish", "peppol_address"),
        ),
        (
            _("Terms and looks"),
            ("terms_days", "late_interest_percent", "fee_by_terms", "colour"),
        ),
    ]  # fmt: skip
    terms_days = forms.IntegerField(
        label=_("Payment terms (days)"), min_value=0, max_value=LONGEST_TERMS_DAYS, initial=30
    )
    late_interest_percent = forms.DecimalField(
        label=_("Late interest above the reference rate (%)"),
        required=False,
        min_value=0,
        max_value=MOST_INTEREST_PERCENT,
        max_digits=5,
        decimal_places=2,
        help_text=_("Empty: as the law says."),
    )

    class Meta:
        model = Seller
        fields = SELLER_FIELDS
        help_texts = {
            "vat_number": _("With its country, as SE556012579001."),
            "is_host": _("Not the operator itself: a host who sells, or is paid by settlement."),
            "registered_office": _("Where the company has its seat; it stands on invoices."),
            "peppol_address": _("Scheme and number, as 0007:5567037485."),
            "swish": _("A company's number, ten digits that begin with 123."),
            "fee_by_terms": _("Without it no reminder fee may be asked for."),
            "colour": _("As #1a4d8f: headings and lines of the PDF. Empty: grey."),
        }

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class LogoForm(forms.Form):
    """The logo."""

    file = forms.FileField(
        label=_("Logo"), allow_empty_file=True, help_text=_("PNG, JPEG or WebP, at most 5 MB.")
    )


class SeriesForm(forms.Form):
    """Another number series for a kind of document."""

    purpose = forms.ChoiceField(label=_("For"), choices=Purpose.choices)
    code = forms.CharField(
        label=_("Letters of the series"),
        max_length=8,
        required=False,
        help_text=_("A-Z and 0-9, a letter at the end; where the pattern holds {series}."),
    )
    pattern = forms.CharField(
        label=_("Number pattern"),
        max_length=60,
        help_text=_(
            "Parts: {number} once, with its width as {number:5}; {series}, {year}, {yy}, {month}. "
            "With a year in it, numbers start again each year."
        ),
    )
    last_number = forms.IntegerField(
        label=_("Last number used elsewhere"),
        min_value=0,
        max_value=99_999_999,
        required=False,
        help_text=_("When invoices were numbered in another system before. Empty: begin at 1."),
    )
    year = forms.IntegerField(
        label=_("Its year"),
        min_value=2000,
        max_value=2100,
        required=False,
        help_text=_("Where numbers start again each year."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


class ContractEntryForm(GroupedForm, FromDayForm):
    """Who sells at a site from a day on."""

    GROUPS: ClassVar[list[Group]] = [
        (_("Contract"), ("site", "form", "seller", "from_on")),
        (
            _("Site host"),
            (
                "host", "host_is_vat_registered", "self_billing_agreed_on",
                "minimum_payout_amount", "basis_email",
            ),
        ),
        (_("Note"), ("note", "reason")),
    ]  # fmt: skip
    site: Any = forms.ModelChoiceField(queryset=None, label=_("Site"), to_field_name="public_id")
    form = forms.ChoiceField(label=_("Who sells"), choices=ContractForm.choices)
    seller: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Seller"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None"),
        help_text=_("Where the operator sells; where the host sells, it is the host."),
    )
    host: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Site host"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None"),
    )
    host_is_vat_registered = forms.BooleanField(
        label=_("The host is registered for VAT"),
        required=False,
        help_text=_("When that changes, enter a contract from that day."),
    )
    self_billing_agreed_on = forms.DateField(
        label=_("Self-billing agreed on"),
        required=False,
        widget=day_widget(),
        help_text=_("The day of the written agreement; without it no self-billing is made."),
    )
    minimum_payout_amount = forms.DecimalField(
        label=_("Least payout"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        initial=500,
        help_text=_("Less is carried over to the next settlement."),
    )
    basis_email = forms.EmailField(
        label=_("Property manager's e-mail"),
        required=False,
        max_length=254,
        help_text=_("Where nobody invoices here, the charging basis goes there."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, has_site: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_site:
            del self.fields["site"]
        else:
            self._choices("site", sites().filter(retired_on=None))
        in_use = sellers().filter(retired_on=None)
        self._choices("seller", in_use.filter(is_host=False))
        self._choices("host", in_use.filter(is_host=True))

    def _choices(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows
