"""Forms of card payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_SECRET = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class KeysForm(forms.Form):
    """A seller's account at Stripe."""

    secret_key = forms.CharField(
        label=_("Secret key"),
        max_length=200,
        required=False,
        widget=_SECRET,
        help_text=_("Begins with sk_live_ or sk_test_. Kept encrypted; empty: as it is."),
    )
    webhook_secret = forms.CharField(
        label=_("Signing secret of the webhook"),
        max_length=200,
        required=False,
        widget=_SECRET,
        help_text=_("Begins with whsec_. Kept encrypted; empty: as it is."),
    )
    hold_amount = forms.DecimalField(
        label=_("Held for guests"), max_digits=12, decimal_places=2, min_value=1,
        help_text=_("Held on a guest's card until the exact cost is known."),
    )  # fmt: skip
    refund_limit = forms.DecimalField(
        label=_("Largest refund"), max_digits=12, decimal_places=2, min_value=0, required=False,
        help_text=_("Above it only owners give money back to cards. Empty: no limit."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("secret_key", "webhook_secret"):
            self.fields[name].required = is_new


class TerminalKeysForm(KeysForm):
    """A seller's account at the gateway of payment terminals."""

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, is_new=is_new, **kwargs)
        del self.fields["webhook_secret"]
        self.fields["secret_key"].help_text = _("Of the gateway. Kept encrypted; empty: as it is.")


class CardRefundForm(forms.Form):
    """How much goes back, and why."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )  # fmt: skip
