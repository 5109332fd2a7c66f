"""Pictures: read with care, turned upright, made smaller, written anew without their metadata.

What is stored is always written by Pillow itself, so that nothing hidden in the upload
(position, camera, appended scripts) is kept. Needs no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import InvalidInput

MOST_PIXELS: Final = 60_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP")
PHOTO_EDGE: Final = 2560
THUMBNAIL_EDGE: Final = 360
LOGO_EDGE: Final = 800


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture."""

    data: bytes
    content_type: str
    ending: str
    width: int
    height: int


def photo(data: bytes) -> tuple[Picture, Picture]:
    """The photo at most 2560 pixels wide or high, and its thumbnail; both JPEG."""
    image = _opened(data)
    return _jpeg(image, PHOTO_EDGE, 85), _jpeg(image, THUMBNAIL_EDGE, 78)


def logo(data: bytes) -> Picture:
    """A logo at most 800 pixels wide or high, as PNG with its transparency."""
    image = _opened(data).convert("RGBA")
    image.thumbnail((LOGO_EDGE, LOGO_EDGE))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), "image/png", ".png", *image.size)


def _opened(data: bytes) -> Image.Image:
    """The decoded picture, upright. InvalidInput for what is none, or has too many pixels."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as source:
            if source.width * source.height > MOST_PIXELS:
                raise _too_many()
            source.load()
            upright: Image.Image = ImageOps.exif_transpose(source)
            return upright
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise InvalidInput(
            "no_picture",
            _("This is no picture that can be read. Use JPEG, PNG or WebP."),
            field="file",
        ) from error


def _too_many() -> InvalidInput:
    return InvalidInput(
        "picture_too_large",
        _("The picture has more than %(count)d million pixels.")
        % {"count": MOST_PIXELS // 1_000_000},
        field="file",
    )


def _jpeg(image: Image.Image, edge: int, quality: int) -> Picture:
    small = image.copy()
    small.thumbnail((edge, edge))
    if small.mode in ("RGBA", "LA", "P", "PA"):
        ground = Image.new("RGB", small.size, "white")
        clear = small.convert("RGBA")
        ground.paste(clear, mask=clear.getchannel("A"))
        small = ground
    elif small.mode != "RGB":
        small = small.convert("RGB")
    out = BytesIO()
    small.save(out, "JPEG", quality=quality, optimize=True)
    return Picture(out.getvalue(), "image/jpeg", ".jpg", *small.size)
