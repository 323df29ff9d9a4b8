"""Whether a pipeline's files are all there and whole, found without loading them: no torch here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError

INDEX = "model_index.json"
_SHARDS = "*.safetensors.index*.json"  # which file has which tensor, where a component's weights are several files
_LARGEST_JSON = 64 << 20
PACKED = "weights.gguf"  # in place of the safetensors files of a transformer: weights quantised in blocks (GGUF)
# Parts of LTX-2.5 that no call here uses: a model that words a prompt anew, what it reads with, and one that tells how
# long a shot should be. They are neither fetched nor loaded.
UNUSED = frozenset({"prompt_enhancer", "processor", "duration_head"})
_POINTER = b"version https://git-lfs"
# Components of these kinds are settings and words alone (diffusers and transformers name their classes so).
_WITHOUT_WEIGHTS = ("Tokenizer", "Scheduler", "Processor", "FeatureExtractor", "Guider", "Guidance")
_AGAIN = "Copy its folder again, whole, or fetch it again."


def components_of(index: Mapping[str, Any]) -> dict[str, str]:
    """A pipeline index's components: classes by name, without those that it leaves out, or that nothing here uses."""
    found = {}
    for name, told in index.items():
        if isinstance(told, list) and len(told) == 2 and all(isinstance(word, str) for word in told):
            if not name.isidentifier():
                raise InputError(f"“{name[:60]}” in {INDEX} is no component's name.", _AGAIN)
            if name not in UNUSED:
                found[name] = str(told[1])
    return found


def has_weights(kind: str) -> bool:
    """Whether components of a class have weights."""
    return not any(word in kind for word in _WITHOUT_WEIGHTS)


def check_folder(folder: Path, without: str = "") -> None:
    """Raises InputError where a pipeline's folder lacks a component, or weights of one are missing or damaged.

    The weights of the component `without` lie elsewhere and are not looked at.
    """
    for name, kind in components_of(_read(folder / INDEX, folder.name)).items():
        part = folder / name
        if not part.is_dir():
            raise InputError(f"“{folder.name}” is not whole: its {name} is missing.", _AGAIN)
        if not has_weights(kind):
            if not any(part.iterdir()):
                raise InputError(f"“{folder.name}” is not whole: its {name} is empty.", _AGAIN)
            continue
        _read(part / "config.json", f"{folder.name}/{name}")
        if name != without:
            _check_weights(part, f"{folder.name}/{name}")


def check_weights_file(path: Path) -> None:
    """Raises InputError where a safetensors file is cut off, damaged, or something else under that name."""
    from safetensors import SafetensorError, safe_open

    with path.open("rb") as file:
        begins = file.read(len(_POINTER))
    if begins == _POINTER:
        raise InputError(
            f"{path.name} is only a pointer to the weights, not the weights.", "Run git lfs pull in its folder."
        )
    try:
        with safe_open(path, framework="numpy"):
            pass
    except (SafetensorError, ValueError) as error:
        raise InputError(
            f"{path.name} in “{path.parent.name}” is cut off or damaged ({str(error)[:100]}).", _AGAIN
        ) from None


def check_packed_file(path: Path) -> None:
    """Raises InputError where a GGUF file is cut off, damaged, or something else under that name.

    Like safetensors it holds numbers and settings alone, nothing that could run.
    """
    from gguf import GGUFReader

    try:
        reader = GGUFReader(path)
        if not reader.tensors:
            raise ValueError("no weights in it")
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, EOFError) as error:
        raise InputError(
            f"{path.name} in “{path.parent.name}” is cut off or damaged ({str(error)[:100]}).", _AGAIN
        ) from None


def _check_weights(part: Path, shown: str) -> None:
    wanted: set[str] = set()
    for shards in part.glob(_SHARDS):
        wanted.update(str(name) for name in _mapping(_read(shards, shown).get("weight_map"), shards.name).values())
    lacking = sorted(name for name in wanted if Path(name).name != name or not (part / name).is_file())
    if lacking:
        raise InputError(f"“{shown}” is not whole: {lacking[0][:80]} is missing.", _AGAIN)
    if (part / PACKED).is_file():
        check_packed_file(part / PACKED)
        return
    files = sorted(part.glob("*.safetensors"))
    if not files:
        raise InputError(f"“{shown}” has no weights in safetensors files.", _AGAIN)
    for path in files:
        check_weights_file(path)


def _read(path: Path, shown: str) -> Mapping[str, Any]:
    if not path.is_file():
        raise InputError(f"“{shown}” is not whole: {path.name} is missing.", _AGAIN)
    if path.stat().st_size > _LARGEST_JSON:
        raise InputError(f"{path.name} of “{shown}” is too large to be right.", _AGAIN)
    try:
        return _mapping(json.loads(path.read_text(encoding="utf-8")), path.name)
    except ValueError:  # JSON's and Unicode's errors are such
        raise InputError(f"{path.name} of “{shown}” is broken.", _AGAIN) from None


def _mapping(told: object, name: str) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise InputError(f"{name} is broken.", _AGAIN)
    return told
