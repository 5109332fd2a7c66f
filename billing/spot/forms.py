"""Forms of spot prices: which day, a file, its confirmation, a rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.spot.models import AREA_CHOICES, ExchangeRate, SpotKind
from billing.spot.selectors import day_to_show
from core.forms import day_widget

DEFAULT_AREA: Final = "SE3"


class DayForm(forms.Form):
    """One day of the market in one zone; unless told, the newest one that is stored."""

    area = forms.ChoiceField(label=_("Bidding zone"), choices=AREA_CHOICES)
    day = forms.DateField(label=_("Day"), widget=day_widget())

    def __init__(self, query: Mapping[str, Any], *, operator_id: int) -> None:
        area = query.get("area") or DEFAULT_AREA
        day = query.get("day") or day_to_show(
            operator_id=operator_id, area=area, now=timezone.now()
        )
        super().__init__({"area": area, "day": str(day)})


class UploadForm(forms.Form):
    """A file of prices or rates."""

    kind = forms.ChoiceField(label=_("The file holds"), choices=SpotKind.choices)
    area = forms.ChoiceField(
        label=_("Bidding zone"),
        choices=[("", _("As the file says")), *AREA_CHOICES],
        required=False,
        help_text=_("Needed where the file of prices names none."),
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV, or XML from ENTSO-E."))


class CommitForm(forms.Form):
    """Confirms what was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    replaces = forms.BooleanField(label=_("Replace the stored values that differ"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when stored values are replaced. Kept in the audit trail."),
    )

    def __init__(self, *args: Any, has_changes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_changes:
            del self.fields["replaces"]


class RateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A rate entered by hand."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("Needed when the day has a rate of yours already."),
    )

    class Meta:
        model = ExchangeRate
        fields = ("currency", "published_on", "rate")
        widgets = {"published_on": day_widget()}
        help_texts = {"rate": _("Units of the currency for one euro, as 11.2345.")}

    def clean_currency(self) -> str:
        """Three letters, and not the euro itself."""
        code: str = self.cleaned_data["currency"].strip().upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha() or code == "EUR":
            raise forms.ValidationError(_("Write the three letters of a currency, as SEK."))
        return code

    def validate_unique(self) -> None:
        """The service decides: a rate of the same day is changed."""
