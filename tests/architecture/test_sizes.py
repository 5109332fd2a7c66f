"""Small files and small functions; ruff counts complexity (C901) and statements besides."""

from __future__ import annotations

import ast

from tests.architecture.tree import ROOT, name, sources, tree

MOST_LINES = 500
MOST_FUNCTION_LINES = 60


def test_files_stay_small() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}

    assert lengths
    assert {file: lines for file, lines in lengths.items() if lines > MOST_LINES} == {}


def test_functions_stay_small() -> None:
    long = {
        f"{name(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    }

    assert long == {}


def test_templates_and_scripts_stay_small() -> None:
    limits = {"templates/**/*.html": 200, "static/js/*.js": 160, "static/css/*.css": 400}
    long = [
        f"{name(path)} has {lines} lines"
        for pattern, most in limits.items()
        for path in ROOT.glob(pattern)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > most
    ]

    assert long == []
