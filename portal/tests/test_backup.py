"""Backups are put back into a fresh place, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.sealing import seal, unseal
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_seller
from tests.factories.core import make_operator

FRESH = "portal_restored"


@contextmanager
def fresh_database() -> Iterator[None]:
    """Django's connection on an empty database of the same server."""
    given = connection.settings_dict
    before = given["NAME"]
    server = {"host": given["HOST"], "port": given["PORT"] or None, "user": given["USER"],
              "password": given["PASSWORD"] or None, "dbname": "postgres"}  # fmt: skip
    with psycopg.connect(**server, autocommit=True) as one:
        one.execute(f"DROP DATABASE IF EXISTS {FRESH} WITH (FORCE)")
        one.execute(f"CREATE DATABASE {FRESH} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        connection.close()
        given["NAME"] = FRESH
        try:
            yield
        finally:
            connection.close()
            given["NAME"] = before
            one.execute(f"DROP DATABASE {FRESH} WITH (FORCE)")


def run(command: str, folder: Path, secret: Path, *more: str) -> str:
    out = StringIO()
    call_command(command, str(folder), "--passphrase-file", str(secret), *more, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_put_back_into_a_fresh_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = make_operator()
    path = "operators/as-it-was.pdf"
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "before")
    (tmp_path / "before" / path).parent.mkdir(parents=True)
    (tmp_path / "before" / path).write_bytes(b"as it was")
    seller = make_seller(operator=operator, logo_path=path)
    sealed = seal(b"a provider's key", "test")
    secret, folder = tmp_path / "passphrase", tmp_path / "backup"
    secret.write_text("correct horse battery staple\n")

    run("backup", folder, secret)
    assert "SECRET_KEY=" in run("restore", folder, secret, "--keys")
    with pytest.raises(CommandError, match="not empty"):
        run("restore", folder, secret)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    with fresh_database():
        run("restore", folder, secret)
        assert Operator.objects.get(pk=operator.pk).slug == operator.slug
        with operator_scope(operator):
            again = Seller.objects.get(pk=seller.pk)
            make_seller(operator=operator)
        with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
            cursor.execute("TRUNCATE core_auditentry")

    assert (again.name, again.public_id) == (seller.name, seller.public_id)
    assert (tmp_path / "media" / path).read_bytes() == b"as it was"
    assert unseal(sealed, "test") == b"a provider's key"

    (folder / "files.tar").write_bytes(b"changed")
    with pytest.raises(CommandError, match=r"files\.tar is missing or was changed"):
        run("restore", folder, secret, "--check")


def test_a_backup_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.safekeeping.programs.program", lambda _name: "/bin/false")
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery staple\n")

    with pytest.raises(CommandError, match="pg_dump"):
        run("backup", tmp_path / "backup", secret)
    assert list(tmp_path.iterdir()) == [secret]

    (tmp_path / "backup.part").mkdir()
    with pytest.raises(CommandError, match="cut off"):
        run("backup", tmp_path / "backup", secret)


def test_keys_need_their_passphrase(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")

    with pytest.raises(CommandError, match="at least 12"):
        run("backup", tmp_path / "backup", tmp_path / "short")

    assert not (tmp_path / "backup").exists()
