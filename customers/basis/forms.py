"""Forms of charging bases."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.basis.layout import COLUMNS
from customers.basis.models import BasisLayout

WORDS: Final = {
    "object_number": _("Object number"),
    "apartment": _("Apartment"),
    "bay": _("Bay"),
    "name": _("Name"),
    "email": _("E-mail"),
    "text": _("Text of each row"),
    "month": _("Month"),
    "from_on": _("First day"),
    "until_on": _("Last day"),
    "energy_kwh": _("Energy (kWh)"),
    "session_count": _("Number of sessions"),
    "price": _("Price per kWh"),
    "net": _("Amount without VAT"),
    "tax": _("VAT"),
    "gross": _("Amount with VAT"),
    "adjustment": _("Of it corrections"),
    "currency": _("Currency"),
    "site": _("Site"),
}
"""What each column holds, for readers of the page."""


class LayoutForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Columns with their place and heading, and how the file is written."""

    class Meta:
        model = BasisLayout
        fields = (
            "file_format", "has_headings", "has_total", "separator", "decimal_sign", "encoding",
            "text", "send_day",
        )  # fmt: skip
        help_texts = {
            "separator": _("Of a CSV file."),
            "send_day": _("From 1 to 28. Empty: a person freezes and sends it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {name: (n, heading) for n, (name, heading) in enumerate(self.instance.columns, 1)}
        for name, usual in COLUMNS.items():
            place, heading = chosen.get(name, (None, usual))
            self.fields[f"place_{name}"] = forms.IntegerField(
                label=_("Place of %(column)s") % {"column": WORDS[name]},
                required=False, min_value=1, max_value=99, initial=place,
            )  # fmt: skip
            self.fields[f"heading_{name}"] = forms.CharField(
                label=_("Heading of %(column)s") % {"column": WORDS[name]},
                required=False, max_length=60, initial=heading,
            )  # fmt: skip

    def pairs(self) -> list[tuple[Any, Any, Any]]:
        """What a column holds, with the fields of its place and heading."""
        return [(WORDS[name], self[f"place_{name}"], self[f"heading_{name}"]) for name in COLUMNS]

    def own_fields(self) -> list[Any]:
        """The fields that are not about columns."""
        return [self[name] for name in self._meta.fields or ()]

    def values(self) -> dict[str, Any]:
        """As the service takes them; columns in the order of their places."""
        found = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        placed = sorted(
            (self.cleaned_data[f"place_{name}"], n, name)
            for n, name in enumerate(COLUMNS)
            if self.cleaned_data.get(f"place_{name}")
        )
        found["columns"] = [
            [name, self.cleaned_data[f"heading_{name}"] or COLUMNS[name]]
            for _place, _n, name in placed
        ]
        return found

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class FreezeForm(forms.Form):
    """Whether the file is sent, and why it is frozen now."""

    sends = forms.BooleanField(label=_("Send it to the property manager"), required=False)
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )  # fmt: skip


class SendForm(forms.Form):
    """To whom the file is sent again."""

    to_email = forms.EmailField(label=_("To"), max_length=254)
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )  # fmt: skip
