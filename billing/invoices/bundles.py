"""Many PDFs in one file: an archive named by number, or one PDF to print."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO, Final

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from billing.invoices.delivery_models import InvoiceFile
from billing.invoices.file_services import file_name
from core.errors import RuleViolation
from core.files.store import clean_name

_IN_MEMORY: Final = 8_000_000
MOST_PRINTED: Final = 500


def archive(files: Iterable[tuple[InvoiceFile, bytes]]) -> IO[bytes]:
    """A zip of PDFs, a folder a seller; refuses when there is none. On disk once it is large."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed out open
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for file, data in files:
            folder = clean_name(file.invoice.seller.name + ".x", "")
            bundle.writestr(f"{folder}/{file_name(file, file.invoice.number)}", data)
            count += 1
    if not count:
        out.close()
        raise RuleViolation("no_files", _("There is no PDF of these invoices yet."))
    out.seek(0)
    return out


def printed(files: Iterable[tuple[InvoiceFile, bytes]]) -> IO[bytes]:
    """One PDF of several, in their order; refuses none, and more than a printer's tray."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed out open
    writer = PdfWriter()
    count = 0
    for file, data in files:
        count += 1
        if count > MOST_PRINTED:
            raise RuleViolation(
                "too_many", _("At most %(count)d invoices are printed at once.")
                % {"count": MOST_PRINTED},
            )  # fmt: skip
        part = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - read later
        part.write(data)
        writer.append(PdfReader(part), outline_item=file.invoice.number)
    if not count:
        raise RuleViolation("no_files", _("There is no PDF of these invoices yet."))
    writer.write(out)
    out.seek(0)
    return out
