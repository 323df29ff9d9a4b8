"""How a Matroska file is laid out, by its elements' heads: its tracks, where its clusters lie, and their times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import FileIO
from typing import NamedTuple

_HEADER, _SEGMENT, _TRACKS, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0x1F43B675
# What else a segment is made of: seek head, info, cues, chapters, tags, attachments, void, CRC-32.
_PASSED = frozenset({0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1043A770, 0x1254C367, 0x1941A469, 0xEC, 0xBF})
_TRACK, _NUMBER, _TYPE, _VIDEO = 0xAE, 0xD7, 0x83, 1
# Of a track: its own time scale, codec delay, compression or encryption. Each changes what blocks say.
_CHANGES_BLOCKS = frozenset({0x23314F, 0x56AA, 0x6D80})
_CODEC = 0x86
_NO_TIMES = (b"V_MS/", b"V_REAL/")  # blocks of these say when frames are decoded, or hold parts of frames
_TIMESTAMP, _CRC = 0xE7, 0xBF
_HEAD_BYTES = 40  # of a cluster: its ID and size, CRC-32 and timestamp at most
_MOST_TRACKS_BYTES = 1 << 20
_MOST_TRACKS = 127  # of which a block tells the number in one byte
_LATEST = 1 << 48  # a cluster's time in ticks: one that claims more would overflow


class UnusualError(Exception):
    """A file that is damaged, or written in a way that is not followed here: the demuxer must read it through."""


class Cluster(NamedTuple):
    """Where a cluster's blocks lie, in bytes from the file's start, end exclusive, and the time they count from."""

    start: int
    end: int
    ticks: int


def element(data: bytes, at: int = 0) -> tuple[int, int, int]:
    """An element's ID, where its content starts and where it ends, counted as `at` is; raises UnusualError."""
    try:
        id_width = 9 - data[at].bit_length()
        size_width = 9 - data[at + id_width].bit_length()
    except IndexError:
        raise UnusualError from None
    start = at + id_width + size_width
    size = int.from_bytes(data[at + id_width : start], "big") & ((1 << 7 * size_width) - 1)
    if id_width > 4 or size_width > 8 or start > len(data) or size == (1 << 7 * size_width) - 1:  # no size is told
        raise UnusualError
    return int.from_bytes(data[at : at + id_width], "big"), start, start + size


def children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that content is made of, ID and content; raises UnusualError where they do not fill it."""
    at = 0
    while at < len(data):
        ident, start, end = element(data, at)
        if end > len(data):
            raise UnusualError
        yield ident, data[start:end]
        at = end


class Bytes(FileIO):
    """A file of which only what is asked for is read."""

    def read_at(self, at: int, count: int) -> bytes:
        """So many bytes from a place on, fewer at the file's end; raises OSError."""
        self.seek(at)
        return self.read(count)

    def read_into(self, memory: memoryview, at: int) -> None:
        """Fills memory with what stands from a place on; raises UnusualError where the file ends before, OSError."""
        self.seek(at)
        while len(memory):
            count = self.readinto(memory)
            if not count:
                raise UnusualError
            memory = memory[count:]


class Matroska:
    """A Matroska file that is whole, plainly written, and has one video track."""

    def __init__(self, file: Bytes) -> None:
        self._file = file
        self._tracks: list[tuple[int, bool]] = []  # number, whether of video

    def clusters(self) -> Iterator[Cluster]:
        """Its clusters as they follow one another; raises UnusualError, OSError."""
        file, size = self._file, os.fstat(self._file.fileno()).st_size
        ident, _, at = element(file.read_at(0, _HEAD_BYTES))
        segment, start, end = element(file.read_at(at, _HEAD_BYTES))
        if (ident, segment, at + end) != (_HEADER, _SEGMENT, size):  # cut short, or something behind it
            raise UnusualError
        at += start
        while at < size:
            head = file.read_at(at, _HEAD_BYTES)
            ident, start, end = element(head)
            if ident == _CLUSTER:
                blocks, ticks = _timestamp(head, start)
                if not blocks <= end <= size - at:
                    raise UnusualError
                yield Cluster(at + blocks, at + end, ticks)
            elif ident == _TRACKS and end - start <= _MOST_TRACKS_BYTES:
                self._tracks += _tracks(file.read_at(at + start, end - start))
            elif ident not in _PASSED:
                raise UnusualError
            at += end
        if at != size:
            raise UnusualError

    @property
    def tracks(self) -> tuple[int, list[int]]:
        """The number of its video track, and those of all, once its clusters were gone through; raises UnusualError."""
        video = [number for number, is_video in self._tracks if is_video]
        numbers = [number for number, _ in self._tracks]
        if len(video) != 1 or len(set(numbers)) != len(numbers) or not 0 < min(numbers) <= max(numbers) < _MOST_TRACKS:
            raise UnusualError
        return video[0], numbers


def _timestamp(head: bytes, at: int) -> tuple[int, int]:
    """Where what follows a cluster's timestamp lies, counted as `at` is, and the timestamp."""
    ident, start, end = element(head, at)
    if ident == _CRC:
        ident, start, end = element(head, end)
    ticks = int.from_bytes(head[start:end], "big")
    if ident != _TIMESTAMP or end > len(head) or ticks > _LATEST:
        raise UnusualError
    return end, ticks


def _tracks(content: bytes) -> list[tuple[int, bool]]:
    """Each track's number, and whether it is video; raises UnusualError where its blocks do not tell frames' times."""
    tracks = []
    for told in (dict(children(track)) for ident, track in children(content) if ident == _TRACK):
        is_video = int.from_bytes(told.get(_TYPE, b""), "big") == _VIDEO
        codec = told.get(_CODEC, b"")
        if is_video and (_CHANGES_BLOCKS.intersection(told) or not codec or codec.startswith(_NO_TIMES)):
            raise UnusualError
        tracks.append((int.from_bytes(told.get(_NUMBER, b""), "big"), is_video))
    return tracks
