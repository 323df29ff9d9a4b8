"""A single file of weights made into a whole pipeline's folder, with the rest of one that is here."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from ...errors import InputError
from .. import catalogue
from ..families import Licence
from ..families.profile_file import read_checkpoint
from ..folder_profile import PROFILE, profile_of
from .getting import finish, making
from .soundness import INDEX, PACKED, check_folder, check_packed_file, check_weights_file
from .vault import Manifest

_TRANSFORMER = "transformer"
_QUANTISED = ".gguf"
_ELSEWHERE = (
    ".safetensors",
    _QUANTISED,
    ".safetensors.index.json",
)  # what of the transformer's folder the file takes the place of


def assemble(state: Path, file: Path, beside: Path, name: str | None = None) -> dict[str, Any]:
    """Registers a pipeline of a folder's parts, but the transformer's weights from a safetensors or GGUF file; its row.

    The parts are linked where the disk can, so that they take no room twice; the weights are written as diffusers
    reads them, those of a GGUF file linked as they are. File and folder stay as they are. Raises InputError where the
    folder is no pipeline, or the file is damaged or of another kind; RefusedError for a name in use; StorageError.
    """
    file, beside = file.expanduser().absolute(), beside.expanduser().absolute()
    chosen = name or file.stem
    catalogue.check_name(state, chosen)
    check = {".safetensors": check_weights_file, _QUANTISED: check_packed_file}.get(file.suffix)
    if check is None:
        raise InputError(f"“{file.name}” is no safetensors or GGUF file.", "Other files of weights could run code.")
    check(file)
    profile_of(beside)
    check_folder(beside, without=_TRANSFORMER)
    manifest = Manifest(chosen, str(file), "", Licence("its own: see its folder"), ())
    with making(state, manifest, file.stat().st_size) as partial:
        _link(beside, partial)
        _make_transformer(file, beside, partial / _TRANSFORMER)
        return finish(state, chosen)


def _link(beside: Path, partial: Path) -> None:
    def link(source: str, target: str) -> None:
        where = Path(source)
        if where.parent.name == _TRANSFORMER and where.name.endswith(_ELSEWHERE):
            return
        if where.name == PROFILE and read_checkpoint(where) is not None:  # these are other weights
            return
        _linked(where, Path(target))

    shutil.copytree(beside, partial, copy_function=link, dirs_exist_ok=True)


def _linked(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)


def _make_transformer(file: Path, beside: Path, place: Path) -> None:
    """A transformer's folder of a file's weights; raises InputError where they are others."""
    import torch
    from diffusers.loaders.single_file_model import SINGLE_FILE_LOADABLE_CLASSES
    from safetensors import safe_open

    from ..diffusers_folder import read_single_file

    told = json.loads((beside / INDEX).read_text(encoding="utf-8"))
    name = str(told[_TRANSFORMER][1])
    if name not in SINGLE_FILE_LOADABLE_CLASSES:
        raise InputError(f"{name[:60]} can't be read from a single file.", "Give a whole folder.")
    kept = "BF16"
    if file.suffix != _QUANTISED:
        with safe_open(file, framework="pt") as weights:
            kept = weights.get_slice(next(iter(weights.keys()))).get_dtype()
    dtype = {"F32": torch.float32, "F16": torch.float16}.get(kept, torch.bfloat16)
    wrong = InputError(
        f"“{file.name}” does not hold the weights of the pipeline in “{beside.name}”.",
        "Give the folder of the very version that the file is of.",
    )
    try:
        network = read_single_file(file, beside, name, dtype)
    except (ValueError, RuntimeError, KeyError, TypeError, AttributeError, OSError) as error:
        raise wrong from error
    if any(parameter.is_meta for parameter in network.parameters()):  # the file had nothing for these
        raise wrong
    if file.suffix == _QUANTISED:
        _linked(file, place / PACKED)
    else:
        network.save_pretrained(place, safe_serialization=True)
