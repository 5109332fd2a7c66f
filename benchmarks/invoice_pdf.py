"""How fast invoices are set as PDF: ``python -m benchmarks.invoice_pdf`` prints JSON.

On one core, without a database: an invoice of one page, and one with a specification of 300
sessions over many pages. The e-invoice of the same document stands beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from billing.invoices.document import Document
from billing.invoices.pdf.render import render_invoice
from billing.invoices.peppol import peppol_invoice
from billing.invoices.tests.documents import invoice, specified

TARGET: Final = 40
"""PDFs a second on two cores: 20 a core, since each worker sets its own."""


def per_second(make: Callable[[], object], seconds: float) -> dict[str, float]:
    """How often ``make`` runs in a second, and in a second of processor time, once warm."""
    make()
    count, began, worked = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        make()
        count += 1
    return {
        "per_s": round(count / (time.perf_counter() - began), 1),
        "per_cpu_s": round(count / (time.process_time() - worked), 1),
    }


def measured(document: Document, seconds: float) -> dict[str, Any]:
    """One kind of document."""
    return {
        "pdf": per_second(lambda: render_invoice(document, language="sv"), seconds),
        "ubl": per_second(lambda: peppol_invoice(document), seconds / 3),
        "pdf_bytes": len(render_invoice(document, language="sv")),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="for each figure")
    seconds = parser.parse_args().seconds
    figures = {
        "one_page": measured(invoice(), seconds),
        "300_sessions": measured(specified(300), seconds),
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cores = os.cpu_count() or 1
    print(
        json.dumps(
            {
                "figures": figures,
                "load_before": [round(one, 1) for one in os.getloadavg()],
                "cores": cores,
                "target_per_core": TARGET / 2,
                "peak_mb": peak,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
