"""What a file is, judged by its content and never by its name (pure)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Final

_PICTURES: Final = {
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PARTS: Final = {
    "word/document.xml": (f"{_OFFICE}wordprocessingml.document", ".docx"),
    "xl/workbook.xml": (f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": (f"{_OFFICE}presentationml.presentation", ".pptx"),
}
_OPEN_DOCUMENTS: Final = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_TEXT_CONTROLS: Final = {"\t", "\n", "\r", "\f"}
_MOST_ZIP_NAMES: Final = 5000


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken: its media type and the ending that names get."""

    content_type: str
    ending: str

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a photo."""
        return self.content_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Refused:
    """A type that is not taken, with a code that says why."""

    code: str


def sniff(data: bytes) -> FileType | Refused:
    """The type of ``data``.

    Codes of refusals: empty, svg, heic, macros, old_office, zip, markup, unknown.
    """
    if not data:
        return Refused("empty")
    for magic, (content_type, ending) in _PICTURES.items():
        if data.startswith(magic):
            return FileType(content_type, ending)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileType("image/webp", ".webp")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif"):
        return Refused("heic")
    if b"%PDF-" in data[:1024]:
        return FileType("application/pdf", ".pdf")
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Refused("old_office")
    return _text(data)


def _archive(data: bytes) -> FileType | Refused:
    """An office document is an archive with known parts; any other archive is refused."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if len(infos) > _MOST_ZIP_NAMES:
                return Refused("zip")
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
                return Refused("macros")
            declared = _declared(archive, names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return Refused("zip")
    if declared in _OPEN_DOCUMENTS:
        return FileType(declared, _OPEN_DOCUMENTS[declared])
    for part, (content_type, ending) in _PARTS.items():
        if part in names and "[Content_Types].xml" in names:
            return FileType(content_type, ending)
    return Refused("zip")


def _declared(archive: zipfile.ZipFile, names: set[str]) -> str:
    """The media type that an OpenDocument file states as its first part."""
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 100:
        return ""
    return archive.read("mimetype").decode("ascii", "replace").strip()


def _text(data: bytes) -> FileType | Refused:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refused("unknown")
    head = text.lstrip()[:4096].lower()
    if head.startswith("<"):
        return Refused("svg" if "<svg" in head else "markup")
    if any(ord(sign) < 32 and sign not in _TEXT_CONTROLS for sign in text):
        return Refused("unknown")
    return FileType("text/plain; charset=utf-8", ".txt")
