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
from .soundness import INDEX, check_folder, check_weights_file
from .vault import Manifest

_TRANSFORMER = "transformer"
_ELSEWHERE = (".safetensors", ".safetensors.index.json")  # what of the transformer's folder the file takes the place of


def assemble(state: Path, file: Path, beside: Path, name: str | None = None) -> dict[str, Any]:
    """Registers a pipeline of a folder's parts, but the transformer's weights from a safetensors file; its row.

    The parts are linked where the disk can, so that they take no room twice; the weights are written as diffusers
    reads them. File and folder stay as they are. Raises InputError where the folder is no pipeline, or the file is
    damaged or of another kind; RefusedError for a name in use; StorageError.
    """
    file, beside = file.expanduser().absolute(), beside.expanduser().absolute()
    chosen = name or file.stem
    catalogue.check_name(state, chosen)
    if file.suffix != ".safetensors":
        raise InputError(f"“{file.name}” is no safetensors file.", "Other files of weights could run code.")
    check_weights_file(file)
    profile_of(beside)
    check_folder(beside, without=_TRANSFORMER)
    manifest = Manifest(chosen, str(file), "", Licence("its own: see its folder"), ())
    with making(state, manifest, file.stat().st_size) as partial:
        _link(beside, partial)
        _write_transformer(file, beside, partial / _TRANSFORMER)
        return finish(state, chosen)


def _link(beside: Path, partial: Path) -> None:
    def link(source: str, target: str) -> None:
        where = Path(source)
        if where.parent.name == _TRANSFORMER and where.name.endswith(_ELSEWHERE):
            return
        if where.name == PROFILE and read_checkpoint(where) is not None:  # these are other weights
            return
        try:
            os.link(source, target)
        except OSError:  # another disk, or one without links
            shutil.copyfile(source, target)

    shutil.copytree(beside, partial, copy_function=link, dirs_exist_ok=True)


def _write_transformer(file: Path, beside: Path, place: Path) -> None:
    import diffusers
    import torch
    from diffusers.loaders.single_file_model import SINGLE_FILE_LOADABLE_CLASSES
    from safetensors import safe_open

    with safe_open(file, framework="pt") as weights:
        first = next(iter(weights.keys()))
        kept = weights.get_slice(first).get_dtype()
    told = json.loads((beside / INDEX).read_text(encoding="utf-8"))
    name = str(told[_TRANSFORMER][1])
    if name not in SINGLE_FILE_LOADABLE_CLASSES:
        raise InputError(f"{name[:60]} can't be read from a single file.", "Give a whole folder.")
    kind: Any = getattr(diffusers, name)
    dtype = {"F32": torch.float32, "F16": torch.float16}.get(kept, torch.bfloat16)
    wrong = InputError(
        f"“{file.name}” does not hold the weights of the pipeline in “{beside.name}”.",
        "Give the folder of the very version that the file is of.",
    )
    try:
        network = kind.from_single_file(
            str(file), config=str(beside), subfolder=_TRANSFORMER, local_files_only=True, torch_dtype=dtype
        )
    except (ValueError, RuntimeError, KeyError, TypeError, AttributeError, OSError) as error:
        raise wrong from error
    if any(parameter.is_meta for parameter in network.parameters()):  # the file had nothing for these
        raise wrong
    network.save_pretrained(place, safe_serialization=True)
