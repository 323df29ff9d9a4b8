"""Panels of every kind in; bombs, half files and texts that call themselves PNG refused."""

import contextlib
import io
import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from shotwright.core.errors import PictureError, StorageError, UsageError
from shotwright.core.media.mask import draw_mask
from shotwright.core.media.pictures import (
    fit_picture,
    jpeg_bytes,
    png_bytes,
    read_picture,
    read_picture_bytes,
    write_picture,
)

RED = (200, 30, 40)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def two_sided(mode: str = "RGB") -> Image.Image:
    """Red on the left, white on the right."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste(RED, (0, 0, 30, 40))
    return image.quantize(2) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "kind", "tolerance"),
    [
        *[("RGB", kind, 12) for kind in ("PNG", "JPEG", "TIFF", "WEBP")],
        ("P", "PNG", 3),
        ("CMYK", "JPEG", 12),
        ("CMYK", "TIFF", 3),
        ("RGBA", "WEBP", 12),
    ],
)
def test_every_kind_of_panel_is_read(mode: str, kind: str, tolerance: int) -> None:
    picture = read_picture_bytes(saved(two_sided(mode), kind)).astype(int)
    assert picture.shape == (40, 60, 3)
    assert np.abs(picture[20, 10] - RED).max() <= tolerance
    assert np.abs(picture[20, 50] - 255).max() <= tolerance


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("RGBA", "PNG", {}),
        ("RGBA", "TIFF", {}),
        ("LA", "PNG", {}),
        ("P", "PNG", {"transparency": 0}),
        ("RGBA", "WEBP", {}),
    ],
)
def test_alpha_lies_over_white_paper(mode: str, kind: str, options: dict[str, Any]) -> None:
    ink = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), (0, 0, 10, 20))
    drawing = Image.frombytes("P", (20, 20), bytes([1] * 10 + [0] * 10) * 20) if mode == "P" else ink.convert(mode)
    if mode == "P":
        drawing.putpalette([90, 90, 90, 0, 0, 0])
    picture = read_picture_bytes(saved(drawing, kind, **options))
    assert picture[10, 17].min() >= 250
    assert picture[10, 2].max() <= 5


def test_grey_of_all_depths_is_scaled() -> None:
    ramp = np.linspace(0, 65535, 64).round().astype(np.uint16)[None].repeat(8, axis=0)
    expected = np.rint(ramp / 257)
    for kind in ("PNG", "TIFF"):
        picture = read_picture_bytes(saved(Image.fromarray(ramp), kind))
        assert np.abs(picture[..., 0] - expected).max() <= 1
    light = Image.fromarray((ramp / 65535).astype(np.float32))
    assert np.abs(read_picture_bytes(saved(light, "TIFF"))[..., 1] - expected).max() <= 1
    assert read_picture_bytes(saved(two_sided("1"), "PNG"))[20, 50].min() == 255


def test_sixteen_bit_colour_is_read() -> None:
    rows = b"".join(b"\x00" + struct.pack(">3H", 0xC8C8, 0x1E1E, 0x2828) * 4 for _ in range(4))
    chunks = [(b"IHDR", struct.pack(">2I5B", 4, 4, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    assert tuple(read_picture_bytes(png)[0, 0]) == (0xC8, 0x1E, 0x28)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright(orientation: int) -> None:
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste(RED, (0, 0, 12, 12))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # PIL's transposes that give what each orientation turns back
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = read_picture_bytes(saved(stored, "JPEG", exif=exif, quality=95)).astype(int)
    assert picture.shape == (40, 60, 3)
    assert np.abs(picture[5, 5] - RED).max() < 20
    assert picture[35, 55].min() > 240


def test_an_embedded_profile_is_followed() -> None:
    drawn = Image.new("RGB", (8, 8), (120, 120, 120))
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert tuple(read_picture_bytes(saved(drawn, "PNG", icc_profile=linear))[0, 0]) == (120, 120, 120)
    assert tuple(read_picture_bytes(saved(drawn, "PNG", icc_profile=b"no profile"))[0, 0]) == (120, 120, 120)


def header_of(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds nothing."""
    data = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", len(data)) + b"IHDR" + data + struct.pack(">I", zlib.crc32(b"IHDR" + data))
    empty = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    return b"\x89PNG\r\n\x1a\n" + header + empty


@pytest.mark.parametrize(
    "size", [(30_000, 2_000), (2_000, 20_001), (15_000, 15_000), (100_000, 100_000), (2**31 - 1, 9)]
)
def test_pictures_too_large_are_refused_before_decoding(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "SC010_SH0010.png"
    path.write_bytes(header_of(*size))
    with pytest.raises(PictureError, match=r"SC010_SH0010\.png") as caught:
        read_picture(path)
    assert "20,000 pixels a side and 150 megapixels" in caught.value.hint


def test_a_large_panel_inside_the_bounds_is_read() -> None:
    assert read_picture_bytes(saved(Image.new("L", (19_000, 200), 255), "PNG")).shape == (200, 19_000, 3)


def test_what_is_no_picture_is_a_sentence(tmp_path: Path) -> None:
    whole = saved(two_sided(), "PNG")
    gif = saved(two_sided(), "GIF")
    for name, data in {
        "a.png": b"",
        "b.png": b"INT. HOUSE",
        "c.png": whole[:90],
        "d.png": gif,
        "e.jpg": whole[:8],
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(PictureError, match=name) as caught:
            read_picture(tmp_path / name)
        assert caught.value.hint
    with pytest.raises(PictureError, match=r"There is no picture gone\.png"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="is a folder"):
        read_picture(tmp_path)


@settings(max_examples=150)
@given(st.data())
def test_broken_pictures_never_crash(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "TIFF", "WEBP"]))
    mode = data.draw(st.sampled_from(["RGB", "L", "RGBA", "P"]))
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = bytearray(saved(two_sided("RGB" if kind == "JPEG" else mode), kind, exif=exif))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    broken = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with contextlib.suppress(PictureError):
        picture = read_picture_bytes(broken, "panel")
        assert picture.ndim == 3
        assert picture.dtype == np.uint8


sides = st.integers(32, 200).map(lambda side: side * 2)


@given(sides, sides, st.integers(64, 500), st.integers(64, 500), st.sampled_from(["crop", "pad"]))
def test_a_fitted_panel_is_never_squeezed(width: int, height: int, across: int, down: int, fit: str) -> None:
    """A square drawn in the middle of the panel is still a square in the frame."""
    picture = np.full((down, across, 3), 255, np.uint8)
    half = min(across, down) // 4
    picture[down // 2 - half : down // 2 + half, across // 2 - half : across // 2 + half] = 0
    fitted = fit_picture(picture, (width, height), fit)
    assert fitted.shape == (height, width, 3)
    dark = 1 - fitted[..., 0].astype(float) / 255
    wide, tall = dark[height // 2].sum(), dark[:, width // 2].sum()
    scale = (max if fit == "crop" else min)(width / across, height / down)
    assert wide == pytest.approx(min(width, 2 * half * scale), abs=2.5)
    assert tall == pytest.approx(min(height, 2 * half * scale), abs=2.5)


def test_padding_is_the_papers_colour_or_black() -> None:
    paper = np.full((60, 60, 3), (244, 238, 220), np.uint8)
    paper[20:40, 20:40] = 0
    padded = fit_picture(paper, (160, 90), "pad")
    assert tuple(padded[45, 5]) == (244, 238, 220)
    photograph = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    assert fit_picture(photograph, (160, 90), "pad")[45, 5].max() == 0
    with pytest.raises(UsageError):
        fit_picture(paper, (160, 90), "squeeze")


@given(sides, sides, st.fractions(Fraction(1, 4), 4))
def test_a_mask_leaves_its_ratio(width: int, height: int, ratio: Fraction) -> None:
    frame = np.full((height, width, 3), 90, np.uint8)
    masked = draw_mask(frame, ratio)
    kept_wide, kept_tall = int((masked[height // 2, :, 0] > 0).sum()), int((masked[:, width // 2, 0] > 0).sum())
    assert kept_wide == width or kept_tall == height
    assert abs(kept_wide - min(width, height * ratio)) <= 1
    assert abs(kept_tall - min(height, width / ratio)) <= 1
    assert frame.min() == 90
    assert draw_mask(frame, None) is frame


def test_pictures_are_written_and_read_back(tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    write_picture(tmp_path / "poster.png", picture)
    assert np.array_equal(read_picture(tmp_path / "poster.png"), picture)
    assert np.array_equal(read_picture_bytes(png_bytes(picture)), picture)
    write_picture(tmp_path / "preview.jpg", np.full((40, 60, 3), 77, np.uint8))
    assert abs(int(read_picture(tmp_path / "preview.jpg")[5, 5, 0]) - 77) <= 1
    assert jpeg_bytes(picture).startswith(b"\xff\xd8")
    with pytest.raises(PictureError):
        write_picture(tmp_path / "poster.bmp", picture)
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        write_picture(tmp_path / "file" / "poster.png", picture)
    assert len(list(tmp_path.iterdir())) == 3
