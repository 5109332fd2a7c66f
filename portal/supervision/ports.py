"""Finds out beforehand that a port is taken, and says by whom and what to change."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a process will listen on; ``variable`` changes it."""

    host: str
    number: int
    variable: str
    purpose: str


def problem(port: Port) -> str | None:
    """Why the port cannot be used, in words; None when it can."""
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family) as probe:
        # A port whose last connections are still fading away is free for a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError as error:
            return _words(port, error)
    return None


def _words(port: Port, error: OSError) -> str:
    where = f"Port {port.number} on {port.host} ({port.purpose})"
    advice = f"set {port.variable} to another port"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken{_holder(port.number)}: stop that, or {advice}."
    if error.errno == errno.EACCES:
        return f"{where} may not be used by this account: {advice} (1024 or above)."
    return f"{where} cannot be used ({error.strerror}): {advice}."


def _holder(number: int) -> str:
    """`` by name (process pid)`` where the system tells."""
    try:
        connections = psutil.net_connections(kind="tcp")
        for connection in connections:
            if connection.status != psutil.CONN_LISTEN or not connection.pid:
                continue
            if getattr(connection.laddr, "port", None) == number:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""


def is_answered(port: Port) -> bool:
    """Whether something listens there now."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(port.host, port.host)  # noqa: S104 - compared
    try:
        socket.create_connection((host, port.number), timeout=1).close()
    except OSError:
        return False
    return True
