"""Forms of charts and account maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounting.book_models import (
    CATEGORIES,
    KINDS,
    AccountUse,
    Books,
    ChartAccount,
    RevenueMapping,
    TaxMapping,
)
from billing.accounting.chart_services import Mapped, label_of
from billing.accounting.selectors import sellers
from billing.sellers.models import Seller

ANY: list[tuple[str, Any]] = [("", _("Any"))]


def reason_field() -> forms.CharField:
    """Why; it may be left out."""
    return forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


class LedgerAccountField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """An account of one chart."""

    def __init__(self, seller: Seller, **kwargs: Any) -> None:
        rows = ChartAccount.objects.filter(seller=seller).order_by("number")
        super().__init__(queryset=rows, **kwargs)


class ChartAccountForm(forms.Form):
    """A new account of a chart, or an account as it shall be."""

    seller: Any = forms.ModelChoiceField(
        queryset=None, to_field_name="public_id", label=_("Seller"), empty_label=None
    )
    number = forms.CharField(label=_("Ledger account"), min_length=4, max_length=6)
    name = forms.CharField(label=_("Name"), max_length=100)
    reason = reason_field()

    def __init__(self, *args: Any, account: ChartAccount | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if account is not None:
            del self.fields["seller"]
            return
        chosen: Any = self.fields["seller"]
        chosen.queryset = sellers()


class MapForm(forms.Form):
    """The account of every use and rule of a seller's map."""

    def __init__(self, *args: Any, seller: Seller, books: Books, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = list(ChartAccount.objects.filter(seller=seller).order_by("number"))
        self._accounts = {str(one.pk): one for one in accounts}
        self.audit_names: dict[str, str] = {}
        by_account = ("account__number", "id")
        uses = AccountUse.objects.filter(seller=seller).order_by("id")
        revenue = RevenueMapping.objects.filter(seller=seller).order_by(*by_account)
        taxes = TaxMapping.objects.filter(seller=seller).order_by(*by_account)
        self.groups = [
            (_("Uses"), [self._add(f"use_{one.use}", one) for one in uses]),
            (_("Revenue"), [self._add(f"revenue_{one.pk}", one) for one in revenue]),
            (_("VAT"), [self._add(f"tax_{one.pk}", one) for one in taxes]),
        ]
        self.fields["site_dimension"] = forms.IntegerField(
            label=_("Dimension of sites"),
            required=False,
            min_value=1,
            max_value=9999,
            initial=books.site_dimension,
            help_text=_("1 is the cost centre, 6 the project. Empty: sites are not booked."),
        )
        self.fields["reason"] = reason_field()
        self.groups.append((_("Sites"), ["site_dimension", "reason"]))

    def _add(self, name: str, row: Mapped) -> str:
        """A field for the account of a use or rule; returns its name."""
        choices = [(key, str(account)) for key, account in self._accounts.items()]
        self.fields[name] = forms.ChoiceField(
            label=row.words, choices=choices, initial=str(row.account_id)
        )
        self.audit_names[name] = label_of(row)
        return name

    def chosen(self, kind: str, changes: Mapping[str, Any]) -> dict[str, ChartAccount]:
        """The accounts that uses or rules among ``changes`` get, by name or key."""
        start = f"{kind}_"
        return {
            name.removeprefix(start): self._accounts[value]
            for name, value in changes.items()
            if name.startswith(start)
        }

    def shown(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """Labels with their accounts, for who may only look."""
        return [
            (title, [(self[name].label, self._word(name)) for name in names if name != "reason"])
            for title, names in self.groups
        ]

    def _word(self, name: str) -> Any:
        value = self.fields[name].initial
        return self._accounts.get(str(value), value)

    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.groups]


class RevenueRuleForm(forms.Form):
    """A new rule for sales; what is left out fits all."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[*ANY, *KINDS], required=False)
    category = forms.ChoiceField(
        label=_("Tax category"), choices=[*ANY, *CATEGORIES], required=False
    )
    rate = forms.DecimalField(
        label=_("VAT (%)"), required=False, min_value=0, max_value=99, decimal_places=4
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("Country"), required=False, help_text=_("Two letters, as SE.")
    )

    def __init__(self, *args: Any, seller: Seller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"] = LedgerAccountField(seller, label=_("Ledger account"))
        self.fields["reason"] = reason_field()


class TaxRuleForm(RevenueRuleForm):
    """A new rule for output tax."""

    kind: Any = None
    category: Any = None
