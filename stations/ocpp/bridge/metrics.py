"""Figures of the bridge for Prometheus."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

CONNECTIONS = Gauge("ocpp_connections", "Open station connections", ["version"])
HANDSHAKES = Counter("ocpp_handshakes_total", "Handshakes by outcome", ["outcome"])
MESSAGES = Counter(
    "ocpp_messages_total", "Calls of stations by action and outcome", ["action", "outcome"]
)
BATCH_SIZE = Histogram(
    "ocpp_batch_messages", "Messages per commit", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500)
)
COMMIT_SECONDS = Histogram(
    "ocpp_commit_seconds",
    "Time from the first statement of a batch to its commit",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
QUEUE = Gauge("ocpp_writer_queue", "Messages waiting for the next commit")
PARKED = Counter("ocpp_parked_total", "Messages parked because the database refused them")
COMMANDS = Counter("ocpp_commands_total", "Commands by action and outcome", ["action", "outcome"])
COMMAND_SECONDS = Histogram(
    "ocpp_command_seconds",
    "Time from sending a command to its answer",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


@lru_cache(maxsize=1000)
def answered(action: str, outcome: str) -> Counter:
    """The counter of one action and outcome; looking labels up costs on the hot path."""
    return MESSAGES.labels(action, outcome)
