"""The journal as CSV."""

from __future__ import annotations

import csv
from dataclasses import replace

from billing.accounting.exports.journal_csv import Convention, journal_csv
from billing.accounting.tests.journal import (
    CHART,
    JOURNAL,
)


def test_the_journal_as_swedish_and_international_csv() -> None:
    journal = [replace(JOURNAL[2], document="=F1")]

    swedish = list(journal_csv(journal, account_names=CHART.names))
    other = list(
        journal_csv(journal, account_names=CHART.names, convention=Convention.INTERNATIONAL)
    )

    assert swedish[0].startswith("\ufeffDatum;Händelse;Underlag;")
    assert swedish[1:] == [
        "2026-10-31;Faktura;'=F1;;1510;Kundfordringar;;100,00;;SEK;\r\n",
        "2026-10-31;Faktura;'=F1;;3001;Försäljning av el, 25 % moms;1:LUND;;80,00;SEK;S25\r\n",
        "2026-10-31;Faktura;'=F1;;2611;Utgående moms på försäljning inom Sverige, 25 %"
        ";;;20,00;SEK;S25\r\n",
    ]
    rows = list(csv.DictReader(other[1:], fieldnames=next(csv.reader(other))))
    assert [row["debit"] or f"-{row['credit']}" for row in rows] == ["100.00", "-80.00", "-20.00"]
