"""Problems of site planning in, plans out: what ``manage.py plan`` does (no database).

Format: docs/planning.md. Sites keep the numbers of the input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from planning.solving.neighbours import TooManyPairs
from planning.solving.parsing import parse_problem
from planning.solving.plan import Plan
from planning.solving.reading import ProblemError
from planning.solving.solve import solve


class UnreadableInput(Exception):
    """Nothing in the input can be understood."""


def plan_items(data: bytes) -> Any:
    """One plan for one problem, a list for a list (or for an object with ``problems``).

    Raises UnreadableInput when the bytes are not UTF-8 or not such JSON.
    """
    document = _read(data)
    if isinstance(document, Mapping) and "problems" in document:
        document = document["problems"]
    if isinstance(document, list):
        return [plan_item(item, f"[{place}]") for place, item in enumerate(document)]
    if isinstance(document, Mapping):
        return plan_item(document, "")
    raise UnreadableInput("The input must be a JSON object or a list")


def plan_item(item: Any, at: str) -> dict[str, Any]:
    """The plan of one problem, or its error."""
    try:
        return shown(solve(parse_problem(item)))
    except ProblemError as error:
        place = ".".join(part for part in (at, error.at) if part)
        return {"error": {"code": error.code, "message": error.message, "at": place}}
    except TooManyPairs:
        words = "More candidates are in reach of the demand than fit into memory"
        return {"error": {"code": "too_large", "message": words, "at": at}}


def shown(plan: Plan) -> dict[str, Any]:
    """The members of the answer, always the same; ``reason`` when nothing can be chosen."""
    answer: dict[str, Any] = {
        "chosen": None if plan.chosen is None else list(plan.chosen),
        "objective": _number(plan.objective, plan.integral),
        "bound": _number(plan.bound, plan.integral),
        "gap": None if plan.gap is None else round(plan.gap, 9),
        "seconds": round(plan.seconds, 3),
    }
    if plan.reason:
        answer["reason"] = plan.reason
    return answer


def _number(value: float | None, integral: bool) -> float | int | None:
    return round(value) if value is not None and integral else value


def _read(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"The input is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"The input is not JSON: {error}"[:200]) from error
