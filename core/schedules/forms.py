"""The form of a schedule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership
from core.schedules.models import Extension, Schedule
from core.schedules.rights import receivers
from core.schedules.source import FileItem
from core.ui.zone_names import zone_names


class MemberField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # see below
    """Members by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and address."""
        user = obj.user
        return f"{user.name} <{user.email}>" if user.name else str(user.email)


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """When, in which form, and to whom."""

    recipients = MemberField(
        queryset=None, label=_("Recipients"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Members who may see all that is sent."),
    )  # fmt: skip

    class Meta:
        model = Schedule
        fields = (
            "name", "extension", "frequency", "weekday", "month_day", "hour", "time_zone",
            "sends_empty",
        )  # fmt: skip
        help_texts = {
            "weekday": _("Counts for every week."),
            "month_day": _("Counts for every month; in shorter months the last day."),
            "hour": _("0 to 23, in the time zone below."),
        }

    def __init__(self, *args: Any, owner: Membership, item: FileItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(zone_names())
        zones = ["UTC", *(z for z in names if "/" in z and not z.startswith("Etc/"))]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(z, z) for z in zones],
            initial=owner.user.time_zone or owner.operator.time_zone,
        )  # fmt: skip
        self.fields["extension"] = forms.ChoiceField(
            label=_("Format"), choices=[(e, Extension(e).label) for e in item.formats],
            initial=item.formats[-1],
        )  # fmt: skip
        self.fields["hour"] = forms.IntegerField(
            label=_("Hour"), min_value=0, max_value=23, initial=7,
            help_text=_("0 to 23, in the time zone below."),
        )  # fmt: skip
        self.fields["month_day"].widget.attrs |= {"min": 1, "max": 31}
        may_have = [member.pk for member in receivers(owner, item.permission)]
        field = self.fields["recipients"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Membership.objects.filter(pk__in=may_have).select_related("user")
        if self.instance.pk:
            kept = self.instance.recipients.values_list("membership_id", flat=True)
            field.initial = list(kept)
        else:
            field.initial = [owner.pk]

    def _post_clean(self) -> None:
        """Leave the row to the service."""
