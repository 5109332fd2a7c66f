"""``manage.py import_spot``: a file of prices or exchange rates for all operators."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.spot.areas import AREAS
from billing.spot.models import SpotKind, SpotSource
from billing.spot.pulling import store_market_file
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators


class Command(BaseCommand):
    """Stores a file as the market's, for every operator of the installation; whole, or nothing."""

    help = (
        "Store spot prices (CSV, ENTSO-E's CSV or XML) or exchange rates (CSV) for all operators."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", choices=sorted(AREAS), default="", help="zone of the prices")
        parser.add_argument("--rates", action="store_true", help="the file holds exchange rates")

    def handle(self, *_args: Any, file: Path, area: str, rates: bool, **_options: Any) -> None:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            with across_operators("prices of the market are the same for all operators"):
                count = store_market_file(
                    raw=raw,
                    name=file.name,
                    area=area,
                    kind=SpotKind.RATES if rates else SpotKind.PRICES,
                    source=SpotSource.FILE,
                )
        except RuleViolation as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{count} stored")
