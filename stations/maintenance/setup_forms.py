"""Forms of partners, calendars, agreements and checklists."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from core.tenancy.today import operator_today
from stations.hardware.catalogue.models import HardwareModel
from stations.maintenance import selectors
from stations.maintenance.escalation_models import EscalationContact, Stage
from stations.maintenance.partner_models import (
    Partner,
    Priority,
    ServiceAgreement,
    WorkCalendar,
)
from stations.maintenance.setup_services import Contact
from stations.maintenance.work_models import Checklist
from stations.sites.hours import HoursError
from stations.sites.hours_form import hours_fields, initial_of, stored_of, wording
from stations.sites.selectors import sites

_HOURS: Final = hours_fields()


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A company that repairs or supplies."""

    people: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Technicians"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Members with the role “Partner technician”. They see the orders of this partner alone."
        ),
    )

    class Meta:
        model = Partner
        fields = ("name", "is_technician", "is_supplier", "email", "phone", "note", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = selectors.partner_people()
        field.label_from_instance = lambda member: str(member.user)
        if self.instance.pk:
            self.initial["people"] = [one.membership_id for one in self.instance.people.all()]

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """When people work."""

    class Meta:
        model = WorkCalendar
        fields = ("name", "time_zone", "country_code")
        help_texts = {
            "time_zone": gettext_lazy("As Europe/Stockholm."),
            "country_code": gettext_lazy("Two letters, as SE; empty: no public holidays."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= hours_fields()
        stored = self.instance.hours if self.instance.pk else None
        hours = initial_of(stored) if stored else {"hours_holidays": _("closed")}
        self.initial = {**self.initial, **hours}

    def _post_clean(self) -> None:
        """Leave the row to the service."""

    def clean(self) -> dict[str, Any]:
        """The hours in their stored form."""
        values = super().clean() or {}
        given = {name: values.pop(name, "") for name in _HOURS}
        try:
            values["hours"] = stored_of(given) or {}
        except HoursError as error:
            self.add_error(None, wording(error))
        values["country_code"] = values.get("country_code", "").upper()
        return values


USUAL_TIMES: Final = {
    Priority.P1: (120, 480, True),
    Priority.P2: (480, 1440, False),
    Priority.P3: (1440, 4320, False),
    Priority.P4: (None, None, False),
}
"""What a new agreement begins with: minutes until somebody is there and until it works, and
whether they run around the clock."""


def _times_of(priority: str) -> tuple[str, str, str]:
    return f"respond_{priority}", f"restore_{priority}", f"always_{priority}"


class AgreementForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # as above
    """What is promised, where, and who hears when it is not kept."""

    GROUPS: ClassVar[list[Group]] = [
        (
            gettext_lazy("Who and when"),
            ("name", "partner", "calendar", "valid_from_on", "valid_until_on"),
        ),
        (gettext_lazy("Where it holds"), ("area", "sites")),
        *((label, _times_of(key)) for key, label in Priority.choices),
        (gettext_lazy("Who is told when time runs out"), ("contacts",)),
        (
            gettext_lazy("What it costs"),
            ("monthly_price", "visit_price", "hour_price", "currency"),
        ),
    ]

    partner: Any = forms.ModelChoiceField(
        label=gettext_lazy("Partner"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("own staff"),
    )
    calendar: Any = forms.ModelChoiceField(label=gettext_lazy("Calendar"), queryset=None)
    sites: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sites"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("With neither sites nor an area it covers all of them."),
    )
    contacts = forms.CharField(
        label=gettext_lazy("Chain"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono"}),
        help_text=gettext_lazy(
            "One a line: percent of the time (50, 80, 100, 150, 200), an address and a name, "
            "as 80 anna@example.com Anna"
        ),
    )

    class Meta:
        model = ServiceAgreement
        fields = (
            "name", "partner", "calendar", "valid_from_on", "valid_until_on", "area",
            "monthly_price", "visit_price", "hour_price", "currency",
        )  # fmt: skip
        widgets = {"valid_from_on": day_widget(), "valid_until_on": day_widget()}
        help_texts = {
            "name": gettext_lazy("What staff know it by, as “Nordic Service, weekdays”."),
            "valid_until_on": gettext_lazy("Empty: until further notice."),
            "monthly_price": gettext_lazy("Empty where there is none; the same for the others."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["partner"].queryset = Partner.objects.filter(is_technician=True).order_by("name")
        fields["calendar"].queryset = WorkCalendar.objects.order_by("name", "id")
        fields["sites"].queryset = sites().order_by("name", "id")
        row: ServiceAgreement = self.instance
        known = {one.priority: one for one in row.times.all()} if row.pk else {}
        for key in Priority.values:
            time = known.get(key)
            self._number(f"respond_{key}", key, gettext_lazy("on site within (minutes)"))
            self._number(f"restore_{key}", key, gettext_lazy("working within (minutes)"))
            fields[f"always_{key}"] = forms.BooleanField(
                label=f"{key}: {_('around the clock')}", required=False
            )
            begun = (None, None, False) if row.pk else USUAL_TIMES[Priority(key)]
            if time is not None:
                begun = time.respond_min, time.restore_min, time.is_always
            self.initial = {**self.initial, **dict(zip(_times_of(key), begun, strict=True))}
        if not row.pk:
            self._begin()
        if row.pk:
            self.initial["sites"] = [one.site_id for one in row.places.all()]
            self.initial["contacts"] = "\n".join(map(_line, row.contacts.all()))

    def _number(self, name: str, priority: str, words: Any) -> None:
        self.fields[name] = forms.IntegerField(
            label=f"{priority}: {words}",
            min_value=1,
            max_value=525_600,
            required=False,
        )

    def _begin(self) -> None:
        """A new agreement: from today, by the only calendar there is."""
        self.initial = {"valid_from_on": operator_today(), **self.initial}
        calendars = list(WorkCalendar.objects.order_by("name", "id")[:2])
        if len(calendars) == 1:
            self.initial = {"calendar": calendars[0].pk, **self.initial}

    def _post_clean(self) -> None:
        """Leave the row to the service."""

    def clean_contacts(self) -> list[Contact]:
        """The lines as stage, address and name."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["contacts"].splitlines())):
            stage, _space, rest = line.partition(" ")
            email, _space, name = rest.strip().partition(" ")
            if not stage.isdecimal() or int(stage[:4]) not in Stage.values or "@" not in email:
                raise forms.ValidationError(
                    _("“%(line)s” has no stage and address.") % {"line": line[:80]}
                )
            found.append((int(stage), email, name.strip()))
        return found

    def clean(self) -> dict[str, Any]:
        """The times by priority."""
        values = super().clean() or {}
        values["times"] = {
            key: {
                "respond_min": values.pop(f"respond_{key}", None),
                "restore_min": values.pop(f"restore_{key}", None),
                "is_always": values.pop(f"always_{key}", False),
            }
            for key in Priority.values
        }
        return values


def _line(contact: EscalationContact) -> str:
    member = contact.membership
    email = member.user.email if member else contact.email
    return f"{contact.stage} {email} {member.user.name if member else contact.name}".strip()


class ChecklistForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """What is to be checked on site."""

    hardware_model: Any = forms.ModelChoiceField(
        label=gettext_lazy("Station model"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("all models"),
    )
    points = forms.CharField(
        label=gettext_lazy("Points"),
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "One a line; one that begins with * must be done before the repair is."
        ),
    )

    class Meta:
        model = Checklist
        fields = ("name", "kind", "hardware_model")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["hardware_model"].queryset = HardwareModel.objects.order_by("vendor", "model", "id")
        if self.instance.pk:
            self.initial["points"] = "\n".join(self.instance.items)

    def _post_clean(self) -> None:
        """Leave the row to the service."""

    def clean(self) -> dict[str, Any]:
        """The points as a list."""
        values = super().clean() or {}
        values["items"] = values.pop("points", "").splitlines()
        return values
