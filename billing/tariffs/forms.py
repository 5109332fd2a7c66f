"""Forms of tariffs: the few numbers of a template, name and note, publishing, assigning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import PriceGroup
from billing.tariffs.assigning import Target
from billing.tariffs.lint_words import DAYS
from billing.tariffs.models import Tariff
from billing.tariffs.notice_forms import ShortNoticeField
from billing.tariffs.starters import Simple, Starter
from billing.tariffs.week import HOURS
from core.forms import ReasonForm, moment_widget
from core.forms_groups import Group, GroupedForm
from core.operators.values import CURRENCIES
from stations.hardware.choices import ConnectorType
from stations.hardware.models import Evse, Station
from stations.sites.models import Site

AREAS: Final = ("SE1", "SE2", "SE3", "SE4", "NO1", "NO2", "NO3", "NO4", "NO5", "DK1", "DK2", "FI")
_ENERGY: Final = ("energy_price",)
_IDLE: Final = ("idle_per_minute", "grace_minutes", "idle_cap", "is_night_free")
FIELDS: Final[dict[Starter, tuple[str, ...]]] = {
    Starter.KWH: (*_ENERGY, "start_fee"),
    Starter.KWH_IDLE: (*_ENERGY, "start_fee", *_IDLE),
    Starter.TIME_OF_DAY: (*_ENERGY, "second_price", "hours", "start_fee", *_IDLE),
    Starter.SPOT: (
        "area", "averaging", "mark_up", "energy_tax", "grid_fee", "start_fee", *_IDLE,
    ),
    Starter.FREE: (),
    Starter.AFTERWARDS: (),
}  # fmt: skip
COMMON: Final = ("vat", "is_for_guests")


class PriceField(forms.DecimalField):
    """An amount with up to six decimals; a comma or a point before them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "min_value": Decimal(0),
                "max_digits": 14,
                "decimal_places": 6,
                "localize": True,
                "required": False,
                **kwargs,
            }
        )

    def to_python(self, value: Any) -> Any:
        """Also with a point where the language has a comma."""
        text = value.replace("\N{NO-BREAK SPACE}", "").replace(" ", "") if value else value
        return super().to_python(text.replace(",", ".") if isinstance(text, str) else text)

    def prepare_value(self, value: Any) -> Any:
        """Without zeros at the end."""
        if isinstance(value, Decimal):
            plain = f"{value:f}"
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        return value


class HoursField(forms.MultipleChoiceField):
    """Hours of the week, each a box in a grid; a set of (weekday, hour)."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            (f"{day}-{hour}", f"{name} {hour:02}–{hour + 1:02}")
            for hour in HOURS
            for day, name in enumerate(DAYS)
        ]
        super().__init__(
            choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def clean(self, value: Any) -> Any:
        """Pairs of numbers."""
        return hours_of_texts(super().clean(value))


def hours_of_texts(texts: Any) -> frozenset[tuple[int, int]]:
    """Pairs of the texts that a grid sends."""
    pairs = (str(text).split("-") for text in texts)
    return frozenset((int(day), int(hour)) for day, hour in pairs)


class SimpleForm(GroupedForm, forms.Form):
    """A price by the few numbers of a template."""

    energy_price = PriceField(label=_("Price per kWh"))
    second_price = PriceField(
        label=_("Price per kWh in the marked hours"),
        help_text=_("Mark the hours in the week below; all others have the first price."),
    )
    hours = HoursField(label=_("Hours with the second price"))
    start_fee = PriceField(label=_("Start fee"), help_text=_("Once per session. 0: none."))
    idle_per_minute = PriceField(
        label=_("Per minute after charging"),
        help_text=_("Counts once the car asks for no more power. 0: none."),
    )
    grace_minutes = forms.IntegerField(
        label=_("Free minutes after charging"), min_value=0, max_value=1440, required=False
    )
    idle_cap = PriceField(
        label=_("At most per session"), help_text=_("For the time after charging. Empty: no limit.")
    )
    is_night_free = forms.BooleanField(label=_("Free 22–07 at less than 50 kW"), required=False)
    area = forms.ChoiceField(
        label=_("Bidding zone"), choices=[(area, area) for area in AREAS], required=False
    )
    averaging = forms.ChoiceField(
        label=_("Spot price of"),
        required=False,
        choices=[
            ("quarter", _("each quarter of an hour")),
            ("hour", _("each hour")),
            ("month", _("the month, averaged")),
        ],
    )
    mark_up = PriceField(label=_("Mark-up per kWh"), help_text=_("Without VAT."))
    energy_tax = PriceField(label=_("Energy tax per kWh"), help_text=_("Without VAT."))
    grid_fee = PriceField(label=_("Grid fee per kWh"), help_text=_("Without VAT."))
    vat = PriceField(
        label=_("VAT (%)"), max_value=Decimal(100), help_text=_("Empty: no VAT applies.")
    )
    is_for_guests = forms.BooleanField(
        label=_("Also for guests who pay on the spot"),
        required=False,
        help_text=_("Then the rules of AFIR hold. Otherwise for people with an account alone."),
    )

    GROUPS: ClassVar[list[Group]] = [
        (_("Energy"), ("energy_price", "second_price")),
        (_("Spot price"), ("area", "averaging", "mark_up", "energy_tax", "grid_fee")),
        (_("Session"), ("start_fee",)),
        (_("After charging"), _IDLE),
        (_("Terms"), COMMON),
    ]

    def __init__(self, *args: Any, start: Simple, **kwargs: Any) -> None:
        self.start = start
        initial = {name: getattr(start, name) for name in self.base_fields}
        initial["hours"] = [f"{day}-{hour}" for day, hour in sorted(start.hours)]
        super().__init__(*args, **{**kwargs, "initial": initial})
        kept = {*FIELDS[start.starter], *COMMON}
        for name in [name for name in self.base_fields if name not in kept]:
            del self.fields[name]
        if start.starter == Starter.AFTERWARDS:
            del self.fields["is_for_guests"]

    def simple(self, tariff: Tariff) -> Simple:
        """What was entered, for ``tariff``; nothing in a field of a price is nothing to pay."""
        given = {name: self.cleaned_data[name] for name in self.fields}
        for name in ("energy_price", "second_price", "start_fee", "idle_per_minute",
                     "mark_up", "energy_tax", "grid_fee"):  # fmt: skip
            if name in given:
                given[name] = given[name] or Decimal(0)
        if "grace_minutes" in given:
            given["grace_minutes"] = given["grace_minutes"] or 0
        for name in ("area", "averaging"):
            if name in given:
                given[name] = given[name] or getattr(self.start, name)
        fixed: dict[str, Any] = {
            "is_for_guests": False,
            "starter": self.start.starter,
            "currency": tariff.currency,
            "is_tax_included": tariff.is_tax_included,
        }
        return Simple(**(fixed | given))

    def clean(self) -> dict[str, Any]:
        """The second price needs hours, and not all of them."""
        cleaned = super().clean() or {}
        if "hours" in self.fields and "hours" in cleaned and not 0 < len(cleaned["hours"]) < 168:
            self.add_error(
                "hours", _gettext("Mark some hours, but not all: all others have the first price.")
            )
        return cleaned

    def week(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The grid: a row an hour, a box a day with its value, name and whether it is marked."""
        marked = set(self["hours"].value() or [])
        boxes = dict(HoursField().choices)  # type: ignore[arg-type]  # pairs
        return [
            (
                f"{hour:02}–{hour + 1:02}",
                [
                    (value, str(boxes[value]), value in marked)
                    for value in (f"{day}-{hour}" for day in range(7))
                ],
            )
            for hour in HOURS
        ]


class TariffForm(forms.Form):
    """Name and note."""

    name = forms.CharField(label=_("Name"), max_length=100)
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, help_text=_("Only members see it.")
    )


class NewTariffForm(TariffForm):
    """What is decided once: name, currency, and whether prices are with VAT."""

    audience = forms.ChoiceField(
        label=_("Prices are for"),
        choices=[("consumer", _("Consumers: with VAT")), ("company", _("Companies: without VAT"))],
        help_text=_("Cannot be changed later."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    field_order = ("name", "audience", "currency", "note")

    def is_tax_included(self) -> bool:
        """Whether prices are entered with VAT."""
        return str(self["audience"].value() or "consumer") != "company"


class PublishForm(ReasonForm):
    """From when a draft is to hold."""

    takes_effect_at = forms.DateTimeField(
        label=_("Takes effect"),
        required=False,
        widget=moment_widget(),
        help_text=_("Empty: at once. Sessions that run keep the price they began with."),
    )
    accepts_short_notice = ShortNoticeField()
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    field_order = ("takes_effect_at", "accepts_short_notice", "reason")


class ImportForm(forms.Form):
    """OCPI JSON, as a file or as text."""

    file = forms.FileField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Or the JSON itself"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("file")) == bool((cleaned.get("text") or "").strip()):
            raise forms.ValidationError(_gettext("Choose a file or paste the JSON, one of them."))
        return cleaned


class AssignForm(forms.Form):
    """Where and when a tariff is to hold."""

    site: Any = forms.ModelChoiceField(
        queryset=None, label=_("Site"), required=False, empty_label=_("The whole network"),
        to_field_name="public_id",
    )  # fmt: skip
    station: Any = forms.ModelChoiceField(
        queryset=None, label=_("Or one station"), required=False, to_field_name="public_id"
    )
    evse_number = forms.IntegerField(
        label=_("One EVSE of the station"),
        required=False,
        min_value=1,
        help_text=_("Its number. Empty: the whole station."),
    )
    connector_type = forms.ChoiceField(
        label=_("Connector type"),
        required=False,
        choices=[("", _("Every type")), *ConnectorType.choices[:-1]],
    )
    price_group: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Price group"),
        required=False,
        empty_label=_("Everyone"),
        to_field_name="public_id",
    )
    valid_from_at = forms.DateTimeField(
        label=_("From"), required=False, widget=moment_widget(), help_text=_("Empty: at once.")
    )
    valid_to_at = forms.DateTimeField(
        label=_("Until"), required=False, widget=moment_widget(), help_text=_("Empty: no end.")
    )
    accepts_short_notice = ShortNoticeField()
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows("site", Site.objects.filter(retired_on=None).order_by("name", "id"))
        stations = Station.objects.filter(retired_on=None).select_related("site")
        self._rows("station", stations.order_by("name", "id"))
        groups = PriceGroup.objects.filter(retired_on=None)
        self._rows("price_group", groups.order_by("name", "id"))

    def _rows(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """One place; an EVSE is one of the station."""
        cleaned = super().clean() or {}
        number, station = cleaned.get("evse_number"), cleaned.get("station")
        self.evse: Evse | None = None
        if number is not None and not self.errors:
            self.evse = Evse.objects.filter(station=station, number=number).first()
            if self.evse is None:
                self.add_error("evse_number", _gettext("The station has no such EVSE."))
        return cleaned

    def target(self) -> Target:
        """The chosen place, connector and group."""
        given = self.cleaned_data
        return Target(
            site=given["site"],
            station=None if self.evse else given["station"],
            evse=self.evse,
            connector_type=given["connector_type"],
            price_group=given["price_group"],
        )


class EndForm(ReasonForm):
    """When an assignment is to end."""

    valid_to_at = forms.DateTimeField(
        label=_("Ends"), required=False, widget=moment_widget(), help_text=_("Empty: at once.")
    )

    field_order = ("valid_to_at", "reason")
