"""The property manager's file: columns, signs and letters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from customers.basis.layout import Frame, Line, table, write_csv
from customers.basis.whose import Charged, Home, whose

FRAME = Frame(
    site="Brf Solsidan", first_on=date(2026, 11, 1), last_on=date(2026, 11, 30), currency="SEK",
    text="Elbilsladdning {month}",
)  # fmt: skip
LINE = Line(
    object_number="0017", name="=Åsa", energy_wh=Decimal("12345.4"), session_count=3,
    net=Decimal("19.752"), tax=Decimal("4.938"), gross=Decimal("24.69"),
)  # fmt: skip
COLUMNS = [("object_number", "Objekt"), ("text", "Text"), ("energy_kwh", "kWh"), ("price", "Pris"),
           ("net", "Exkl"), ("gross", "Kronor"), ("name", "Namn")]  # fmt: skip


def test_columns_headings_and_sums_stand_as_chosen() -> None:
    rows = table([LINE, LINE], FRAME, COLUMNS, has_headings=True, has_total=True)

    assert rows[0] == ["Objekt", "Text", "kWh", "Pris", "Exkl", "Kronor", "Namn"]
    assert rows[1] == [
        "0017", "Elbilsladdning 2026-11", Decimal("12.345"), Decimal("1.9999"), Decimal("19.75"),
        Decimal("24.69"), "=Åsa",
    ]  # fmt: skip
    assert rows[3] == [
        None,
        None,
        Decimal("24.690"),
        None,
        Decimal("39.50"),
        Decimal("49.38"),
        None,
    ]


def test_a_csv_file_has_the_signs_and_letters_that_were_chosen() -> None:
    rows = table([LINE], FRAME, COLUMNS, has_headings=False, has_total=False)

    old = write_csv(rows, separator=";", decimal_sign=",", encoding="cp1252")
    new = write_csv([["→", 1]], separator="\t", decimal_sign=".", encoding="utf-8")

    assert old == "0017;Elbilsladdning 2026-11;12,345;1,9999;19,75;24,69;'=Åsa\r\n".encode("cp1252")
    assert new == b"\xef\xbb\xbf\xe2\x86\x92\t1\r\n"
    assert write_csv([["→"]], separator=";", decimal_sign=",", encoding="cp1252") == b"?\r\n"


def test_a_session_is_the_cards_residents_else_that_of_the_bay() -> None:
    day = date(2026, 11, 10)
    homes = [
        Home(id=1, driver="ada", evse_id=7, until_on=date(2026, 11, 9)),
        Home(id=2, driver="bo", evse_id=7, from_on=date(2026, 11, 10)),
        Home(id=3, driver="cy"),
        Home(id=4, driver="cy", evse_id=9),
    ]

    def at(evse_id: int, **who: str) -> tuple[int | None, str | None]:
        found = whose(Charged(day=day, evse_id=evse_id, **who), homes)
        return found.resident_id, found.unknown

    assert at(8, driver="bo", token="1") == (2, None)
    assert at(7, driver="ada", token="1") == (None, "driver_not_registered")
    assert at(9, driver="cy", token="1") == (4, None)
    assert at(8, driver="cy", token="1") == (3, None)
    assert at(7) == (2, None)
    assert at(7, token="x") == (2, None)
    assert at(8, token="x") == (None, "token_of_nobody")
    assert at(8) == (None, "no_token")
    assert at(7, company="acme", token="x") == (None, "company")
