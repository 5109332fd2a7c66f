"""Events of commands that have come to their end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from core.webhooks.sources import EventKind, NetworkEvent
from stations.commands.models import Command
from stations.hardware.webhooks import station_data

FINISHED: Final = "command.finished"
CHUNK: Final = 500


class CommandEvents:
    """Commands that were answered, failed, were refused or ran out of time."""

    name = "commands"
    kinds = (EventKind(FINISHED, _("Command finished")),)

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterator[NetworkEvent]:
        """Commands that finished at ``since`` or later. Answers are not told: they may be
        long, and hold secrets; the API has them."""
        rows = (
            Command.objects.filter(operator_id__in=operators, finished_at__gte=since)
            .select_related("station")
            .order_by("finished_at", "id")
        )
        for command in rows.iterator(chunk_size=CHUNK):
            yield NetworkEvent(
                operator_id=command.operator_id,
                kind=FINISHED,
                key=f"{FINISHED}:{command.public_id}",
                happened_at=command.finished_at,
                recorded_at=command.finished_at,
                data={
                    "command": {
                        "id": command.public_id,
                        "command": command.command,
                        "action": command.action,
                        "state": command.state,
                        "answer_status": command.answer_status,
                        "error_code": command.error_code,
                        "created_at": command.created_at,
                        "finished_at": command.finished_at,
                        "batch_id": command.batch_id,
                    },
                    "station": station_data(command.station),
                },
            )
