"""A form made from a command of the registry, for one OCPP version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.forms import moment_widget
from stations.hardware.models import Station
from stations.ocpp.models import ChargingProfile
from stations.ocpp.outbound import COMMANDS, Command, Parameter
from stations.ocpp.parameter_words import choice_of, label_of
from stations.ocpp.sending import Request, needed_permission

FILLED_IN = frozenset({"request_id", "remote_start_id", "reservation_id"})
"""Numbers that are allocated when the command is sent (stations.ocpp.preparing)."""

FLAGS = [("", "–"), ("true", _("Yes")), ("false", _("No"))]


class JsonField(forms.CharField):
    """An object or list as JSON; a list may also be lines or commas."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"})

    def __init__(self, *, takes_plain_text: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.takes_plain_text = takes_plain_text

    def to_python(self, value: Any) -> Any:
        """The JSON value; the text itself where plain text will do."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            if self.takes_plain_text and text[0] not in "[{":
                return text
            raise forms.ValidationError(
                _("This is no JSON: %(why)s"), params={"why": str(error)}
            ) from error


def _field(parameter: Parameter) -> forms.Field:
    common: dict[str, Any] = {
        "required": parameter.required,
        "label": label_of(parameter.name),
        "help_text": gettext(parameter.help),
    }
    return _MAKERS[parameter.kind](parameter, common)


def _text(parameter: Parameter, common: dict[str, Any]) -> forms.Field:
    attrs = {"autocomplete": "off"} if parameter.secret else {}
    return forms.CharField(max_length=5500, widget=forms.TextInput(attrs=attrs), **common)


def _choice(parameter: Parameter, common: dict[str, Any]) -> forms.Field:
    choices = [(word, choice_of(word)) for word in parameter.choices]
    if not parameter.required:
        choices.insert(0, ("", "–"))
    return forms.ChoiceField(choices=choices, **common)


_MAKERS: dict[str, Callable[[Parameter, dict[str, Any]], forms.Field]] = {
    "text": _text,
    "integer": lambda _p, common: forms.IntegerField(**common),
    "decimal": lambda _p, common: forms.DecimalField(**common),
    "flag": lambda _p, common: forms.ChoiceField(choices=FLAGS, **common),
    "choice": _choice,
    "instant": lambda _p, common: forms.DateTimeField(widget=moment_widget(), **common),
    "object": lambda _p, common: JsonField(takes_plain_text=False, **common),
    "list": lambda _p, common: JsonField(takes_plain_text=True, **common),
    "any": _text,
}


class CommandForm(forms.Form):
    """Parameters of a command; a reason where it is dangerous; whether it may wait."""

    def __init__(
        self, *args: Any, command: Command, version: str, may_wait: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.command = command
        self.names = []
        for parameter in command.parameters_of(version):
            if parameter.name not in FILLED_IN or command.name == "cancel_reservation":
                self.fields[parameter.name] = _field(parameter)
                self.names.append(parameter.name)
        if "profile" in self.fields and command.name == "set_charging_profile":
            self._offer_stored_profiles()
        if command.name == "send_local_list":
            self.fields["version"].required = False  # made from the stored list when left out
        if command.is_dangerous:
            self.fields["reason"] = reason_field()
        if may_wait and command.name != "remote_start":
            self.fields["queue_if_offline"] = forms.BooleanField(
                label=_("Send it when the station is back, within a day"), required=False
            )

    def _offer_stored_profiles(self) -> None:
        stored = ChargingProfile.objects.order_by("number")[:200]
        choices = [("", "–"), *((p.number, f"{p.number}: {p.description}") for p in stored)]
        self.fields["profile"].required = False
        self.fields["profile_id"] = forms.ChoiceField(
            label=_("Stored profile"), choices=choices, required=False
        )
        self.names.append("profile_id")

    def clean(self) -> dict[str, Any]:
        """A profile is either stored or written here."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("profile") or cleaned.get("profile_id")
        if "profile_id" in self.fields and not self.errors and not chosen:
            self.add_error("profile_id", _("Choose a stored profile, or write one."))
        return cleaned

    def request(self) -> Request:
        """What to send."""
        values = {name: self.cleaned_data[name] for name in self.names}
        return Request(
            command=self.command.name,
            parameters={k: v for k, v in values.items() if v not in (None, "")},
            reason=self.cleaned_data.get("reason", ""),
            queue_if_offline=self.cleaned_data.get("queue_if_offline", False),
        )


class StopForm(forms.Form):
    """Why a session is stopped, where stopping is dangerous."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Kept with your name in the audit trail.")
    )


def reason_field() -> forms.CharField:
    """Why something dangerous is done."""
    return forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Kept with your name in the audit trail.")
    )


class CommandOfChoiceForm(forms.Form):
    """Any command without place that the person may send, with its parameters."""

    command = forms.ChoiceField(label=_("Command"))
    parameters = JsonField(
        label=_("Parameters"),
        takes_plain_text=False,
        required=False,
        help_text=_('As JSON, for example {"type": "soft"}.'),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("Needed for commands that interrupt or reconfigure."),
    )
    queue_if_offline = forms.BooleanField(
        label=_("Stations that are away get it when they are back, within a day"), required=False
    )

    def __init__(
        self, *args: Any, permissions: Callable[[Permission], bool], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        commands = self.fields["command"]
        assert isinstance(commands, forms.ChoiceField)
        commands.choices = [
            (c.name, gettext(c.title))
            for c in COMMANDS.values()
            if permissions(needed_permission(Request(command=c.name)))
        ]

    def clean_parameters(self) -> dict[str, Any]:
        """A JSON object; empty means ``{}``."""
        return _object(self.cleaned_data["parameters"])

    def clean(self) -> dict[str, Any]:
        """A dangerous command needs its reason."""
        cleaned = super().clean() or {}
        wanted = COMMANDS.get(cleaned.get("command", ""))
        if wanted is not None and wanted.is_dangerous and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why: this command needs it."))
        return cleaned

    def request(self) -> Request:
        """What to send to each."""
        data = self.cleaned_data
        return Request(
            command=data["command"],
            parameters=data["parameters"],
            reason=data["reason"],
            queue_if_offline=data["queue_if_offline"],
        )


class ManyForm(CommandOfChoiceForm):
    """A command of choice, to stations of choice."""

    stations: Any = forms.ModelMultipleChoiceField(
        label=_("Stations"),
        queryset=None,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("command", "parameters", "stations", "reason", "queue_if_offline")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stations = self.fields["stations"]
        assert isinstance(stations, forms.ModelMultipleChoiceField)
        stations.queryset = Station.objects.filter(retired_on=None).order_by("name", "id")


class RawForm(forms.Form):
    """Any OCPP message of a version, as JSON."""

    action = forms.ChoiceField(label=_("Action"))
    payload = JsonField(
        label=_("Payload"),
        takes_plain_text=False,
        required=False,
        initial="{}",
        help_text=_("Checked against the schema only; the station refuses what it must."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, *args: Any, actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["action"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(action, action) for action in actions]

    def clean_payload(self) -> dict[str, Any]:
        """A JSON object; empty means ``{}``."""
        return _object(self.cleaned_data["payload"])

    def request(self) -> Request:
        """What to send."""
        data = self.cleaned_data
        return Request(action=data["action"], payload=data["payload"], reason=data["reason"])


def _object(value: Any) -> dict[str, Any]:
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise forms.ValidationError(_("This must be a JSON object."))
    return value
