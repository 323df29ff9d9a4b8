"""Words as a model's text encoder reads them: read once, kept on the disk, so that it is seldom loaded at all."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

from ...errors import ModelError, StorageError
from ...storage import remove_file, replacing
from ..fingerprints import of_folder
from .memory_plans import CARD, MemoryPlan
from .needs import json_of, weights_in

Tensors = dict[str, torch.Tensor]
DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}
_MOST_BYTES = 1 << 30
# What a pipeline's `encode_prompt` gives, in its order, by its names in the call that takes it: every kind there is.
_READINGS = (
    ("prompt_embeds",),
    ("prompt_embeds", "prompt_attention_mask"),
    ("prompt_embeds", "pooled_prompt_embeds", "prompt_attention_mask"),
    ("prompt_embeds", "prompt_embeds_mask", "prompt_embeds_2", "prompt_embeds_mask_2"),
)
_PARTS = ("text_encoder", "tokenizer")


class PromptStore:
    """Readings as safetensors files, the least used leaving first; one that is damaged is as good as none."""

    def __init__(self, folder: Path, most_bytes: int = _MOST_BYTES) -> None:
        self._folder, self._most = folder, most_bytes

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.safetensors"

    def get(self, key: str) -> Tensors | None:
        """A reading, None where it is not there."""
        from safetensors import SafetensorError
        from safetensors.torch import load

        path = self._path(key)
        try:
            found: Tensors = load(path.read_bytes())
            path.touch()
        except (OSError, SafetensorError, ValueError, KeyError):
            return None
        return found

    def put(self, key: str, reading: Tensors) -> None:
        """Keeps a reading; where the disk won't, it is read again next time."""
        from safetensors.torch import save

        data = save({name: tensor.contiguous().cpu() for name, tensor in reading.items()})
        with contextlib.suppress(StorageError):
            with replacing(self._path(key), "keeping words that were read") as temporary:
                temporary.write_bytes(data)
            self._clear()

    def _clear(self) -> None:
        files = [
            (path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.glob("[0-9a-f]*.safetensors")
        ]
        held = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if held <= self._most:
                return
            remove_file(path, "forgetting words that were read")
            held -= size


def can_be_kept(pipeline: type) -> bool:
    """Whether a pipeline can be called with a reading of the words alone: not where it reads them with a picture."""
    return bool(_names(pipeline)) and "image" not in _takes(pipeline, "encode_prompt")


def text_encoders(folder: Path) -> tuple[str, ...]:
    """The text encoders that a pipeline's model_index.json names."""
    index = json_of(folder / "model_index.json")
    return tuple(name for name, told in index.items() if name.startswith(_PARTS[0]) and told[:1] == ["transformers"])


class Reader:
    """Reads words with the text encoder of a pipeline's folder, which it loads where they were never read before."""

    def __init__(self, name: str, folder: Path, store: PromptStore, plan: MemoryPlan) -> None:
        self._name, self._folder, self._store, self._plan = name, folder, store, plan
        parts = sorted(part for part in folder.iterdir() if part.is_dir() and part.name.startswith(_PARTS))
        self._mark = "/".join([plan.dtype, *(f"{part.name}:{of_folder(part)}" for part in parts)])
        self._index = json_of(folder / "model_index.json")
        self.encoders = text_encoders(folder)
        self._text: dict[str, Any] = {}
        # Some pipelines ask their text encoder what it is, also when it has nothing to read.
        settings = {name: json_of(folder / name / "config.json") for name in self.encoders}
        self._named = {name: SimpleNamespace(config=SimpleNamespace(**told)) for name, told in settings.items()}

    @contextlib.contextmanager
    def by_name(self, pipe: Any) -> Iterator[None]:
        """While it holds, a pipeline's text encoders are there by name alone."""
        with _holding(pipe, self._named):
            yield

    @property
    def bytes(self) -> int:
        """What the text encoders take, in the plan's numbers."""
        each: int = DTYPES[self._plan.dtype].itemsize
        return sum(weights_in(self._folder / name) for name in self.encoders) * each

    def _load(self, name: str) -> Any:
        from safetensors import SafetensorError

        library, kind = self._index[name]
        try:
            return getattr(import_module(library), kind).from_pretrained(
                self._folder / name, dtype=DTYPES[self._plan.dtype], local_files_only=True, use_safetensors=True
            )
        except (OSError, ValueError, RuntimeError, TypeError, LookupError, ImportError, SafetensorError) as error:
            raise ModelError(
                f"The text encoder of “{self._name}” could not be loaded: {str(error)[:200]}.",
                "Copy its folder again, or remove it.",
            ) from error

    def _key(self, words: str, pipeline: type) -> str:
        return f"{self._mark}/{pipeline.__name__}/{_longest(pipeline)}/{words}"

    def kept(self, words: str, pipeline: type) -> Tensors | None:
        """What a pipeline's call takes for `words`, on the processor; None where they were never read for it."""
        found = self._store.get(self._key(words, pipeline))
        return found if found is not None and set(found) == set(_names(pipeline)) else None

    def read(self, words: str, pipe: Any) -> Tensors:
        """As `kept`, for words that are new: as the pipeline itself reads them, since those of one family differ."""
        device, longest = self._plan.device, _longest(type(pipe))
        if not self._text:
            self._text = {name: self._load(name) for name in self.encoders}
        there = {name: encoder.to(device) for name, encoder in self._text.items()}
        told = {"do_classifier_free_guidance": False, "max_sequence_length": longest}
        takes = _takes(type(pipe), "encode_prompt")
        given = {name: value for name, value in told.items() if name in takes and value is not None}
        with torch.no_grad(), _holding(pipe, there):
            read = pipe.encode_prompt(prompt=words, device=device, **given)
        names = _names(type(pipe))
        # Where readings come with those of what is not wanted, these are left out: they are read by themselves.
        several = read if isinstance(read, tuple) else (read,)
        reading = {name: tensor.cpu() for name, tensor in zip(names, several, strict=False)}
        self._store.put(self._key(words, type(pipe)), reading)
        return reading

    def rest(self) -> None:
        """Lets the text encoder wait where the plan has it: where it is, beside the card, or on the disk."""
        if self._plan.placement == "whole":
            return
        if self._plan.placement == "aside" and self._plan.device == CARD:
            for encoder in self._text.values():
                encoder.to("cpu")
        else:
            self._text = {}
            gc.collect()
        if self._plan.device == CARD:
            torch.cuda.empty_cache()


@contextlib.contextmanager
def _holding(pipe: Any, parts: Mapping[str, Any]) -> Iterator[None]:
    """While it holds, a pipeline has these parts, past its own way of taking them, which is for networks that stay."""
    for name, part in parts.items():
        object.__setattr__(pipe, name, part)
    try:
        yield
    finally:
        for name in parts:
            object.__setattr__(pipe, name, None)


def _takes(pipeline: Any, method: str = "__call__") -> Mapping[str, inspect.Parameter]:
    return inspect.signature(getattr(pipeline, method, pipeline.__call__)).parameters


def _names(pipeline: type) -> tuple[str, ...]:
    """The names of a reading in a pipeline's call; none where it takes readings of no known kind."""
    told = {name for name in _takes(pipeline) if "prompt_embeds" in name or name == "prompt_attention_mask"}
    told = {name for name in told if not name.startswith("negative_")}
    return next((names for names in _READINGS if set(names) == told), ())


def _longest(pipeline: type) -> Any:
    told = _takes(pipeline).get("max_sequence_length")
    return None if told is None else told.default
