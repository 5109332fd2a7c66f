"""The list of commands, one command with its result, and commands sent together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from stations.commands.filters import CommandFilter
from stations.commands.masking import masked
from stations.commands.models import FINAL_STATES, Command
from stations.commands.selectors import batch, commands
from stations.commands.tables import CommandTable
from stations.commands.words import in_words

COMMANDS = ListSpec(
    name="commands",
    title=gettext_lazy("Commands"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: commands(),
    filterset=CommandFilter,
    table=CommandTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id"),
        CsvColumn("command"),
        CsvColumn("action"),
        CsvColumn("state"),
        CsvColumn("answer_status"),
        CsvColumn("error_code"),
        CsvColumn("origin"),
        CsvColumn("requested_by"),
        CsvColumn("reason"),
        CsvColumn("created_at"),
        CsvColumn("sent_at"),
        CsvColumn("finished_at"),
        CsvColumn("batch_id"),
    ),
    empty=EmptyText(
        gettext_lazy("No command yet"),
        gettext_lazy("Commands are sent from a station's page, or to many stations at once."),
        "command_to_many",
        gettext_lazy("Send a command"),
        Permission.COMMAND_SEND,
    ),
    search_hint=gettext_lazy("Command, station or person"),
    actions=(
        ListAction(
            gettext_lazy("Send to many"), "command_to_many", "send", Permission.COMMAND_SEND
        ),
    ),
    count_cap=10_000,
)

command_list = list_view(COMMANDS)


def find_command(public_id: str) -> Command:
    """The operator's command with station and site; 404 when there is none."""
    queryset = commands().select_related("station__site", "station__link")
    command: Command = get_object_or_404(queryset, public_id=public_id)
    return command


def _context(command: Command) -> dict[str, Any]:
    return {
        "command": command,
        "is_finished": command.state in FINAL_STATES,
        "error": in_words(command.error_code, command.error_text) if command.error_code else "",
        "payload": masked(command.payload),
        "parameters": masked(command.parameters),
        "answer": masked(command.answer),
        "took": command.finished_at - command.sent_at
        if command.finished_at and command.sent_at
        else None,
    }


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def command_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was asked, by whom and why, and what the station said."""
    context = _context(find_command(public_id))
    return render(request, "stations/commands/command_detail.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def command_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """State and answer, fetched again when something changed."""
    context = _context(find_command(public_id))
    return render(request, "stations/commands/_command_result.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def command_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Commands that were asked for together, station by station."""
    return render(request, "stations/commands/command_batch.html", _batch(batch_id))


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def command_batch_live(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The same as a fragment, fetched again when something changed."""
    return render(request, "stations/commands/_command_batch.html", _batch(batch_id))


def _batch(batch_id: UUID) -> dict[str, Any]:
    rows = list(batch(batch_id))
    if not rows:
        raise Http404(_("There are no such commands."))
    finished = sum(row.state in FINAL_STATES for row in rows)
    return {
        "commands": rows,
        "batch_id": batch_id,
        "finished": finished,
        "topics": "network " + " ".join(f"station.{row.station_id}" for row in rows[:15]),
    }
