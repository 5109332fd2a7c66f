"""Forms of the first line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.support.actions import Action
from customers.support.answer_models import CannedAnswer
from customers.support.models import CaseOutcome, SupportCase
from customers.tokens.models import IdToken
from stations.incidents.models import Incident
from stations.incidents.words import title_of


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


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A canned answer in both languages."""

    class Meta:
        model = CannedAnswer
        fields = ("name", "text_sv", "text_en")
        widgets = {
            "text_sv": forms.Textarea(attrs={"rows": 6, "lang": "sv"}),
            "text_en": forms.Textarea(attrs={"rows": 6, "lang": "en"}),
        }
        help_texts = {
            "name": _("What staff choose it by; the customer does not see it."),
            "text_sv": _("Empty: the English text is taken."),
            "text_en": _("Empty: the Swedish text is taken."),
        }

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class PickAnswerForm(forms.Form):
    """Which canned answer to begin with, in which language."""

    answer: Any = forms.ChoiceField(label=_("Canned answer"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, answers: list[CannedAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["answer"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.public_id, one.name) for one in answers]


class ToldForm(forms.Form):
    """What a caller is told when it works again, and where."""

    text = forms.CharField(
        label=_("What they are told when it works again"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    address = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("Empty: it stands in the case's log alone, which the customer sees."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class FollowForm(ToldForm):
    """The incident that explains a case."""

    incident: Any = forms.ModelChoiceField(
        label=_("Incident"), queryset=None, to_field_name="public_id"
    )
    field_order = ("incident", "text", "address", "language")

    def __init__(self, *args: Any, incidents: QuerySet[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["incident"]
        choice.queryset = incidents
        choice.label_from_instance = lambda one: f"{title_of(one)} ({one.public_id})"
        self.fields["text"].help_text = _(
            "{station} and {site} become those of the incident that you choose."
        )


class AffectedForm(forms.Form):
    """Which cases an incident explains, and what their callers are told in their language."""

    cases: Any = forms.ModelMultipleChoiceField(
        label=_("Cases"),
        queryset=None,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    text_sv = forms.CharField(
        label=_("Text in Swedish"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "sv"}),
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        help_text=_("Each caller is told in their own language."),
    )

    def __init__(self, *args: Any, affected: QuerySet[SupportCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["cases"]
        choice.queryset = affected
        choice.label_from_instance = _case_label


def _case_label(case: SupportCase) -> str:
    person = case.caller_name or (case.driver.name if case.driver else "")
    return " · ".join(part for part in (person, str(case.evse or ""), case.public_id) if part)
