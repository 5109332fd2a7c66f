"""Forms of remedies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import ReasonForm
from stations.incidents.remedies.playbooks import ACTIONS, Step, steps_from
from stations.incidents.remedy_models import RemedySetting


class RemedyForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """The switch and its limits."""

    reason = ReasonForm.base_fields["reason"]

    class Meta:
        model = RemedySetting
        fields = (
            "mode", "most_per_six_hours", "most_per_day", "cool_down_s", "from_hour",
            "until_hour", "makes_orders",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both hours or none."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if (values.get("from_hour") is None) != (values.get("until_hour") is None):
            self.add_error("until_hour", _("Give both hours, or none."))
        return values


class PlaybookForm(ReasonForm):
    """Steps of a class, one a line: the action and the seconds it has to help."""

    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono"}),
    )
    is_enabled = forms.BooleanField(label=gettext_lazy("In force"), required=False)
    field_order = ("steps", "is_enabled", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steps"].help_text = _(
            "One a line: an action and the seconds it has to help. Actions: %(actions)s."
        ) % {"actions": ", ".join(ACTIONS)}

    def clean_steps(self) -> tuple[Step, ...]:
        """The lines as steps."""
        rows = []
        for line in self.cleaned_data["steps"].splitlines():
            parts = line.split()
            if not parts:
                continue
            if len(parts) != 2 or not parts[1].isdecimal() or len(parts[1]) > 6:
                raise forms.ValidationError(
                    _("“%(line)s” is no action with seconds.") % {"line": line.strip()[:60]}
                )
            rows.append({"action": parts[0], "wait_s": int(parts[1])})
        try:
            return steps_from(rows)
        except ValueError as error:
            raise forms.ValidationError(
                _("Use the actions below, and from 1 to 86400 seconds.")
            ) from error
