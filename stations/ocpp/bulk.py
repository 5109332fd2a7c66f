"""What the protocol lets be done to many rows at once: commands, forgetting knocks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.actions import BulkAction, BulkContext
from stations.commands.models import CommandState
from stations.hardware.models import Station
from stations.ocpp.command_forms import CommandOfChoiceForm
from stations.ocpp.knocks import forget
from stations.ocpp.models import Knock
from stations.ocpp.sending import Request, needed_permission, send


def _command_form(request: HttpRequest, data: QueryDict | None) -> forms.Form:
    return CommandOfChoiceForm(data, permissions=lambda p: has_permission(request, p))


def _send(station: Station, context: BulkContext) -> str:
    values = context.values
    wanted = Request(
        command=values["command"],
        parameters=values["parameters"],
        reason=values["reason"],
        queue_if_offline=values["queue_if_offline"],
    )
    if not has_permission(context.request, needed_permission(wanted)):
        raise RuleViolation("command_permission", _("Your role may not do this."))
    command = send(station, wanted, batch_id=context.run_id)
    if command.state == CommandState.REFUSED_OFFLINE:
        return _("Not sent: the station is offline.")
    return ""


def no_reason_needed(_request: HttpRequest, data: QueryDict | None) -> forms.Form:
    """A form without fields, for what is undone by itself."""
    return forms.Form(data)


def _forget(knock: Knock, context: BulkContext) -> None:
    operator: Any = operator_of(context.request)
    forget(knock, operator=operator)


SEND_COMMAND = BulkAction(
    name="command",
    label=gettext_lazy("Send a command"),
    permission=Permission.COMMAND_SEND,
    consequence=gettext_lazy(
        "Each of these stations gets the command at once. What each answers is shown on the "
        "page of the commands."
    ),
    apply=_send,
    form=_command_form,
    icon="send",
    url_name="command_batch",
    url_label=gettext_lazy("The commands and their answers"),
)
FORGET_KNOCKS = BulkAction(
    name="forget",
    label=gettext_lazy("Forget"),
    permission=Permission.NETWORK_EDIT,
    consequence=gettext_lazy(
        "These entries leave the list; the next attempt of a station brings it back."
    ),
    apply=_forget,
    form=no_reason_needed,
    icon="trash",
    is_dangerous=False,
)
