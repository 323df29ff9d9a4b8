"""Any other video pipeline of diffusers, declared in a file: what it can do, and its class for each way it goes.

    name = "mochi-1"
    family = "mochi"
    folders = ["MochiPipeline"]         classes that a folder of it names
    when = { "transformer.x" = 2 }      and settings it has
    ways = { text = "…", first = "…" }  words; from a first picture; to a last one (both); restyle
    rates = [30]                        frames a second
    size = [848, 480]                   the largest, sides in multiples of `size_multiple`; or `sizes`, these alone
    size_multiple = 16
    frames = [7, 85, 6]                 shortest, longest, and the step between them
    steps = [20, 50, 64]                draft, normal, final
    guidance = 4.5
    options = { max_sequence_length = 256 }
    licence = { name = "…", url = "…", limits = "…" }
    sound = false                       or true, where it makes sound along with the frames
    heeds_negative = true               or false, where words for what is not to be seen change nothing
    [[checkpoints]]                     name, repository, parameters = { transformer = 10.0 } in thousand millions

What several kinds in one file share stands at its top, and each kind in a `[[variants]]` of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomllib

from ...errors import InputError
from ...planner.limits import ModelLimits
from ...timing import Rate
from ..base import ChunkRequest
from .base import Call, Checkpoint, Licence, Put, Speed, Variant
from .ends import WAYS, by_ends, limits_of

_LARGEST = 1 << 16
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]{0,80}Pipeline")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}")
_OPTION = re.compile(r"[a-z][a-z0-9_]{0,60}")
_OURS = {"prompt", "negative_prompt", "width", "height", "num_frames", "generator", "output_type", "return_dict"}
_FIELDS = {"name", "family", "folders", "when", "ways", "rates", "size", "sizes", "size_multiple", "frames", "steps"}
_FIELDS |= {"guidance", "options", "licence", "sound", "heeds_negative", "checkpoints"}
_ENDS = {"both": "its first and last frame", "first": "its first frame"}


class _WrongError(Exception):
    """What is wrong with a file, in words that follow its name."""


def read_variants(path: Path) -> tuple[Variant, ...]:
    """The kinds of weights that a file declares; raises InputError with what is wrong."""
    told = _read(path)
    try:
        kinds = told.pop("variants", [{}])
        if not isinstance(kinds, list) or not all(isinstance(kind, dict) for kind in kinds) or not kinds:
            raise _WrongError("has wrong “variants”")
        return tuple(_variant({**told, **kind}) for kind in kinds)
    except _WrongError as error:
        raise _refused(path, str(error)) from None


def read_checkpoint(path: Path) -> str | None:
    """The published weights that a file names, where it does that instead of declaring anything."""
    told = _read(path)
    if "checkpoint" not in told:
        return None
    if set(told) != {"checkpoint"} or not isinstance(told["checkpoint"], str):
        raise _refused(path, "names a checkpoint, and more or other things")
    return told["checkpoint"]


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise _refused(path, "is too large")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _refused(path, f"can't be read: {str(error)[:200]}") from None


def _refused(path: Path, words: str) -> InputError:
    return InputError(f"The profile {path.name} {words}.", "Write it as docs/models.md shows.")


def _typed(told: Mapping[str, Any], key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    value = told.get(key, default)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _WrongError(f"has a wrong “{key}”" if key in told else f"lacks “{key}”")
    return value


def _matching(told: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value: str = _typed(told, key, str)
    if not pattern.fullmatch(value):
        raise _WrongError(f"has a wrong “{key}”")
    return value


def _numbers(told: Mapping[str, Any], key: str, count: int | None, low: float, high: float) -> list[Any]:
    values = _typed(told, key, list)
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    if not values or count not in (None, len(values)) or not numeric or not all(low <= v <= high for v in values):
        raise _WrongError(f"has a wrong “{key}”")
    return list(values)


def _limits(told: Mapping[str, Any], ways: Mapping[str, str]) -> ModelLimits:
    whole = _numbers(told, "frames", 3, 1, 10_000)
    shortest, longest, step = (int(value) for value in whole)
    multiple = _typed(told, "size_multiple", int, 0)
    if "sizes" in told:
        sizes = [_numbers({"sizes": size}, "sizes", 2, 16, 8192) for size in _typed(told, "sizes", list)]
        multiple = 0
    else:
        sizes = [_numbers(told, "size", 2, 16, 8192)]
    if shortest > longest or (longest - shortest) % step or [shortest, longest, step] != whole:
        raise _WrongError("has a wrong “frames”: shortest, longest, and the step between them")
    odd = [side for size in sizes for side in size if side != int(side) or (multiple and side % multiple)]
    if odd or not sizes or not 0 <= multiple <= 256:
        raise _WrongError("has sizes that are not in multiples of its “size_multiple”")
    return ModelLimits(
        sizes=tuple((int(width), int(height)) for width, height in sizes),
        size_multiple=multiple,
        rates=tuple(Rate.parse(str(rate)) for rate in _numbers(told, "rates", None, 1, 240)),
        frame_step=step,
        frame_offset=shortest % step,
        shortest_chunk=shortest,
        longest_chunk=longest,
        seconds_a_step=10.0,
        memory_bytes=16_000_000_000,
        heeds_negative=_typed(told, "heeds_negative", bool, True),
        **limits_of(ways),
    )


def _ways(told: Mapping[str, Any]) -> dict[str, str]:
    ways = _typed(told, "ways", dict)
    if not ways or set(ways) - set(WAYS):
        raise _WrongError(f"has wrong “ways”: there are {', '.join(WAYS)}")
    return {way: _matching(ways, way, _CLASS) for way in ways}


def _options(told: Mapping[str, Any]) -> dict[str, Any]:
    options = _typed(told, "options", dict, {})
    for key, value in options.items():
        if not _OPTION.fullmatch(key) or key in _OURS or not isinstance(value, (bool, int, float, str)):
            raise _WrongError(f"has an option “{key[:60]}” that can't be one")
    return dict(options)


def _checkpoint(told: Mapping[str, Any], licence: Licence) -> Checkpoint:
    parts = _typed(told, "parameters", dict, {})
    sizes = {part: float(_numbers({part: [size]}, part, 1, 0, 1000)[0]) for part, size in parts.items()}
    return Checkpoint(_matching(told, "name", _NAME), _matching(told, "repository", _NAME), licence, sizes)


def _with_options(put: Put, declared: Mapping[str, Any]) -> Put:
    def put_with(request: ChunkRequest, options: Mapping[str, Any]) -> Call:
        call = put(request, options)
        return Call(call.pipeline, {**declared, **call.arguments})

    return put_with


def _variant(told: dict[str, Any]) -> Variant:
    unknown = set(told) - _FIELDS
    if unknown:
        raise _WrongError(f"has “{min(unknown)[:60]}”, which says nothing")
    ways = _ways(told)
    said = _typed(told, "licence", dict, {"name": "its own: see its folder"})
    licence = Licence(*(str(_typed(said, key, str, ""))[:500] for key in ("name", "url", "limits")))
    folders = _typed(told, "folders", list, list(ways.values()))
    steps = _numbers(told, "steps", 3, 1, 1000)
    (guidance,) = _numbers({"guidance": [told.get("guidance")]}, "guidance", 1, 0, 100)
    checkpoints = _typed(told, "checkpoints", list, [])
    if not all(isinstance(each, dict) for each in checkpoints):
        raise _WrongError("has wrong “checkpoints”")
    return Variant(
        _matching(told, "name", _NAME),
        _matching(told, "family", _NAME),
        tuple(_matching({"folders": name}, "folders", _CLASS) for name in folders),
        _limits(told, ways),
        _with_options(by_ends(ways), _options(told)),
        next((_ENDS[way] for way in _ENDS if way in ways), "nothing"),
        {name: Speed(int(count), guidance) for name, count in zip(("draft", "normal", "final"), steps, strict=True)},
        tuple(_checkpoint(each, licence) for each in checkpoints),
        when=dict(_typed(told, "when", dict, {})),
        sound=_typed(told, "sound", bool, False),
    )
