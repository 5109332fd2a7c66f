"""Making the files of issued documents, each once, outside the transaction that issued them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import typst
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from billing.invoices.delivery_models import FileKind, InvoiceFile
from billing.invoices.document import Document
from billing.invoices.document_parts import DocumentError
from billing.invoices.documents import document_of
from billing.invoices.models import Invoice
from billing.invoices.pdf.colour import DEFAULT
from billing.invoices.pdf.render import LANGUAGES, LogoError, render_invoice
from billing.invoices.peppol import PeppolError, peppol_invoice
from core.errors import RuleViolation
from core.files import store

log = logging.getLogger(__name__)
ENDINGS: Final = {FileKind.PDF: ".pdf", FileKind.UBL: ".xml"}
CONTENT_TYPES: Final = {FileKind.PDF: "application/pdf", FileKind.UBL: "application/xml"}
RECENT: Final = timedelta(days=3)
"""How far back the frequent task looks; the hourly one looks at everything."""
AT_ONCE: Final = 50
"""Documents looked up at once; each is made in a transaction of its own."""


def without_files(*, now: datetime, everything: bool) -> QuerySet[Invoice]:
    """Issued documents of which no PDF was made or tried."""
    made = InvoiceFile.objects.filter(invoice=OuterRef("pk"), kind=FileKind.PDF)
    rows: QuerySet[Invoice] = Invoice.objects.exclude(state="draft").exclude(Exists(made))
    return rows if everything else rows.filter(issued_at__gte=now - RECENT)


def make_next(*, now: datetime, everything: bool = False) -> int:
    """Make the files of the next documents that have none; how many, 0 when all have theirs."""
    rows = without_files(now=now, everything=everything).order_by("issued_at", "pk")
    return sum(_made_for(key) for key in rows.values_list("pk", flat=True)[:AT_ONCE])


def _made_for(key: int) -> bool:
    """Whether the files were made or tried here; another worker may be at it, or was."""
    with transaction.atomic():
        held = Invoice.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        if not held.filter(pk=key).exists() or InvoiceFile.objects.filter(invoice=key).exists():
            return False
        _tried(Invoice.objects.select_related("seller", "original").get(pk=key))
    return True


@transaction.atomic
def ensure_file(invoice: Invoice, kind: FileKind) -> InvoiceFile | None:
    """The file of an issued document, made now where nobody has made it yet.

    The document is held meanwhile: who asks while a worker makes it waits for that one. The row
    has a ``problem`` where it cannot be made; None where the document gets no such file.
    """
    held = Invoice.objects.select_for_update(of=("self",), no_key=True)
    locked = held.select_related("seller", "original").exclude(state="draft").get(pk=invoice.pk)
    files = InvoiceFile.objects.filter(invoice=locked)
    if not files.exists():
        _tried(locked)
    found: InvoiceFile | None = files.filter(kind=kind).first()
    return found


def _tried(invoice: Invoice) -> None:
    """Make the files; one document that cannot be made must not keep the others waiting."""
    try:
        with transaction.atomic():
            make_files(invoice)
    except Exception as error:
        log.exception("invoice file", extra={"invoice": invoice.public_id})
        _problem(invoice, FileKind.PDF, f"{type(error).__name__}: {error}")


def make_files(invoice: Invoice) -> list[InvoiceFile]:
    """The PDF, and the e-invoice where both sides have a Peppol address; a problem is stored in
    place of a file."""
    try:
        document = document_of(invoice)
    except DocumentError as error:
        return [_problem(invoice, FileKind.PDF, f"{error.code}: {error}")]
    made = [_made(invoice, FileKind.PDF, document)]
    if document.seller.peppol_address and document.buyer.peppol_address:
        made.append(_made(invoice, FileKind.UBL, document))
    return made


def _made(invoice: Invoice, kind: FileKind, document: Document) -> InvoiceFile:
    try:
        data = _pdf(invoice, document) if kind == FileKind.PDF else peppol_invoice(document)
    except (PeppolError, typst.TypstError) as error:
        return _problem(invoice, kind, str(error))
    with store.kept(invoice.operator_id, (data, ENDINGS[kind])) as paths:
        row: InvoiceFile = InvoiceFile.objects.create(
            operator_id=invoice.operator_id,
            invoice=invoice,
            kind=kind,
            language=invoice.language,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            path=paths[0],
        )
    return row


def _pdf(invoice: Invoice, document: Document) -> bytes:
    """With the seller's logo and colour of now; without a logo that cannot be read."""
    language = invoice.language if invoice.language in LANGUAGES else "en"
    seller = invoice.seller
    colour = seller.colour or DEFAULT
    logo = store.load(seller.logo_path) if seller.logo_path else None
    try:
        return render_invoice(document, language=language, logo=logo, colour=colour)
    except LogoError:
        return render_invoice(document, language=language, colour=colour)


def _problem(invoice: Invoice, kind: FileKind, text: str) -> InvoiceFile:
    row: InvoiceFile = InvoiceFile.objects.create(
        operator_id=invoice.operator_id,
        invoice=invoice,
        kind=kind,
        language=invoice.language,
        problem=text[:1000],
    )
    return row


@transaction.atomic
def retry_files(invoice: Invoice) -> list[InvoiceFile]:
    """Try again to make what could not be made; what is there stays."""
    locked = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("seller", "original")
        .get(pk=invoice.pk)
    )
    InvoiceFile.objects.filter(invoice=locked).exclude(problem="").delete()
    there = set(InvoiceFile.objects.filter(invoice=locked).values_list("kind", flat=True))
    if FileKind.PDF in there:
        document = document_of(locked)
        if FileKind.UBL in there or not document.buyer.peppol_address:
            return []
        return [_made(locked, FileKind.UBL, document)]
    return make_files(locked)


def content(file: InvoiceFile) -> bytes:
    """The bytes as they were made; refuses a file that is gone or no longer the same."""
    data = store.load(file.path) if file.path else None
    if data is None or hashlib.sha256(data).hexdigest() != file.sha256:
        raise RuleViolation(
            "file_lost", _("The stored file is missing or no longer as it was made.")
        )
    return data


def file_of(invoice: Invoice, kind: FileKind) -> InvoiceFile | None:
    """The made file of a document; None where there is none."""
    found: InvoiceFile | None = (
        InvoiceFile.objects.filter(invoice=invoice, kind=kind).exclude(path="").first()
    )
    return found


def file_name(file: InvoiceFile, number: str) -> str:
    """The number, safe on every disk, with the ending of the kind."""
    return store.clean_name(number.replace("/", "-") + ".x", ENDINGS[FileKind(file.kind)])


def pdfs(invoices: Sequence[int] | QuerySet[Invoice]) -> Iterator[tuple[InvoiceFile, bytes]]:
    """The PDFs of documents in the order of their numbers, read one after the other."""
    rows = (
        InvoiceFile.objects.filter(invoice__in=invoices, kind=FileKind.PDF)
        .exclude(path="")
        .select_related("invoice", "invoice__seller")
        .order_by("invoice__seller__name", "invoice__issued_on", "invoice__number")
    )
    for row in rows:
        yield row, content(row)
