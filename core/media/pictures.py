"""Stills in and out: panels of any kind become R'G'B' pictures; whatever can't is a sentence, found before decoding."""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from ..errors import PictureError, UsageError, storage_error
from ..film.settings import PANEL_FITS
from ..storage import replace_file
from .frame import Frame

MOST_PIXELS_A_SIDE = 20_000
MOST_PIXELS = 150_000_000
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")
_PAPER = (255, 255, 255)
_EVEN_EDGE = 12  # mean distance, in code values, of a paper's edge from its own colour
_SHRINK = f"Save it smaller: at most {MOST_PIXELS_A_SIDE:,} pixels a side and {MOST_PIXELS // 10**6} megapixels."

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own guard against decompression bombs, at our bound
_reading = threading.Lock()  # how warnings are met is a setting of the whole process

# What Pillow's decoders raise on broken files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    AttributeError,
    OverflowError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)


def read_picture(path: Path) -> Frame:
    """A PNG, JPEG, TIFF or WebP as (height, width, 3) uint8, turned as its EXIF says, alpha laid over white paper.

    Embedded profiles are converted to sRGB, whose values stand as R'G'B' in BT.709 as they are. Raises PictureError
    (not such a picture, broken, more than 20,000 pixels a side or 150 megapixels), StorageError.
    """
    try:
        with path.open("rb") as file:
            return _read(file, path.name)
    except FileNotFoundError:
        raise PictureError(f"There is no picture {path.name}.", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise PictureError(f"{path.name} is a folder.", "Choose one picture.") from None
    except OSError as error:
        raise storage_error(error, f"reading {path.name}") from error


def read_picture_bytes(data: bytes, name: str = "The picture") -> Frame:
    """As `read_picture`, from memory; `name` stands in the sentences."""
    return _read(io.BytesIO(data), name)


def _read(file: IO[bytes], name: str) -> Frame:
    with _sentences(name), Image.open(file, formats=_FORMATS) as image:
        if max(image.size) > MOST_PIXELS_A_SIDE or image.width * image.height > MOST_PIXELS:
            raise PictureError(f"{name} is {image.width:,} by {image.height:,} pixels, too large to use.", _SHRINK)
        turned = ImageOps.exif_transpose(image)
        return np.array(_flat(_to_srgb(_eight_bits(turned))))


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    try:
        with _reading, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is no reason to refuse, nor to write to the terminal
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except UnidentifiedImageError:
        raise PictureError(f"{name} is no PNG, JPEG, TIFF or WebP picture.", "Save it as PNG or JPEG.") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureError(f"{name} has too many pixels to use.", _SHRINK) from None
    except _BROKEN as error:
        raise PictureError(f"{name} is broken: {error}.", "Open it in a paint program and save it again.") from None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits and floats, which Pillow keeps as they are, scaled to 8 bits."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image).astype(np.float64)
    whitest = np.float64(65535) if image.mode != "F" else np.float64(1 if np.nanmax(values) <= 1 else 255)
    return Image.fromarray(np.rint(np.clip(np.nan_to_num(values / whitest), 0, 1) * 255).astype(np.uint8))


def _to_srgb(image: Image.Image) -> Image.Image:
    """Through the embedded profile where it says more than the mode does; a broken one is passed over."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        opaque = image.convert("RGB") if alpha else image
        converted = ImageCms.profileToProfile(opaque, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if converted is None:
        return image
    if alpha:
        converted.putalpha(alpha)
    return converted


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        drawn = image.convert("RGBA")
        paper = Image.new("RGBA", drawn.size, (*_PAPER, 255))
        return Image.alpha_composite(paper, drawn).convert("RGB")
    return image.convert("RGB")


def fit_picture(picture: Frame, size: tuple[int, int], fit: str) -> Frame:
    """The picture at `size` (width, height) in pixels, never squeezed.

    `crop` fills the frame and cuts off evenly what lies outside. `pad` shows all of it: the rest gets the paper's
    colour where the picture's edge is one even colour, black where it is not. Raises UsageError for another `fit`.
    """
    if fit not in PANEL_FITS:
        raise UsageError(f"A picture can't be fitted by “{fit}”.", f"Use one of {', '.join(PANEL_FITS)}.")
    width, height = size
    source_height, source_width = picture.shape[:2]
    across, down = width / source_width, height / source_height
    image = Image.fromarray(picture)
    if fit == "crop":
        scale = max(across, down)
        left = max(0.0, (source_width - width / scale) / 2)
        top = max(0.0, (source_height - height / scale) / 2)
        box = (left, top, source_width - left, source_height - top)
        return np.array(image.resize(size, Image.Resampling.LANCZOS, box))
    scale = min(across, down)
    inner = (max(1, min(width, round(source_width * scale))), max(1, min(height, round(source_height * scale))))
    fitted = np.full((height, width, picture.shape[2]), _edge_colour(picture), np.uint8)
    left_edge, top_edge = (width - inner[0]) // 2, (height - inner[1]) // 2
    scaled = np.array(image.resize(inner, Image.Resampling.LANCZOS))
    fitted[top_edge : top_edge + inner[1], left_edge : left_edge + inner[0]] = scaled
    return fitted


def _edge_colour(picture: Frame) -> tuple[int, int, int]:
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).astype(np.float64)
    middle = np.median(edge, axis=0)
    if np.abs(edge - middle).mean() > _EVEN_EDGE:
        return (0, 0, 0)
    red, green, blue = (round(float(value)) for value in middle)
    return red, green, blue


def write_picture(path: Path, picture: Frame) -> None:
    """Writes (height, width, 3) uint8 as PNG or JPEG, by the name's end; raises PictureError, StorageError."""
    suffix = path.suffix.lower()
    if suffix == ".png":
        data = png_bytes(picture)
    elif suffix in (".jpg", ".jpeg"):
        data = jpeg_bytes(picture, 92)
    else:
        raise PictureError(f"{path.name} can't be written.", "Let its name end in .png or .jpg.")
    replace_file(path, data, f"writing {path.name}")


def png_bytes(picture: Frame) -> bytes:
    """The picture as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=4)
    return file.getvalue()


def jpeg_bytes(picture: Frame, quality: int = 80) -> bytes:
    """The picture as a JPEG file, `quality` 1 to 95."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return file.getvalue()
