"""Forms of the first line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.support.actions import Action
from customers.support.models import CaseOutcome
from customers.tokens.models import IdToken


class CallerForm(forms.Form):
    """Who calls."""

    caller_name = forms.CharField(label=_("Caller's name"), required=False, max_length=120)
    caller_phone = forms.CharField(label=_("Caller's phone"), required=False, max_length=40)


class TextForm(forms.Form):
    """A note, or what is wrong."""

    text = forms.CharField(
        label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(TextForm):
    """A note, and whether the customer sees it."""

    is_shared = forms.BooleanField(
        label=_("The customer sees this"),
        required=False,
        help_text=_("In their portal, as your answer."),
    )


class ActionForm(forms.Form):
    """The card for a start, and why."""

    token: Any = forms.ChoiceField(label=_("Card"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the case and the audit trail."),
    )

    def __init__(self, *args: Any, action: Action, tokens: list[IdToken], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tokens = {str(token.pk): token for token in tokens}
        self.fields["reason"].required = action.needs_reason
        if action.name == "start":
            choice = self.fields["token"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [(key, f"{token} ({token.uid})") for key, token in self.tokens.items()]
        else:
            del self.fields["token"]

    def chosen(self) -> IdToken | None:
        """The card that was chosen."""
        return self.tokens.get(self.cleaned_data.get("token", ""))


class CloseForm(forms.Form):
    """How the case ended."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=CaseOutcome.choices)
    text = forms.CharField(
        label=_("Text"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
