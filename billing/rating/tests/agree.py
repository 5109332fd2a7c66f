"""Does the engine agree with the simple one? (``python -m billing.rating.tests.agree``)

Prints JSON and exits with 1 when any pair gets two prices. No database, no settings.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from fractions import Fraction

from billing.rating.engine import rate
from billing.rating.result import RatingResult
from billing.rating.tests.pairs import random_pair
from billing.rating.tests.reference import Answer, Reference

Lines = dict[tuple[str, object], tuple[Fraction, Fraction, Fraction]]


def differences(seed: int) -> list[str]:
    """How the two answers to the pair of a seed differ."""
    tariff, facts = random_pair(seed)
    result, answer = rate(tariff, facts), Reference(tariff, facts).rate()
    pairs = {
        "net": (result.exact_net, answer.net),
        "gross": (result.exact_gross, answer.gross),
        "lines": (lines_of(result), lines_without_names(answer)),
        "missing": (
            any(one.code == "spot_price_missing" for one in result.findings),
            (answer.is_spot_missing and "below_minimum" not in {f.code for f in result.findings})
            or answer.is_spot_missing,
        ),
    }
    return [f"{name}: {one} is not {two}" for name, (one, two) in pairs.items() if one != two]


def lines_of(result: RatingResult) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Quantity, billed quantity and net of each price, in a fixed order."""
    moved = ("idle_cap", "min_price", "max_price")
    return sorted(
        (one.quantity, one.billed_quantity, one.exact_net)
        for one in result.lines
        if one.reason not in moved
    )


def lines_without_names(answer: Answer) -> list[tuple[Fraction, Fraction, Fraction]]:
    """The reference's lines in the same order."""
    return sorted(answer.lines.values())


def main() -> None:
    """Compare so many pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first pair")
    options = parser.parse_args()
    start = time.perf_counter()
    wrong = {
        str(seed): found
        for seed in range(options.seed, options.seed + options.pairs)
        if (found := differences(seed))
    }
    report = {
        "pairs": options.pairs,
        "disagreements": len(wrong),
        "examples": dict(list(wrong.items())[:5]),
        "seconds": round(time.perf_counter() - start, 1),
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
