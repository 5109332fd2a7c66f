"""A transaction whose statements travel together, over a connection of psycopg's.

What ``psycopg``'s pipeline does with a fraction of the work: the statements of a batch are always
the same few, so each is prepared once under a name of its own, and the server is woken when rows
are wanted or the transaction ends, not for every statement.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE)


class Reply:
    """What one statement gives; read when it is asked for, or at the end of the transaction."""

    __slots__ = ("_pipe", "result")

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self.result: Any = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._pipe.rows(self)

    def fetchone(self) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        rows = self._pipe.rows(self)
        return rows[0] if rows else None


class Pipe:
    """Implements ``base.Cursor`` inside ``transact``; lives as long as its connection, which
    prepares nothing else: psycopg would go on to name statements that ``_abandon`` has dropped."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        connection.prepare_threshold = None
        self._connection = connection
        self._server = connection.pgconn
        self._values = Transformer(connection)
        self._names: dict[str, tuple[bytes, int]] = {}  # by statement: name, count of values
        self._awaited: deque[Reply] = deque()
        self._transactions = 0
        self._poll = select.poll()
        self._poll.register(self._server.socket, select.POLLIN)

    def transact(self, work: Callable[[Pipe], None]) -> None:
        """Commit what ``work`` executes. Raises the error of the first statement that failed;
        then nothing is done, and the connection can take the next transaction."""
        self._server.enter_pipeline_mode()
        try:
            self.execute("BEGIN")
            self._plan_anew_now_and_then()
            work(self)
            self.execute("COMMIT")
            self._read_to(self._awaited[-1])
            self._end_pipeline()
        except BaseException:
            self._abandon()
            raise

    def execute(self, query: str, params: Sequence[Any] = ()) -> Reply:
        """Put a statement on its way."""
        known = self._names.get(query) or self._prepare(query)
        name, count = known
        values = self._values.dump_sequence(params, [PyFormat.TEXT] * count) if count else None
        self._server.send_query_prepared(name, values)
        return self._expect()

    def rows(self, reply: Reply) -> list[tuple[Any, ...]]:
        """Rows of a statement on its way, or of one that has arrived."""
        self._read_to(reply)
        self._values.set_pgresult(reply.result)
        return self._values.load_rows(0, reply.result.ntuples, tuple)

    def _plan_anew_now_and_then(self) -> None:
        """Before the first, second, fourth, eighth … transaction: plans that were made while
        tables were empty must not outlive that, and the server itself looks at tables that grow
        only every other minute."""
        self._transactions += 1
        if self._transactions & (self._transactions - 1) == 0:
            self.execute("DISCARD PLANS")

    def _prepare(self, query: str) -> tuple[bytes, int]:
        parts = query.split("%s")
        text = parts[0] + "".join(f"${n}{part}" for n, part in enumerate(parts[1:], 1))
        name = b"pipe%d" % len(self._names)
        self._server.send_prepare(name, text.encode())
        self._expect()
        self._names[query] = known = (name, len(parts) - 1)
        return known

    def _expect(self) -> Reply:
        reply = Reply(self)
        self._awaited.append(reply)
        return reply

    def _read_to(self, wanted: Reply) -> None:
        """Read replies in their order up to this one."""
        if wanted.result is not None:
            return
        self._server.send_flush_request()
        self._flush()
        while wanted.result is None:
            result = self._next_result()
            if result.status in _FAILED:
                raise self._error(result)
            self._awaited.popleft().result = result

    def _flush(self) -> None:
        while self._server.flush():  # the socket is full: the server may want to be read first
            self._poll.modify(self._server.socket, select.POLLIN | select.POLLOUT)
            self._poll.poll()
            self._server.consume_input()
            self._poll.modify(self._server.socket, select.POLLIN)

    def _next_result(self) -> Any:
        while True:
            while self._server.is_busy():
                self._poll.poll()
                self._server.consume_input()
            result = self._server.get_result()
            if result is not None:  # None stands between the results of two statements
                return result
            if self._server.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError("The connection is lost.")

    def _error(self, result: Any) -> Exception:
        if self._server.status == pq.ConnStatus.BAD:
            return psycopg.OperationalError(result.get_error_message())
        return error_from_result(result)

    def _end_pipeline(self) -> None:
        self._awaited.clear()
        self._server.pipeline_sync()
        self._flush()
        while self._next_result().status != pq.ExecStatus.PIPELINE_SYNC:
            pass
        self._server.exit_pipeline_mode()

    def _abandon(self) -> None:
        """Back to an idle connection. What was prepared may be gone or not: all is forgotten."""
        self._awaited.clear()
        self._names.clear()
        if self._server.status == pq.ConnStatus.BAD:
            return
        self._end_pipeline()
        if self._server.transaction_status != pq.TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")
        self._connection.execute("DEALLOCATE ALL")
