"""Types by content: what is taken, and what is refused under any name."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.files.sniff import FileType, Refused, sniff


def archive(*names: str, mimetype: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"\xff\xd8\xff\xe0rest", ".jpg"),
        (b"\x89PNG\r\n\x1a\nrest", ".png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", ".webp"),
        (b"%PDF-1.7\n", ".pdf"),
        (b"\n\n%PDF-1.4", ".pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), ".docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        (archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"), ".odt"),
        ("Nyckel i skåp 7\r\n".encode(), ".txt"),
        (b"\xef\xbb\xbfa;b\n1;2\n", ".txt"),
    ],
)
def test_what_is_taken(data: bytes, ending: str) -> None:
    found = sniff(data)

    assert isinstance(found, FileType)
    assert found.ending == ending


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "svg"),
        (b"<?xml version='1.0'?><!-- x --><svg/>", "svg"),
        (b"  <!doctype html><script>x()</script>", "markup"),
        (b"\x00\x00\x00\x18ftypheic", "heic"),
        (archive("word/document.xml", "[Content_Types].xml", "word/vbaProject.bin"), "macros"),
        (archive("setup.EXE"), "macros"),
        (archive("a.txt"), "zip"),
        (b"PK\x03\x04 broken", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_office"),
        (b"MZ\x90\x00\x03", "unknown"),
        (b"\x7fELF\x02", "unknown"),
        (b"text with \x00 in it", "unknown"),
        ("Å".encode("latin-1"), "unknown"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert sniff(data) == Refused(code)


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"%PDF-", b"RIFF"):
        assert isinstance(sniff(prefix + data), FileType | Refused)
