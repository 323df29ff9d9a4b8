"""When the frames of a Matroska movie are shown, by the heads of its blocks: what is in them is not looked at."""

from __future__ import annotations

import struct
from array import array
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .container import reading
from .ebml import Bytes, Cluster, Matroska, UnusualError, element

_SIMPLE_BLOCK, _GROUP, _BLOCK, _REFERENCE = 0xA3, 0xA0, 0xA1, 0xFB
_PASSED = frozenset({0xA7, 0xAB, 0xEC, 0xBF})  # position, previous size, void, CRC-32
_ONE_BYTE, _KEY, _LACED_OR_HIDDEN, _RESERVED = 0x80, 0x80, 0x0E, 0x70
_LEAST_BLOCK = 5  # bytes: an empty one is no frame
_GROUP_BYTES = 24  # where a group or what is in it begins: ID and size, and the head of a block
_MOST_GROUPS = 1000  # and one in 16 blocks: the demuxer goes faster through more of them

# A head: an ID of one byte, then eight bytes; in them a size of up to four, and track, time and flags of a block.
_HEAD_BYTES = 9
_word_at = struct.Struct(">Q").unpack_from
_WINDOW, _PAGE = 1 << 20, 1 << 12  # bytes that are read at a time: where heads lie near, where far apart
_FAR = 1 << 16  # bytes from head to head from which on to read what lies between would take longer
# By the first byte of a size: how many bits stand behind it in eight bytes, its bits, and how long ID and size are.
_WIDTHS = [9 - first.bit_length() for first in range(256)]
_BEHIND = [64 - 8 * min(width, 4) for width in _WIDTHS]
_BITS = [(1 << 7 * min(width, 4)) - 1 for width in _WIDTHS]
_LENGTHS = [1 + width if width <= 4 else 1 << 50 for width in _WIDTHS]  # longer ones: past the end of any file

_Numbers = npt.NDArray[np.int64]


def block_times(path: Path) -> tuple[list[int], list[int]] | None:
    """The times of a Matroska movie's frames, and of those that stand for themselves, in ticks, in order.

    None where it is damaged, holds no frames, or is written so that only the demuxer can tell. Raises StorageError.
    """
    try:
        with reading(path), Bytes(path) as file:
            movie, blocks = Matroska(file), _Blocks(file)
            for cluster in movie.clusters():
                blocks.add(cluster)
            times, keys = blocks.times(*movie.tracks)
    except UnusualError:
        return None
    times.sort()
    keys.sort()
    return (times.tolist(), keys.tolist()) if len(times) and (times[1:] > times[:-1]).all() else None


class _Blocks:
    """The blocks of clusters; heads are kept, eight bytes each."""

    def __init__(self, file: Bytes) -> None:
        self._file = file
        self._window = bytearray(_WINDOW + _HEAD_BYTES)  # one for all: the processor keeps it at hand
        self._wanted = _WINDOW
        self._words, self._ticks, self._counts = array("Q"), array("q"), array("q")
        self._groups: list[tuple[int, int]] = []  # ticks of the cluster; track, time and flags

    def add(self, cluster: Cluster) -> None:
        """Takes up a cluster's blocks; raises UnusualError, OSError."""
        data, keep, before = self._window, self._words.append, len(self._words)
        behind, bits, lengths = _BEHIND, _BITS, _LENGTHS  # local names are found faster
        begun = cluster.start
        while begun < cluster.end:
            wanted = min(cluster.end - begun, self._wanted)
            self._file.read_into(memoryview(data)[:wanted], begun)
            stop = wanted if begun + wanted == cluster.end else wanted - _HEAD_BYTES + 1
            at, known = 0, len(self._words)
            while at < stop:
                first = data[at + 1]
                (word,) = _word_at(data, at + 1)
                size = word >> behind[first] & bits[first]
                if data[at] == _SIMPLE_BLOCK:
                    keep(word)
                    at += lengths[first] + size
                else:
                    at += self._other(begun + at, cluster)
            begun += at
            if at >= _PAGE:  # a cluster's last few bytes tell nothing of the next one
                self._wanted = _PAGE if at > (len(self._words) - known + 1) * _FAR else _WINDOW
        if begun != cluster.end:
            raise UnusualError
        self._ticks.append(cluster.ticks)
        self._counts.append(len(self._words) - before)

    def times(self, track: int, tracks: list[int]) -> tuple[_Numbers, _Numbers]:
        """The times of a track's frames in ticks, and those of its key frames; `tracks` are all there may be.

        Raises UnusualError.
        """
        words = np.array(self._words, np.uint64)
        first = (words >> 56).astype(np.intp)
        behind, bits = np.array(_BEHIND, np.uint64)[first], np.array(_BITS, np.uint64)[first]
        sizes = words >> behind & bits
        if ((sizes < _LEAST_BLOCK) | (sizes == bits)).any():  # the latter: no size is told
            raise UnusualError
        grouped = np.array(self._groups, np.int64).reshape(-1, 2)
        heads = np.concatenate([(words << (64 - behind) >> 32).astype(np.int64), grouped[:, 1]])
        ticks = np.concatenate([np.repeat(np.array(self._ticks), np.array(self._counts)), grouped[:, 0]])
        of = (heads >> 24) - _ONE_BYTE
        if not np.isin(of, tracks).all() or (heads & _RESERVED).any():
            raise UnusualError
        own = of == track
        heads = heads[own]
        times = ticks[own] + (heads >> 8 & 0xFFFF).astype(np.int16)
        if (heads & _LACED_OR_HIDDEN).any() or (times < 0).any():
            raise UnusualError
        return times, times[heads & _KEY != 0]

    def _other(self, at: int, cluster: Cluster) -> int:
        """How long what lies there and is no simple block is, in bytes; raises UnusualError, OSError."""
        ident, start, end = element(self._file.read_at(at, _GROUP_BYTES))
        if ident == _GROUP and len(self._groups) < _MOST_GROUPS + len(self._words) // 16:
            self._groups.append((cluster.ticks, self._grouped(at + start, at + end)))
        elif ident not in _PASSED:
            raise UnusualError
        return end

    def _grouped(self, at: int, end: int) -> int:
        """Track, time and flags of the block in a group, flagged as a key frame where it refers to no other."""
        found, key = [], _KEY
        while at < end:
            head = self._file.read_at(at, _GROUP_BYTES)
            ident, start, behind = element(head)
            if ident == _BLOCK and behind - start >= _LEAST_BLOCK:
                found.append(int.from_bytes(head[start : start + 4], "big"))
            elif ident == _REFERENCE:
                key = 0
            at += behind
        if at != end or len(found) != 1:
            raise UnusualError
        return found[0] & ~_KEY | key
