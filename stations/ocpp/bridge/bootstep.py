"""The bridge inside a Celery worker: a bootstep that runs the server on its own loop.

It runs where the worker consumes a queue named ``bridge.<name>``. When the loop ends by
itself the process exits with a failure, so that a supervisor starts it anew.
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
from typing import Any

from celery import bootsteps

logger = logging.getLogger(__name__)

START_SECONDS = 60
STOP_SECONDS = 20
FAILURE = 70


class BridgeStep(bootsteps.StartStopStep):
    """Starts the bridge with the worker and stops it before the worker ends."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.host: Any = None

    def include_if(self, parent: Any) -> bool:
        """Only workers that consume a bridge's queue."""
        return any(name.startswith("bridge.") for name in parent.app.amqp.queues.consume_from)

    def start(self, parent: Any) -> None:
        """Start the loop's thread and wait until the bridge listens."""
        host_module = importlib.import_module("stations.ocpp.bridge.host")
        self.host = host_module.BridgeHost()
        self.host.start(START_SECONDS)
        threading.Thread(target=self._watch, name="bridge-watch", daemon=True).start()

    def _watch(self) -> None:
        self.host.wait()
        if not self.host.is_stopping:
            logger.critical("the bridge's loop ended; the process ends with it")
            logging.shutdown()
            os._exit(FAILURE)

    def stop(self, parent: Any) -> None:
        """Drain and stop."""
        if self.host is not None:
            self.host.stop(STOP_SECONDS)
            self.host = None

    terminate = stop
