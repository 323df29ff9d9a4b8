"""One take, from its request to its folder."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ...media.take_files import TakeFiles
from ...models.base import VideoModel
from ...planner import Plan, plan
from ...protocol import Delivery, TakeRequest
from ...storage import replace_file, sync_folder
from .chunk_making import make_chunks
from .chunk_store import ChunkStore, fingerprint
from .finishing import finish
from .known_media import KnownMedia
from .reporting import Reporter

RECIPE = "recipe.json"
_TOLD_VERSIONS = ("torch", "diffusers", "numpy", "av", "opencv-python-headless", "imageio-ffmpeg")


@dataclass(frozen=True)
class Order:
    """What the engine asks of the worker: the take, and the folders and files it may use."""

    job: str
    request: TakeRequest
    delivery: Delivery
    work: Path
    attempt: Path
    media: dict[str, Path]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Order:
        """Reads a `make` message."""
        return cls(
            data["job"],
            TakeRequest.from_json(data["request"]),
            Delivery.from_json(data["delivery"]),
            Path(data["work"]),
            Path(data["attempt"]),
            {sha256: Path(path) for sha256, path in data["media"].items()},
        )


def _recipe(
    order: Order, made: Plan, model: VideoModel, files: dict[str, Any], seconds: float, notices: list[str]
) -> dict[str, Any]:
    return {
        "job": order.job,
        "generated": True,
        "request": order.request.to_json(),
        "request_hash": order.request.hash_without_seed(),
        "delivery": order.delivery.to_json(),
        "model": {"name": model.name, "fingerprint": model.fingerprint},
        "plan": {
            "size": list(made.canvas.size),
            "rate": str(made.rate),
            "frames": made.axis.frames,
            "method": made.method,
            "chunks": [[chunk.start, chunk.frames] for chunk in made.chunks],
            "reversed": made.axis.way < 0 or any(chunk.backwards for chunk in made.chunks),
            "notices": [*made.notices, *notices],
        },
        "files": files,
        "seconds": round(seconds, 3),
        "versions": {name: version(name) for name in _TOLD_VERSIONS},
    }


def make_take(order: Order, model: VideoModel, reporter: Reporter) -> str:
    """Makes a take into its attempt folder and returns the mezzanine's name there; the recipe is written last.

    Raises RefusedError where the model can't do it, StoppedError within a step of a stop, StorageError.
    """
    begun = time.monotonic()
    made = plan(order.request, model.limits)
    known = KnownMedia(made, order.media)
    store = ChunkStore(order.work, fingerprint(made, model.fingerprint))
    make_chunks(made, model, known, store, reporter)
    files = TakeFiles(order.attempt, order.delivery, order.request.rate, order.request.size)
    media = finish(made, store, known, model.limits.leads_footage, files, reporter)
    recipe = _recipe(order, made, model, asdict(media), time.monotonic() - begun, reporter.notices)
    replace_file(order.attempt / RECIPE, json.dumps(recipe, indent=1) + "\n", "writing the take's recipe")
    sync_folder(order.attempt)
    reporter.progress(1.0)
    return media.mezzanine
