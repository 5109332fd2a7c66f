"""What is wrong with a file of prices or rates, in words, and what helps."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.spot.facts import Problem

Text = str | Promise

_SENTENCES: Final[dict[str, tuple[Text, Text]]] = {
    "missing": (
        _("%(area)s: no price for %(when)s."),
        _("The file must have every quarter of its days (CET/CEST), or they must be stored."),
    ),
    "twice": (
        _("%(area)s: %(when)s occurs twice, first in line %(line)s."),
        _("Keep one of the two."),
    ),
    "skipped_hour": (
        _("The time “%(value)s” never was: clocks went forward."),
        _("That day has 23 hours; write times in UTC, or with CET or CEST."),
    ),
    "no_quarter": (
        _("“%(value)s” is no start of a quarter of an hour."),
        _("Prices begin at :00, :15, :30 or :45."),
    ),
    "no_time": (
        _("“%(value)s” is no date and time."),
        _("Write it as 2026-11-23 14:15 or 2026-11-23T13:15Z."),
    ),
    "no_date": (_("“%(value)s” is no date."), _("Write it as 2026-11-23.")),
    "no_number": (
        _("“%(value)s” is no number."),
        _("Write it as 55,60 or 55.60, without separators of thousands."),
    ),
    "no_price": (
        _("There is no price for “%(start)s”."),
        _("Wait until it is published, or take another source."),
    ),
    "implausible_price": (
        _("%(value)s EUR/MWh cannot be a day-ahead price."),
        _("Prices are in euro per megawatt-hour, not per kilowatt-hour or in another currency."),
    ),
    "decimals": (
        _("%(value)s has more than %(places)s decimals."),
        _("Round it as the market publishes it."),
    ),
    "implausible_rate": (
        _("%(value)s cannot be an exchange rate."),
        _("Rates are units of the currency for one euro, as 11.2345 for SEK."),
    ),
    "no_area": (
        _("It is not said which bidding zone the price is for."),
        _("Choose the zone above, or give the file a column “area”."),
    ),
    "unknown_area": (
        _("“%(value)s” is no bidding zone that is known here."),
        _("Write it as SE3, NO1, DK2 or FI, or with its code at ENTSO-E."),
    ),
    "other_area": (
        _("The file is about %(value)s, not %(area)s."),
        _("Choose the zone of the file, or none."),
    ),
    "other_currency": (
        _("The price is in “%(value)s”."),
        _("Spot prices are kept in EUR; take the file in euro and import exchange rates."),
    ),
    "other_unit": (
        _("“%(value)s” is another unit than EUR/MWh."),
        _("Take the file in euro per megawatt-hour."),
    ),
    "unknown_currency": (
        _("“%(value)s” is no currency that has a rate for the euro."),
        _("Write the three letters, as SEK."),
    ),
    "rate_twice": (
        _("%(currency)s of %(day)s occurs twice, first in line %(line)s."),
        _("Keep one of the two."),
    ),
    "future_rate": (
        _("The rate of %(day)s is of a day to come."),
        _("Rates are imported when they are published."),
    ),
    "resolution": (
        _("“%(value)s” is neither a quarter of an hour nor an hour."),
        _("Take the file with prices of 15 or 60 minutes."),
    ),
    "short_row": (
        _("The row has too few cells."),
        _("Put text that holds the separator in quotes."),
    ),
    "curve_type": (
        _("Curve type “%(value)s” is not known."),
        _("A01 and A03 can be read."),
    ),
    "period": (
        _("The period %(value)s does not fit its resolution."),
        _("Download the document again."),
    ),
    "position": (
        _("There is no position “%(value)s”: the period has %(most)s."),
        _("Download the document again."),
    ),
    "position_twice": (
        _("Position %(value)s occurs twice."),
        _("Download the document again."),
    ),
}
_FILE_SENTENCES: Final[dict[str, tuple[Text, Text]]] = {
    "empty_file": (_("The file is empty."), ""),
    "too_large": (_("The file is larger than %(size)s MB."), _("Split it by year.")),
    "no_rows": (_("The file holds no prices."), ""),
    "too_many_rows": (_("The file has more than %(count)s rows."), _("Split it by year.")),
    "bad_csv": (_("The quotes in the file do not match."), ""),
    "bad_xml": (_("The XML is broken."), _("Download the document again.")),
    "doctype": (_("XML with a document type is not read."), ""),
    "other_encoding": (_("The encoding of the file is not known."), _("Save it as UTF-8.")),
    "other_document": (
        _("“%(value)s” is no document of day-ahead prices."),
        _("Take the Publication_MarketDocument (A44)."),
    ),
    "no_data": (_("ENTSO-E says: %(value)s"), _("Prices of tomorrow come after 13:00.")),
    "unknown_column": (
        _("There is no column “%(value)s”."),
        _("Columns are: area, starts_at, price, minutes; for rates: date, currency, rate."),
    ),
    "column_twice": (_("The column “%(value)s” occurs twice."), _("Keep one of the two.")),
    "no_start_column": (_("No column says when a price begins."), _("Call it starts_at.")),
    "no_price_column": (_("No column holds the price."), _("Call it price; it is in EUR/MWh.")),
    "rate_columns": (
        _("The columns of exchange rates are missing."),
        _("Columns are date, currency and rate, or a date and one column for each currency."),
    ),
}


def words(problem: Problem) -> tuple[str, str]:
    """The reason and the cure, in the reader's language."""
    reason, cure = (_SENTENCES | _FILE_SENTENCES)[problem.code]
    return str(reason) % problem.params, str(cure) % problem.params


def codes() -> set[str]:
    """Every code that has words."""
    return set(_SENTENCES | _FILE_SENTENCES)
