"""The editor of rules: one form a rule with all restrictions, and one for the tariff as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.tariffs.forms import AREAS, PriceField
from billing.tariffs.lint_words import DAYS
from billing.tariffs.model import WEEKDAYS
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm, ShownGroup

CLOCKS: Final = ("start_time", "end_time")
DATES: Final = ("start_date", "end_date")
AMOUNTS: Final = ("min_kwh", "max_kwh", "min_power", "max_power", "min_current", "max_current")
MINUTES: Final = ("min_duration", "max_duration")


def _limit(label: Any) -> PriceField:
    return PriceField(label=label)


class AnyPriceField(PriceField):
    """An amount that may be below zero; the service asks for the right to it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": None, **kwargs})


class RuleForm(GroupedForm, forms.Form):
    """One rule: up to four prices with one VAT rate, and when they count."""

    energy = AnyPriceField(label=_("Price per kWh"))
    time = AnyPriceField(label=_("Charging time, per hour"))
    parking = AnyPriceField(label=_("After charging, per hour"))
    flat = AnyPriceField(label=_("Start fee"))
    vat = PriceField(label=_("VAT (%)"), max_value=Decimal(100), help_text=_("Empty: no VAT."))
    energy_step = forms.IntegerField(label=_("Step of energy (Wh)"), min_value=1, required=False)
    time_step = forms.IntegerField(label=_("Step of time (s)"), min_value=1, required=False)
    parking_step = forms.IntegerField(
        label=_("Step after charging (s)"), min_value=1, required=False
    )
    start_time = forms.TimeField(
        label=_("From (time of day)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    end_time = forms.TimeField(
        label=_("To (time of day)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("00:00 is the end of the day; an earlier time than the first wraps midnight."),
    )
    day_of_week = forms.MultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        choices=list(zip(WEEKDAYS, DAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: every day."),
    )
    start_date = forms.DateField(label=_("From (date)"), required=False, widget=day_widget())
    end_date = forms.DateField(
        label=_("Until (date)"),
        required=False,
        widget=day_widget(),
        help_text=_("The first day on which it no longer counts."),
    )
    min_kwh, max_kwh = _limit(_("From kWh of the session")), _limit(_("Below kWh of the session"))
    min_power, max_power = _limit(_("From power (kW)")), _limit(_("Below power (kW)"))
    min_current, max_current = _limit(_("From current (A)")), _limit(_("Below current (A)"))
    min_duration = _limit(_("From minutes of the session"))
    max_duration = _limit(_("Below minutes of the session"))
    reservation = forms.ChoiceField(
        label=_("Reservation"),
        required=False,
        choices=[
            ("", _("Not for reservations")),
            ("RESERVATION", _("While reserved")),
            ("RESERVATION_EXPIRES", _("When a reservation expires")),
        ],
    )

    GROUPS: ClassVar[list[Group]] = [
        (_("Prices"), ("energy", "time", "parking", "flat", "vat")),
    ]
    MORE: ClassVar[list[Group]] = [
        (_("Time"), (*CLOCKS, "day_of_week", *DATES)),
        (_("Session"), ("min_kwh", "max_kwh", *MINUTES, "reservation")),
        (_("Power and current"), ("min_power", "max_power", "min_current", "max_current")),
        (_("Rounding"), ("energy_step", "time_step", "parking_step")),
    ]

    def more(self) -> list[ShownGroup]:
        """The groups of conditions and steps."""
        return [ShownGroup(title, [self[name] for name in names]) for title, names in self.MORE]

    def has_no_price(self) -> bool:
        """Whether a valid form says nothing of what anything costs."""
        return all(self.cleaned_data[name] is None for name in self.GROUPS[0][1] if name != "vat")

    @property
    def is_restricted(self) -> bool:
        """Whether a condition is set, so that it is shown opened."""
        names = (*CLOCKS, *DATES, "day_of_week", *AMOUNTS, *MINUTES, "reservation")
        return any(self[name].value() not in (None, "", [], ()) for name in names)


class WholeForm(GroupedForm, forms.Form):
    """What holds for the tariff as a whole."""

    is_for_guests = forms.BooleanField(
        label=_("Also for guests who pay on the spot"), required=False
    )
    min_before = PriceField(label=_("Least total without VAT"))
    min_after = PriceField(label=_("Least total with VAT"))
    max_before = PriceField(label=_("Highest total without VAT"))
    max_after = PriceField(label=_("Highest total with VAT"))
    grace_minutes = PriceField(label=_("Free minutes after charging"), max_value=Decimal(1440))
    idle_cap = PriceField(label=_("At most per session after charging"))
    free_hours = forms.CharField(
        label=_("Free hours after charging"),
        required=False,
        max_length=200,
        help_text=_("As 22:00-07:00, several with commas between."),
    )
    free_below_kw = PriceField(label=_("Only below power (kW)"))
    minimum_wh = forms.IntegerField(label=_("Bill from energy (Wh)"), min_value=0, required=False)
    minimum_seconds = forms.IntegerField(
        label=_("Bill from duration (s)"),
        min_value=0,
        required=False,
        help_text=_("A session below all of these limits costs nothing."),
    )
    area = forms.ChoiceField(
        label=_("Bidding zone"),
        required=False,
        choices=[("", _("No spot price")), *((area, area) for area in AREAS)],
    )
    averaging = forms.ChoiceField(
        label=_("Spot price of"),
        required=False,
        choices=[
            ("hour", _("each hour")),
            ("quarter", _("each quarter of an hour")),
            ("month", _("the month, averaged")),
        ],
    )
    spot_vat = PriceField(label=_("VAT of energy (%)"), max_value=Decimal(100))
    floor = AnyPriceField(label=_("Least price per kWh"), help_text=_("Empty: no floor."))
    mark_up = forms.CharField(label=_("Mark-up per kWh"), required=False, max_length=2000)
    energy_tax = forms.CharField(label=_("Energy tax per kWh"), required=False, max_length=2000)
    grid_fee = forms.CharField(label=_("Grid fee per kWh"), required=False, max_length=2000)
    announced_afterwards = forms.BooleanField(
        label=_("The price is told afterwards"),
        required=False,
        help_text=_("Sessions wait for their price; not for guests."),
    )
    allow_negative = forms.BooleanField(label=_("Allow prices below zero"), required=False)

    GROUPS: ClassVar[list[Group]] = [
        (_("Totals"), ("min_before", "min_after", "max_before", "max_after")),
        (_("After charging"), ("grace_minutes", "idle_cap", "free_hours", "free_below_kw")),
        (_("Smallest session"), ("minimum_wh", "minimum_seconds")),
        (
            _("Spot price"),
            ("area", "averaging", "spot_vat", "floor", "mark_up", "energy_tax", "grid_fee"),
        ),
        (_("Terms"), ("is_for_guests", "announced_afterwards", "allow_negative")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dated = _("Without VAT. With dates: price; from; to, one a line. 0.40; 2026-01-01")
        for name in ("mark_up", "energy_tax", "grid_fee"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
            self.fields[name].help_text = dated


def rule_forms(data: Any, initial: Sequence[dict[str, Any]]) -> list[RuleForm]:
    """The forms of all rules: of what was sent, or of what is stored."""
    if data is None:
        return [RuleForm(prefix=f"r{n}", initial=one) for n, one in enumerate(initial)]
    return [RuleForm(data, prefix=f"r{n}") for n in range(rule_count(data))]


def rule_count(data: Any) -> int:
    """How many rules were sent; never more than a tariff may have."""
    try:
        return min(max(int(data.get("rules", 0)), 0), 200)
    except (TypeError, ValueError):
        return 0
