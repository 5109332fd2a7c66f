"""The client of ``docs/api.md``, run as it stands there against a server with real sockets."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from core.tenancy.scopes import operator_scope
from stations.models import Site
from tests.e2e.servers import running_web
from tests.factories.core import make_api_token, make_operator
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db(transaction=True)
# WhiteNoise hands files to ASGI as plain iterators; see tests/e2e/conftest.py.
PATIENCE_S = 60


def the_client() -> str:
    text = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
    section = text.partition("## A client in Python")[2].partition("\n## ")[0]
    blocks: list[str] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def test_the_client_of_the_documentation_lists_makes_once_and_names_what_is_wrong() -> None:
    operator = make_operator()
    site = make_site(operator=operator)
    for number in range(3):
        make_station(site=site, name=f"Lind {number}", identity=f"CP-{number}")
    _token, secret = make_api_token(operator=operator, permissions=["network.view", "network.edit"])
    code = the_client().replace("page_size=100", "page_size=2")

    with running_web() as url:
        ended = subprocess.run(
            [sys.executable, "-"],
            input=code,
            env={"PATH": os.defpath, "PORTAL_URL": url, "PORTAL_TOKEN": secret, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    lines = ended.stdout.splitlines()
    assert [line.rpartition(" ")[0] for line in lines[:3]] == [
        f"CP-{number} Lind {number}" for number in range(3)
    ], ended.stderr
    assert lines[3:] == ["made Harbour True"]
    assert ended.stderr.startswith("invalid: ")
    assert "'/name'" in ended.stderr
    assert ended.returncode == 1
    with operator_scope(operator):
        assert Site.objects.filter(name="Harbour").count() == 1
