"""docs/roles.md says what the permission table says."""

from __future__ import annotations

from django.utils import translation

from core.accounts.permissions import WHOLE_OPERATOR, Permission, Role, allowed
from tests.architecture.tree import ROOT


def row(permission: Permission) -> str:
    star = r" \*" if permission in WHOLE_OPERATOR else ""
    cells = " | ".join("yes" if allowed(role, permission) else "–" for role in Role.values)
    return f"| `{permission.value}`{star} {permission.label} | {cells} |"


def test_the_page_of_roles_is_the_table() -> None:
    with translation.override("en"):
        wanted = [
            "| right | " + " | ".join(Role.values) + " |",
            "|---|" + "---|" * len(Role.values),
            *(row(permission) for permission in Permission),
        ]
    lines = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("|")] == wanted
