"""Forms of residents and bays."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from customers.drivers.forms import DriverField
from customers.payers.forms import AccountField
from customers.residents.models import LONGEST_NAME, Bay, Resident
from stations.hardware.models import Evse
from stations.sites.models import Site


class SiteField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A site in scope."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, **{"label": _("Site"), **kwargs})


class BayNameField(forms.CharField):
    """The name of a bay; a stored one by its name."""

    def prepare_value(self, value: Any) -> Any:
        """The name."""
        return value.name if isinstance(value, Bay) else value

    def comparable(self, value: Any) -> str:
        """Bays and names alike."""
        return str(value or "")


class TokensField(forms.CharField):
    """Numbers of cards with commas between."""

    def clean(self, value: Any) -> Any:
        """One text a card."""
        text = super().clean(value) or ""
        return [part for part in text.replace(";", ",").replace("\n", ",").split(",") if part]


class ResidentForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic
    """Create or change a resident."""

    GROUPS: ClassVar[list[Group]] = [
        (_("Where they live"), ("site", "object_number", "apartment", "bay", "waits_since_on")),
        (_("Who"), ("name", "email", "phone", "valid_from_on", "note")),
        (_("Charging"), ("driver", "tokens", "account")),
    ]
    site: Any = SiteField()
    bay = BayNameField(
        label=_("Bay"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Its name or number; a new one is added to the site."),
    )
    driver = DriverField(
        help_text=_("Whose cards are the resident's: name, e-mail, phone or id. May be empty.")
    )
    tokens = TokensField(
        label=_("Cards to hand over"),
        required=False,
        max_length=1000,
        help_text=_("Numbers with commas between. Without a driver one is made to hold them."),
    )
    account = AccountField(help_text=_("Who pays, where residents are invoiced."))

    class Meta:
        model = Resident
        fields = (
            "object_number", "apartment", "waits_since_on", "name", "email", "phone",
            "valid_from_on", "note",
        )  # fmt: skip
        widgets = {"waits_since_on": day_widget(), "valid_from_on": day_widget()}
        help_texts = {
            "object_number": _("As the property manager counts."),
            "waits_since_on": _("For the waiting list; goes away with a bay."),
            "valid_from_on": _("The first day. Empty: since ever."),
        }

    def __init__(
        self, *args: Any, operator: Operator, may_set_payer: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        sites, driver = self.fields["site"], self.fields["driver"]
        assert isinstance(sites, forms.ModelChoiceField)
        assert isinstance(driver, DriverField)
        sites.queryset = Site.objects.order_by("name", "id")
        driver.operator = operator
        if self.instance.pk:
            del self.fields["site"]
            for name in ("bay", "driver", "account"):
                self.fields[name].initial = getattr(self.instance, name)
        if not may_set_payer:
            del self.fields["account"]

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class MoveOutForm(forms.Form):
    """The last day, whether cards end with it, and why."""

    last_on = forms.DateField(label=_("Last day"), widget=day_widget())
    ends_tokens = forms.BooleanField(
        label=_("End the resident's cards"),
        required=False,
        help_text=_("They are refused from the next day on."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


class EvseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of the EVSEs, by its site, station and number."""

    def label_from_instance(self, obj: Any) -> str:
        """Where it stands."""
        return f"{obj.station.site} · {obj.station} · {obj.number}"


class BayForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a bay."""

    site: Any = SiteField()
    evse: Any = EvseField(
        queryset=None,
        required=False,
        label=_("EVSE"),
        empty_label=_("None"),
        help_text=_("The one at this bay alone: what is charged there without a card of anybody "
                    "is the resident's."),
    )  # fmt: skip

    class Meta:
        model = Bay
        fields = ("name", "evse", "note")

    field_order = ("site", "name", "evse", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites, evses = self.fields["site"], self.fields["evse"]
        assert isinstance(sites, forms.ModelChoiceField)
        assert isinstance(evses, forms.ModelChoiceField)
        sites.queryset = Site.objects.order_by("name", "id")
        rows = Evse.objects.select_related("station__site").filter(retired_on=None)
        if self.instance.pk:
            del self.fields["site"]
            rows = rows.filter(station__site_id=self.instance.site_id)
        evses.queryset = rows.order_by("station__site__name", "station__name", "number")

    def _post_clean(self) -> None:
        """Leave the row to the service."""
