"""Matroska files put together element by element: what is followed, and what is left to the demuxer."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from shotwright.core.errors import MediaError
from shotwright.core.media.blocks import block_times
from shotwright.core.media.ebml import children, element
from shotwright.core.media.ffmpeg import executable
from shotwright.core.media.probe import probe

ReadThrough = Callable[[Path], tuple[list[int], list[int]] | None]


def _element(ident: str, content: bytes, width: int = 0) -> bytes:
    """An element as Matroska writes it, its size in so many bytes."""
    width = width or next(n for n in range(1, 9) if len(content) < (1 << 7 * n) - 1)
    return bytes.fromhex(ident) + (1 << 7 * width | len(content)).to_bytes(width, "big") + content


def _block(ident: str, ticks: int, flags: int, picture: bytes) -> bytes:
    return _element(ident, b"\x81" + ticks.to_bytes(2, "big", signed=True) + bytes([flags]) + picture)


class _Movie:
    """A Matroska file of a real movie's pictures, put together anew."""

    def __init__(self, source: Path) -> None:
        self.data = source.read_bytes()
        _, start, end = element(self.data)
        self.header = self.data[:end]
        _, start, _ = element(self.data, end)
        self.parts = list(children(self.data[start:]))
        self.tracks = next(content for ident, content in self.parts if ident == 0x1654AE6B)
        self.info = next(content for ident, content in self.parts if ident == 0x1549A966)
        clusters = [children(content) for ident, content in self.parts if ident == 0x1F43B675]
        self.pictures = [block[4:] for cluster in clusters for ident, block in cluster if ident == 0xA3]

    def written(self, path: Path, *clusters: bytes) -> Path:
        """A file of these clusters, with no cues."""
        parts = _element("1549A966", self.info), _element("1654AE6B", self.tracks), *clusters
        path.write_bytes(self.header + _element("18538067", b"".join(parts), 8))
        return path


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> _Movie:
    path = tmp_path_factory.mktemp("movie") / "source.mkv"
    source = ("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=0.48")
    arguments = (*source, "-c:v", "mpeg4", "-g", "6", "-bf", "0", "-fflags", "+bitexact", str(path))
    subprocess.run([executable(), "-loglevel", "error", *arguments], check=True)
    return _Movie(path)


def _blocks(movie: _Movie) -> list[bytes]:
    return [_block("A3", 40 * n, 0 if n % 6 else 0x80, picture) for n, picture in enumerate(movie.pictures)]


def _groups(movie: _Movie) -> list[bytes]:
    """Each picture in a group: how long it lasts, and where it refers to another, which."""
    refers = [_element("FB", b"\xd8") if n % 6 else b"" for n in range(12)]
    blocks = [_block("A1", 40 * n, 0, picture) for n, picture in enumerate(movie.pictures)]
    return [
        _element("A0", block + _element("9B", b"\x28") + other) for block, other in zip(blocks, refers, strict=True)
    ]


ZERO, LATER = _element("E7", b"\0"), _element("E7", b"\x01\x00\x00")
EXPECTED = [40 * number for number in range(12)], [0, 240]


def test_ways_to_write_the_same(movie: _Movie, read_through: ReadThrough, tmp_path: Path) -> None:
    blocks, groups, path = _blocks(movie), _groups(movie), tmp_path / "a.mkv"
    before = _block("A3", -40, 0x80, movie.pictures[0])
    wide = [_element("A3", content, 4) for block in blocks for _, content in children(block)]
    ways = {
        "simple": [_element("1F43B675", ZERO + b"".join(blocks))],
        "groups": [_element("1F43B675", ZERO + b"".join(groups))],
        "both": [_element("1F43B675", ZERO + b"".join(blocks[:6] + groups[6:]), 8)],
        "wide sizes": [_element("1F43B675", ZERO + b"".join(wide))],
        "between": [_element("1F43B675", ZERO + _element("AB", b"\7") + _element("EC", bytes(300)).join(blocks))],
        "CRC-32": [_element("1F43B675", _element("BF", bytes(4)) + ZERO + b"".join(blocks))],
        "an empty cluster": [_element("1F43B675", ZERO + part) for part in (b"".join(blocks), b"")],
    }
    for way, clusters in ways.items():
        movie.written(path, *clusters)
        assert block_times(path) == read_through(path) == EXPECTED, way
    movie.written(path, _element("1F43B675", LATER + before + b"".join(blocks)))  # a time before its cluster's
    assert (
        block_times(path)
        == read_through(path)
        == (
            [65536 + 40 * number for number in range(-1, 12)],
            [65496, 65536, 65776],
        )
    )


def test_what_is_unusual_is_left_to_the_demuxer(movie: _Movie, tmp_path: Path) -> None:
    blocks, path = b"".join(_blocks(movie)), tmp_path / "a.mkv"
    whole = _element("1F43B675", ZERO + blocks)
    first = len(_blocks(movie)[0])
    unusual = {
        "laced": _element("1F43B675", ZERO + _block("A3", 0, 0x84, movie.pictures[0]) + blocks[first:]),
        "hidden": _element("1F43B675", ZERO + _block("A3", 0, 0x88, movie.pictures[0]) + blocks[first:]),
        "of no track": _element("1F43B675", ZERO + _element("A3", b"\x85\0\0\x80abc") + blocks),
        "empty": _element("1F43B675", ZERO + _block("A3", 0, 0x80, b"") + blocks),
        "no time": _element("1F43B675", blocks),
        "time before zero": _element("1F43B675", ZERO + _block("A3", -40, 0x80, movie.pictures[0]) + blocks),
        "time past all bounds": _element("1F43B675", _element("E7", b"\xff" * 8) + blocks),
        "no size told": b"\x1f\x43\xb6\x75\xff" + ZERO + blocks,
        "a block of no size told": _element("1F43B675", ZERO + blocks + b"\xa3\xff\x81\0\0\x80abc"),
        "a block longer than its cluster": _element("1F43B675", ZERO + blocks + b"\xa3\x9f\x81\0\0\x80abc"),
        "a block of exabytes": _element("1F43B675", ZERO + blocks + b"\xa3\x01" + b"\xfe" * 7 + b"\x81\0\0\x80"),
        "a group without block": _element("1F43B675", ZERO + _element("A0", _element("9B", b"\1")) + blocks),
        "unknown": _element("1F43B675", ZERO + _element("F5", b"abc") + blocks),
        "a second video track": _element("1654AE6B", movie.tracks) + whole,
        "ends in a head": whole + b"\x1f\x43",
    }
    for case, clusters in unusual.items():
        assert block_times(movie.written(path, clusters)) is None, case
    path.write_bytes(movie.written(path, whole).read_bytes() + bytes(7))
    assert block_times(path) is None, "something behind it"


def test_an_odd_codec_is_a_sentence(movie: _Movie, tmp_path: Path) -> None:
    path = tmp_path / "odd.mkv"
    path.write_bytes(movie.data.replace(b"V_MPEG4/ISO/ASP", b"V_NOTHING/KNOWN"))
    with pytest.raises(MediaError, match=r"odd\.mkv"):
        probe(path)
