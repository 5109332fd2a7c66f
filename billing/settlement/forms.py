"""Forms of settlement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import operator_day
from billing.accounts.forms import FromDayForm
from billing.accounts.models import BillingAccount
from billing.accounts.selectors import accounts
from billing.sellers.models import Seller
from billing.settlement.models import Statement
from billing.settlement.term_models import Direction, HostTerms, Rhythm, TermKind
from billing.settlement.term_services import MOST_LINES, NewTerm, NewTerms
from core.accounts.models import Operator
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from core.money import MINOR_DIGITS, plain
from stations.hardware.models import Station
from stations.sites.models import Site

_NONE: Final = [("", _("Not used"))]


class TermsForm(GroupedForm, forms.Form):
    """Terms of a host at a site from a day on: a group of fields for each line."""

    GROUPS: ClassVar[list[Group]] = [
        (_("Where and when"), ("host", "station", "from_on", "rhythm", "currency")),
        (_("What the host pays"), ("fee_account", "sets_off_fees")),
        *[
            (
                format_lazy("{} {}", _("Term"), number + 1),
                tuple(
                    f"line{number}_{name}" for name in ("kind", "direction", "rate", "tax", "text")
                ),
            )
            for number in range(MOST_LINES)
        ],
        (_("Note"), ("note", "reason")),
    ]
    host: Any = forms.ModelChoiceField(
        queryset=None, label=_("Site host"), to_field_name="public_id"
    )
    station: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Station"),
        required=False,
        to_field_name="public_id",
        empty_label=_("The whole site"),
        help_text=_("Terms of a station stand in for those of the site there."),
    )
    from_on = forms.DateField(label=_("From"), widget=day_widget())
    rhythm = forms.ChoiceField(
        label=_("Settled every"),
        choices=Rhythm.choices,
        help_text=_("For the whole site; a station goes along."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    fee_account: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("The host's billing account"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None"),
        help_text=_("Where the host pays the operator: its invoices go to this account."),
    )
    sets_off_fees = forms.BooleanField(
        label=_("Set fees off against the payout"),
        required=False,
        help_text=_(
            "Agreed with the host: what is open of its fee invoices is taken off what it is paid."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("Kept with your name in the audit trail."),
    )

    def __init__(self, data: Any = None, *, site: Site, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["host"].queryset = (  # type: ignore[attr-defined]  # a field of rows
            Seller.objects.filter(hosted_contracts__site=site).distinct().order_by("name", "pk")
        )
        self.fields["station"].queryset = (  # type: ignore[attr-defined]  # a field of rows
            Station.objects.filter(site=site).order_by("name", "pk")
        )
        self.fields["fee_account"].queryset = accounts()  # type: ignore[attr-defined]  # a field of rows
        for number in range(MOST_LINES):
            self._add_line(number)

    def _add_line(self, number: int) -> None:
        self.fields[f"line{number}_kind"] = forms.ChoiceField(
            label=_("What counts"), choices=[*_NONE, *TermKind.choices], required=False
        )
        self.fields[f"line{number}_direction"] = forms.ChoiceField(
            label=_("Who pays"), choices=Direction.choices, required=False
        )
        self.fields[f"line{number}_rate"] = forms.DecimalField(
            label=_("Per cent, or amount without VAT"),
            max_digits=16,
            decimal_places=6,
            required=False,
        )
        self.fields[f"line{number}_tax"] = forms.DecimalField(
            label=_("VAT (%)"), max_digits=5, decimal_places=2, required=False
        )
        self.fields[f"line{number}_text"] = forms.CharField(
            label=_("Text"), max_length=120, required=False
        )

    def clean_currency(self) -> str:
        """A currency that people pay with."""
        code = str(self.cleaned_data["currency"]).upper()
        if code not in MINOR_DIGITS:
            raise forms.ValidationError(_("There is no such currency."))
        return code

    def clean(self) -> dict[str, Any]:
        """A line that is used says how much."""
        given = super().clean() or self.cleaned_data
        for number in range(MOST_LINES):
            if given.get(f"line{number}_kind") and given.get(f"line{number}_rate") is None:
                self.add_error(f"line{number}_rate", _("Enter how much."))
        return given

    def new_terms(self) -> NewTerms:
        """What was given, as the service takes it."""
        given = self.cleaned_data
        account: BillingAccount | None = given["fee_account"]
        return NewTerms(
            lines=[
                NewTerm(
                    kind=given[f"line{number}_kind"],
                    direction=given[f"line{number}_direction"] or Direction.TO_HOST,
                    rate=given[f"line{number}_rate"],
                    tax_percent=_or_25(given[f"line{number}_tax"]),
                    text=given[f"line{number}_text"],
                )
                for number in range(MOST_LINES)
                if given[f"line{number}_kind"]
            ],
            rhythm=given["rhythm"],
            currency=given["currency"],
            fee_account=account,
            sets_off_fees=given["sets_off_fees"],
            note=given["note"],
        )


def _or_25(value: Decimal | None) -> Decimal:
    return Decimal(25) if value is None else value


def initial_of(terms: HostTerms | None, currency: str) -> dict[str, Any]:
    """What the form begins with: the terms that hold, or none."""
    found: dict[str, Any] = {"currency": currency, "rhythm": Rhythm.MONTH}
    found |= {f"line{number}_tax": Decimal(25) for number in range(MOST_LINES)}
    if terms is None:
        return found
    found |= {
        "host": terms.host, "station": terms.station, "rhythm": terms.rhythm or Rhythm.MONTH,
        "currency": terms.currency, "fee_account": terms.fee_account, "note": terms.note,
        "sets_off_fees": terms.sets_off_fees,
    }  # fmt: skip
    for number, line in enumerate(terms.lines.all()[:MOST_LINES]):
        found |= {
            f"line{number}_kind": line.kind,
            f"line{number}_direction": line.direction,
            f"line{number}_rate": line.shown_rate,
            f"line{number}_tax": plain(line.tax_percent),
            f"line{number}_text": line.text,
        }
    return found


class EndTermsForm(FromDayForm):
    """The first day without the terms."""

    from_on = forms.DateField(label=_("From"), widget=day_widget())


class HostInvoiceForm(forms.Form):
    """The invoice that the host sent."""

    number = forms.CharField(label=_("Number of the invoice"), max_length=40)
    invoiced_on = forms.DateField(label=_("Dated"), widget=day_widget())
    net = forms.DecimalField(label=_("Net"), max_digits=16, decimal_places=2)
    tax = forms.DecimalField(label=_("VAT"), max_digits=16, decimal_places=2, min_value=0)

    def __init__(self, data: Any = None, *, statement: Statement) -> None:
        initial = {"net": statement.net.quantize(Decimal("0.01"))}
        super().__init__(data, initial=initial)


def _own() -> QuerySet[Seller]:
    rows: QuerySet[Seller] = Seller.objects.filter(is_host=False).order_by("name", "pk")
    return rows


class BatchForm(forms.Form):
    """Which seller pays what it owes its hosts, and when."""

    seller: Any = forms.ModelChoiceField(queryset=None, label=_("Paid by"))
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    pay_on = forms.DateField(label=_("Pay on"), widget=day_widget())

    def __init__(self, data: Any = None, *, operator: Operator) -> None:
        initial = {
            "pay_on": operator_day(operator),
            "seller": _own().first(),
            "currency": operator.currency,
        }
        super().__init__(data, initial=initial)
        self.fields["seller"].queryset = _own()  # type: ignore[attr-defined]  # a field of rows

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).upper()


class PaidOnForm(forms.Form):
    """The day on which the money went out."""

    paid_on = forms.DateField(label=_("Paid on"), widget=day_widget())
