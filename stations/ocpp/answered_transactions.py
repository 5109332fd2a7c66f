"""What GetTransactionStatus said of a transaction (OCPP 2.0.1 E14), for the watchdog."""

from __future__ import annotations

from typing import Any

from stations.commands.models import Command
from stations.sessions.models import Session


def status_read(command: Command, answer: dict[str, Any]) -> None:
    """Keep whether the transaction goes on and whether messages of it are still queued.

    Only the sending station's own session is touched; without a transaction in the request
    the answer is about the station's queue as a whole and is left alone.
    """
    transaction = command.payload.get("transactionId")
    if not transaction:
        return
    ongoing, in_queue = answer.get("ongoingIndicator"), answer.get("messagesInQueue")
    Session.objects.filter(
        station_id=command.station_id, ocpp_transaction_id=str(transaction)
    ).update(
        reported_ongoing=ongoing if isinstance(ongoing, bool) else None,
        reported_in_queue=in_queue if isinstance(in_queue, bool) else None,
    )
