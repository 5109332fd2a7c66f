"""Files for a ledger as something that can be sent on a schedule."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounting.exports.lists import profiles
from billing.accounting.exports.models import ExportProfile, ExportReceipt
from billing.accounting.exports.services import make_exports
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.files.store import load
from core.lists.export import ProducedFile, file_name
from core.schedules.source import FileItem

ITEM: Final = "journal_files"


class LedgerFileSource:
    """What a profile has not got yet, as a zip of its files; each entry is sent once.

    A delivery that is tried again gets the same files, since they are made in its name.
    """

    kind = "ledger_files"

    def items(self) -> Mapping[str, FileItem]:
        """The one thing there is; the query names the profile."""
        title = gettext_lazy("Files for ledgers")
        return {ITEM: FileItem(ITEM, title, Permission.LEDGER_EDIT, ("zip",))}

    def sound(self, request: HttpRequest, item: str, query: str) -> tuple[str, list[str]]:
        """The profile, or the first one where none is named; anything else is lost."""
        given = QueryDict(query)
        lost = sorted(name for name in given if name != "profile")
        profile = _profile(given.get("profile", ""))
        if profile is None:
            return "", [*lost, *(["profile"] if given.get("profile") else [])]
        return f"profile={profile.public_id}", lost

    def describe(self, request: HttpRequest, item: str) -> list[str]:
        """Which profile."""
        profile = _profile(request.GET.get("profile", ""))
        return [_("Export profile: %(name)s") % {"name": profile}] if profile else []

    def produce(self, request: HttpRequest, item: str, extension: str) -> ProducedFile:
        """Make the files that are due, with their receipts."""
        profile = _profile(request.GET.get("profile", ""))
        if profile is None:
            raise RuleViolation("no_profile", _("There is no such export profile any more."))
        made = make_exports(profile=profile, made_for=str(getattr(request, "request_id", "")))
        count = sum(one.entry_count for one in made)
        return ProducedFile(file_name("journal", "zip"), "application/zip", count, zipped(made))

    def address(self, item: str) -> str:
        """The page of profiles."""
        return reverse("export_profile_list")


def _profile(ref: str) -> ExportProfile | None:
    rows = profiles().filter(is_active=True)
    return (rows.filter(public_id=ref) if ref else rows).first()


def zipped(made: Sequence[ExportReceipt]) -> io.BytesIO:
    """The files and their lists of documents in one archive; refuses one that was lost."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in made:
            archive.writestr(one.name, _content(one.path))
            if one.list_path:
                archive.writestr(one.list_name, _content(one.list_path))
    file.seek(0)
    return file


def _content(path: str) -> bytes:
    content = load(path)
    if content is None:
        raise RuleViolation("file_lost", _("The file is no longer there."))
    return content
