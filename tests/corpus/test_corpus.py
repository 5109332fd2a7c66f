"""Every case of the corpus gives its sessions, in any order of lines and any number of times."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from stations.management.reconcile_lines import reconcile_lines
from stations.sessions.findings import TEXTS

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
CASES = sorted(FOLDER.glob("*.jsonl"))
RULES = (ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8")


def lines_of(case: Path) -> list[bytes]:
    return case.read_bytes().splitlines(keepends=True)


def expected_of(case: Path) -> list[dict[str, Any]]:
    sessions = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))["sessions"]
    assert isinstance(sessions, list)
    return sessions


@pytest.fixture(params=CASES, ids=lambda case: case.stem)
def case(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_case_gives_its_sessions(case: Path) -> None:
    assert reconcile_lines(case.read_bytes()) == expected_of(case)


def test_order_of_lines_does_not_matter(case: Path) -> None:
    lines = lines_of(case)

    assert reconcile_lines(b"".join(reversed(lines))) == expected_of(case)
    for seed in range(5):
        shuffled = random.Random(seed).sample(lines, len(lines))
        assert reconcile_lines(b"".join(shuffled)) == expected_of(case)


def test_repeated_lines_do_not_matter(case: Path) -> None:
    lines = lines_of(case)

    assert reconcile_lines(b"".join(lines * 2)) == expected_of(case)
    assert reconcile_lines(b"".join(line * 3 for line in lines)) == expected_of(case)


def test_case_is_told_in_the_rules(case: Path) -> None:
    assert f"`{case.stem}`" in RULES


def test_corpus_is_whole() -> None:
    assert len(CASES) >= 100
    assert {one.stem for one in CASES} == {one.stem for one in FOLDER.glob("*.json")}


def test_rules_list_every_code_and_no_other() -> None:
    table = RULES.split("## Findings", 1)[1].split("\n## ", 1)[0]
    listed = {row.split("`")[1] for row in table.splitlines() if row.startswith("| `")}

    assert listed == set(TEXTS)


def test_rules_give_each_code_its_severity() -> None:
    table = RULES.split("## Findings", 1)[1].split("\n## ", 1)[0]
    listed = {
        row.split("`")[1]: row.split("|")[2].strip()
        for row in table.splitlines()
        if row.startswith("| `")
    }

    assert listed == {code: known.severity for code, known in TEXTS.items()}


def test_expected_findings_are_known_codes() -> None:
    for case in CASES:
        for session in expected_of(case):
            assert set(session["findings"]) <= set(TEXTS), case.stem
