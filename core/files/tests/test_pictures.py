"""Pictures are written anew: upright, smaller, without metadata; what is none is refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from core.errors import InvalidInput
from core.files import pictures


def encoded(size: tuple[int, int], kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red" if mode != "L" else 100).save(out, kind, **more)
    return out.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SpyCam"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded((400, 200), exif=exif) + b"<script>appended()</script>"


def test_a_photo_loses_its_metadata_and_stands_upright() -> None:
    whole, small = pictures.photo(with_position())

    assert (whole.width, whole.height) == (200, 400)
    assert (small.width, small.height) == (180, 360)
    for part in (whole.data, small.data):
        assert b"SpyCam" not in part
        assert b"script" not in part
        assert len(Image.open(BytesIO(part)).getexif()) == 0


def test_large_photos_are_made_smaller_and_transparent_ones_white() -> None:
    whole, _small = pictures.photo(encoded((4000, 1000), "PNG", "RGBA"))
    clear = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    ground, _small = pictures.photo(clear.getvalue())

    assert (whole.width, whole.height) == (2560, 640)
    assert Image.open(BytesIO(ground.data)).getpixel((4, 4)) == (255, 255, 255)


def test_a_logo_keeps_its_transparency() -> None:
    made = pictures.logo(encoded((1600, 400), "WEBP", "RGBA"))

    assert (made.width, made.height, made.content_type) == (800, 200, "image/png")
    assert Image.open(BytesIO(made.data)).mode == "RGBA"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xe0 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        encoded((64, 64))[:200],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no picture"):
        pictures.photo(data)


@pytest.mark.parametrize("size", [(9000, 9000), (20_000, 20_000)])
def test_a_picture_that_unpacks_to_too_much_is_refused(size: tuple[int, int]) -> None:
    bomb = encoded(size, "PNG", "1")

    assert len(bomb) < 200_000
    with pytest.raises(InvalidInput, match="million pixels"):
        pictures.photo(bomb)
