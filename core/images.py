"""Pictures from people are decoded and written anew: what comes out is only a picture, and no larger than needed.

Nothing of the uploaded bytes survives: no place where it was taken (EXIF), no other file hidden behind it.
"""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps

LONGEST_EDGE = 2400
THUMBNAIL_EDGE = 480
MOST_PIXELS = 50_000_000
"""Four bytes each while it is decoded: 200 MB, which a server of 1 GB can spare once."""

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_SAVE: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_one_at_a_time = Lock()  # two large ones at once would be more than a small server has


class Unreadable(Exception):
    """Broken, cut off, or no picture at all."""


class TooManyPixels(Exception):
    """More than MOST_PIXELS: a bomb, or a scan that should be made smaller first."""


@dataclass(frozen=True)
class Picture:
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def rewrite(file: BinaryIO, content_type: str) -> Picture:
    """The picture upright, in colours every screen knows, of the same format. Raises Unreadable, TooManyPixels."""
    kind = FORMATS[content_type]
    with _one_at_a_time:
        try:
            with Image.open(file, formats=(kind,)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise TooManyPixels
                picture = _made_plain(opened)
            thumbnail = picture.copy()
            thumbnail.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
            return Picture(_written(picture, kind), _written(thumbnail, kind), picture.width, picture.height)
        except (TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise TooManyPixels from None
        except Exception as problem:  # Pillow's readers fail in a dozen ways on a broken file
            raise Unreadable from problem


def thumbnail_size(width: int, height: int) -> tuple[int, int]:
    """How large the thumbnail of such a picture is: pages name it, so that they do not jump while loading."""
    factor = min(1.0, THUMBNAIL_EDGE / max(width, height, 1))
    return max(1, round(width * factor)), max(1, round(height * factor))


def _made_plain(opened: Image.Image) -> Image.Image:
    # A JPEG may be decoded at a fraction of its size, which saves most of the memory.
    opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    picture: Image.Image = opened
    profile = opened.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in {"RGB", "L", "CMYK"}:
        picture = picture.convert("L" if picture.mode.startswith(("1", "I")) else "RGB")
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    picture = ImageOps.exif_transpose(picture)
    picture = _in_common_colours(picture, profile)
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)  # without `info`, where comments and profiles would travel on
    return plain


def _in_common_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Telephones take pictures in wider colours and say so in a profile; we keep none, so they are converted."""
    wanted = "RGB" if picture.mode == "CMYK" else picture.mode
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source, common = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, common, outputMode=wanted)
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a broken profile is no reason to refuse the picture
        if converted is not None:
            return converted
    return picture if picture.mode == wanted else picture.convert(wanted)


def _written(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **_SAVE[kind])
    return out.getvalue()
