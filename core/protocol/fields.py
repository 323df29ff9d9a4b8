"""Reading untrusted JSON field by field: each reader returns the value or says in a sentence what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ..errors import UsageError

Json = Mapping[str, Any]


def obj(value: object, name: str) -> Json:
    """A JSON object."""
    if not isinstance(value, Mapping):
        raise UsageError(f"“{name}” must be an object.", "See the engine's OpenAPI page for its fields.")
    return cast(Json, value)


def only(data: Json, known: Iterable[str], name: str) -> None:
    """Refuses keys that nobody reads, so that a misspelt one is never silently ignored."""
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise UsageError(f"{name} has no field “{str(unknown[0])[:60]}”.", f"It takes {', '.join(sorted(known))}.")


def text(data: Json, key: str, default: str | None = None, longest: int = 20_000) -> str:
    """A string, at most `longest` characters."""
    value = data.get(key, default)
    if not isinstance(value, str):
        raise UsageError(f"“{key}” must be text.", "Give it as a string.")
    if len(value) > longest:
        raise UsageError(f"“{key}” is {len(value)} characters long.", f"Keep it under {longest}.")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UsageError(f"“{key}” is no valid Unicode.", "Remove the broken characters.")
    return value


def integer(data: Json, key: str, least: int, most: int, default: int | None = None) -> int:
    """A whole number from `least` to `most`."""
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"“{key}” must be a whole number.", f"Use {least} to {most}.")
    if not least <= value <= most:
        raise UsageError(f"“{key}” is {value if abs(value) < 10**15 else 'huge'}.", f"Use {least} to {most}.")
    return value


def number(data: Json, key: str, least: float, most: float, default: float | None = None) -> float:
    """A finite number from `least` to `most`."""
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UsageError(f"“{key}” must be a number.", f"Use {least} to {most}.")
    if not least <= value <= most:
        raise UsageError(f"“{key}” is {value}.", f"Use {least} to {most}.")
    return float(value)


def flag(data: Json, key: str, default: bool) -> bool:
    """True or false."""
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise UsageError(f"“{key}” must be true or false.", "Give it without quotes.")
    return value


def choice(data: Json, key: str, choices: Iterable[str], default: str | None = None) -> str:
    """One of `choices`."""
    value = data.get(key, default)
    if value not in tuple(choices):
        raise UsageError(f"“{key}” can't be “{str(value)[:60]}”.", f"Use one of {', '.join(choices)}.")
    return str(value)


def items(data: Json, key: str, most: int) -> list[Any]:
    """A list of at most `most` items; empty when absent."""
    value = data.get(key, [])
    if not isinstance(value, (list, tuple)):
        raise UsageError(f"“{key}” must be a list.", "Give it in square brackets.")
    if len(value) > most:
        raise UsageError(f"“{key}” has {len(value)} items.", f"Keep it to {most}.")
    return list(value)


def pair(data: Json, key: str) -> tuple[int, int]:
    """Two whole numbers, such as a size or a range."""
    value = data.get(key)
    whole = isinstance(value, (list, tuple)) and all(isinstance(x, int) and not isinstance(x, bool) for x in value)
    if not whole or len(cast(list[int], value)) != 2:
        raise UsageError(f"“{key}” must be two whole numbers.", "Give it as [first, second].")
    first, second = cast(list[int], value)
    if max(abs(first), abs(second)) > 10**12:
        raise UsageError(f"“{key}” is out of bounds.", "Use smaller numbers.")
    return first, second
