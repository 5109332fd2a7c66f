"""Files that people import, for tests: sent, looked at and taken over."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from core.tenancy.scopes import across_operators


def upload(client: Client, kind: str, content: str | bytes, name: str = "rows.csv") -> Any:
    """Send a file of a kind; the page of the preview."""
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, raw)
    return client.post("/imports/new/", {"kind": kind, "file": file}, follow=True)


def address(page: Any) -> str:
    """Of the page that was shown in the end."""
    return str(page.redirect_chain[-1][0])


def text(page: Any) -> str:
    """With single blanks."""
    return " ".join(page.content.decode().split())


def commit(client: Client, page: Any, **data: str) -> Any:
    """Take over what the preview shows."""
    shown = re.search(r'name="shown" value="([0-9a-f]+)"', page.content.decode())
    assert shown, text(page)
    return client.post(address(page), {"shown": shown[1], **data}, follow=True)


def rows(model: type[models.Model]) -> list[Any]:
    """Of every operator."""
    with across_operators("the test looks at all of them"):
        return list(model._default_manager.order_by("pk"))


def kinds(page: Any) -> dict[str, int]:
    """How many rows of which kind the preview counts."""
    found = re.findall(r'href="\?kind=(\w+)".*?</svg>.*?</span> (\d+)</span>', text(page))
    return {kind: int(count) for kind, count in found}
