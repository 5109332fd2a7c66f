"""What is asked before a session is put right, by the routes that are open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rating.session_facts import Correction
from billing.review.forms import CorrectionForm
from core.forms import ReasonForm
from customers.righting.rule import Route
from customers.righting.services import Wish
from customers.righting.standing import Position
from customers.righting.words import ROUTES


class BackForm(ReasonForm):
    """How much goes back. ``stood``: what the page showed."""

    amount = forms.DecimalField(
        label=_("Amount that goes back, with VAT"), max_digits=12, decimal_places=2,
        min_value=Decimal("0.01"),
    )  # fmt: skip
    route = forms.CharField(widget=forms.HiddenInput)
    stood = forms.DecimalField(widget=forms.HiddenInput, max_digits=16, decimal_places=4)
    field_order = ("amount", "reason", "route", "stood")

    def wish(self) -> Wish:
        """What was filled in."""
        values = self.cleaned_data
        return Wish(
            route=Route(values["route"]), reason=values["reason"], stood=values["stood"],
            amount=values["amount"],
        )  # fmt: skip


class BeforeBillForm(CorrectionForm):
    """Waive it, or give the right figures."""

    route = forms.ChoiceField(label=_("What shall be done"), widget=forms.RadioSelect)
    stood = forms.DecimalField(widget=forms.HiddenInput, max_digits=16, decimal_places=4)

    def __init__(self, *args: Any, routes: tuple[Route, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("route", "energy_kwh", "started_at", "stopped_at", "reason"))
        choice: Any = self.fields["route"]
        choice.choices = [(route.value, ROUTES[route]) for route in routes]
        if Route.RERATE not in routes:
            for name in ("energy_kwh", "started_at", "stopped_at"):
                del self.fields[name]

    def wish(self) -> Wish:
        """What was filled in; figures count for rating alone."""
        values, route = self.cleaned_data, Route(self.cleaned_data["route"])
        return Wish(
            route=route, reason=values["reason"], stood=values["stood"],
            correction=self.correction() if route is Route.RERATE else Correction(),
        )  # fmt: skip


def form_for(position: Position, routes: tuple[Route, ...], data: Any) -> BackForm | BeforeBillForm:
    """The form of the routes that are open."""
    costs = position.costs.normalize()
    if routes[0] in (Route.WAIVE, Route.RERATE):
        initial = {"route": routes[0].value, "stood": f"{costs:f}"}
        return BeforeBillForm(data, initial=initial, routes=routes)
    most = round(position.choice.most, 2)
    return BackForm(data, initial={"route": routes[0].value, "stood": f"{costs:f}", "amount": most})
