"""The end of a command: answered, refused by the station, or never answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import orjson

from stations.ocpp.writes.base import Cursor, Write, columns


@dataclass(slots=True, eq=False)
class CommandWrite(Write):
    """Result of a sent command. ``generation`` fences: another connection's is not ours."""

    command_id: int
    generation: int
    state: str
    at: datetime
    answer: Any = None
    answer_status: str = ""
    error_code: str = ""
    error_text: str = ""

    order: ClassVar[int] = 60

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Finish commands that are still open."""
        rows = [
            (
                w.command_id,
                w.generation,
                w.state,
                w.at,
                orjson.dumps(w.answer).decode() if w.answer is not None else None,
                w.answer_status[:40],
                w.error_code[:60],
                w.error_text[:2000],
            )
            for w in sorted(batch, key=lambda w: w.command_id)
        ]
        cursor.execute(_FINISH, columns(rows, 8))


_FINISH = """
UPDATE stations_command c SET state = u.state, finished_at = u.at, answer = u.answer,
  answer_status = u.answer_status, error_code = u.error_code, error_text = u.error_text
FROM unnest(%s::bigint[], %s::bigint[], %s::varchar[], %s::timestamptz[], %s::jsonb[],
  %s::varchar[], %s::varchar[], %s::text[])
  AS u(id, generation, state, at, answer, answer_status, error_code, error_text)
WHERE c.id = u.id AND c.state = 'sent' AND c.generation = u.generation
"""
