"""What may be done to many stations at once, commands apart (stations.ocpp.bulk)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.forms import ReasonForm
from core.lists.actions import BulkAction, BulkContext
from stations.hardware import services
from stations.hardware.models import Station


class HandsOffForm(ReasonForm):
    """Whether the portal keeps its hands off, and why."""

    hands_off = forms.ChoiceField(
        label=gettext_lazy("Hands off"),
        choices=[
            ("yes", gettext_lazy("Hands off: send nothing of our own")),
            ("no", gettext_lazy("Hands on: configure the stations by ourselves")),
        ],
    )
    field_order = ("hands_off", "reason")


def _hands_off_form(_request: HttpRequest, data: QueryDict | None) -> forms.Form:
    return HandsOffForm(data)


def _set_hands_off(station: Station, context: BulkContext) -> str:
    wanted = context.values["hands_off"] == "yes"
    if station.hands_off == wanted:
        return _("It was so already.")
    services.change_station(station=station, hands_off=wanted, reason=context.values["reason"])
    return ""


def _retire(station: Station, context: BulkContext) -> None:
    services.retire_station(station=station, reason=context.values["reason"])


SET_HANDS_OFF = BulkAction(
    name="hands-off",
    label=gettext_lazy("Set hands off"),
    permission=Permission.NETWORK_EDIT,
    consequence=gettext_lazy(
        "Hands off: the portal sends these stations nothing of its own after they boot; only "
        "what a person asks for. Hands on: it configures them again."
    ),
    apply=_set_hands_off,
    form=_hands_off_form,
    icon="hand-stop",
    is_dangerous=False,
)
RETIRE = BulkAction(
    name="retire",
    label=gettext_lazy("Retire"),
    permission=Permission.NETWORK_EDIT,
    consequence=gettext_lazy(
        "These stations are refused at their next connection and leave the map, the tiles and "
        "the lists. Their sessions and journals stay. Each can be taken back into use."
    ),
    apply=_retire,
    icon="ban",
)
