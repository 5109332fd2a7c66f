"""House rules that no ready-made tool checks."""

from __future__ import annotations

import ast
import re
import sys

import pytest

from tests.architecture.tree import PACKAGES, imported, name, product, sources, tree

# Modules that take facts and return results: they must not know databases, queues or protocols.
PURE = re.compile(
    r"^(core/(money|periods|units)\.py"
    r"|stations/sessions/(reconcile|facts|energy|curve|clock|plausib\w*|findings)\.py"
    r"|stations/sessions/(reconcile|rules|truth)/.*\.py"
    r"|customers/tokens/uid\.py"
    r"|stations/simulator/(battery|clock|meters|profiles|rhythm)\.py)$"
)
PURE_MARK = re.compile(r"\(pure\)|\bPure\b[.:,]")
KNOWS_TOO_MUCH = {
    "django", "celery", "kombu", "redis", "psycopg", "psycopg_pool", "ocpp", "websockets", "stripe",
    "rest_framework", "django_scopes", "allauth",
}  # fmt: skip
WORKFLOW_SIGNALS = {
    "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed",
}  # fmt: skip


def is_pure(path_name: str, docstring: str) -> bool:
    return bool(PURE.match(path_name)) or bool(
        PURE_MARK.search(docstring.split("\n\n", maxsplit=1)[0])
    )


def test_pure_modules_know_no_framework() -> None:
    pure = [path for path in product() if is_pure(name(path), ast.get_docstring(tree(path)) or "")]

    guilty = {
        name(path): sorted(known)
        for path in pure
        if (known := {module.partition(".")[0] for module in imported(path)} & KNOWS_TOO_MUCH)
    }

    assert len(pure) > 5
    assert guilty == {}


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{name(path)}:{inner.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready"
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_no_star_and_no_relative_imports() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.level > 0 or any(alias.name == "*" for alias in node.names))
    ]

    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    mute = [
        name(path)
        for path in product()
        if path.stat().st_size > 0 and not ast.get_docstring(tree(path))
    ]

    assert mute == []


def test_signals_carry_no_workflow() -> None:
    guilty = [
        f"{name(path)}: {module}"
        for path in product()
        for module in imported(path)
        if module.startswith("django.db.models.signals.")
        and module.rpartition(".")[2] in WORKFLOW_SIGNALS
    ]

    assert guilty == []


def test_nothing_is_left_to_be_done() -> None:
    marks = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError\(?\)?\s*#")
    found = [
        f"{name(path)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if marks.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_only_declared_packages_are_reached(package: str) -> None:
    """A package imports the standard library, its requirements and the floors below alone."""
    own = [path for path in product() if name(path).startswith(f"{package}/")]
    modules = {module.partition(".")[0] for path in own for module in imported(path)}

    assert modules & {"tests", "tools", "benchmarks", "conftest"} == set()
    assert modules & {"pytest", "hypothesis", "factory", "playwright"} == set()
    assert not own or modules & sys.stdlib_module_names
