"""What a guest fills in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ui import units
from customers.guests.models import Shape


class PayForm(forms.Form):
    """How the money is taken, and where the receipt goes."""

    shape = forms.ChoiceField(choices=Shape.choices, widget=forms.RadioSelect)
    amount = forms.TypedChoiceField(
        label=_("Amount to pay ahead"), coerce=Decimal, required=False, empty_value=None
    )
    email = forms.EmailField(
        label=_("E-mail for the receipt (if you want it)"), required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, amounts: Sequence[Decimal], hold: Decimal, currency: str,
        shapes: Sequence[str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        words = {"amount": units.money(hold, currency)}
        ways = [
            (
                Shape.TERMINAL,
                _("At the terminal: %(amount)s is held, you pay what it costs") % words,
            ),
            (Shape.HOLD, _("Card: %(amount)s is held, you pay what it costs") % words),
            (Shape.PREPAID, _("Pay an amount ahead; what is left goes back at once")),
        ]
        self.fields["shape"].choices = [  # type: ignore[attr-defined]  # a choice field
            one for one in ways if one[0] in shapes
        ]
        self.fields["amount"].choices = [  # type: ignore[attr-defined]  # a choice field
            (f"{one:f}", units.money(one, currency)) for one in amounts
        ]


class EmailForm(forms.Form):
    """Where the receipt goes."""

    email = forms.EmailField(
        label=_("E-mail for the receipt"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
