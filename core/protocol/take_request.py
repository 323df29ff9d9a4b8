"""The one request that every model, backend, plugin and widget speaks."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..errors import UsageError
from ..film.settings import PANEL_FITS, check_size
from ..timing import FrameRange, Rate
from . import fields
from .fields import Json

ROLES = ("frame", "panel", "depth", "reference")
SPEEDS = DRAFT, NORMAL, FINAL = "draft", "normal", "final"
LONGEST_SECONDS = 60
BESIDE_SECONDS = 2  # at either end: a shot of a minute has handles, an extension by a minute knows frames beside it
MAX_SEED = 2**53 - 1  # the largest whole number that every JSON reader keeps exact
_MAX_KNOWN = 4096
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class MediaRange:
    """Frames of one medium, found by content: `sha256` of the file, `frames` counted from 0 in it.

    `rate` is the medium's own; None for a still. `colour` names its colour space (`bt709`).
    """

    sha256: str
    frames: FrameRange = field(default_factory=lambda: FrameRange(0, 1))
    rate: Rate | None = None
    colour: str = "bt709"

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise UsageError("A medium is named by its SHA-256.", "Send the file to /v1/media first.")

    def to_json(self) -> dict[str, Any]:
        """As JSON: `sha256`, `frames` [first, end), `rate`, `colour`."""
        return {
            "sha256": self.sha256,
            "frames": [self.frames.start, self.frames.end],
            "rate": str(self.rate) if self.rate else None,
            "colour": self.colour,
        }

    @classmethod
    def from_json(cls, value: object) -> MediaRange:
        """Reads `to_json`'s form; raises UsageError."""
        data = fields.obj(value, "media")
        fields.only(data, ("sha256", "frames", "rate", "colour"), "A medium")
        rate = data.get("rate")
        return cls(
            fields.text(data, "sha256", longest=64),
            FrameRange(*fields.pair(data, "frames")) if "frames" in data else FrameRange(0, 1),
            Rate.parse(fields.text(data, "rate", longest=40)) if rate is not None else None,
            fields.choice(data, "colour", ("bt709",), "bt709"),
        )


@dataclass(frozen=True)
class Known:
    """Frames of the take that are given rather than made.

    `frames` is where they stand on the take's own axis. `role` says what is known of them: the `frame` itself, a
    `panel` (a drawing of it), its `depth`, or, on no frame, a `reference` of cast and look. `keep` runs from 0 (a
    hint) to 1 (held exactly). `fit` says how a picture of another shape meets the frame: `crop` or `pad`.
    """

    frames: FrameRange
    media: MediaRange
    role: str = "frame"
    keep: float = 1.0
    fit: str = "crop"

    def to_json(self) -> dict[str, Any]:
        """As JSON: `frames` [first, end), `media`, `role`, `keep`, `fit`."""
        return {
            "frames": [self.frames.start, self.frames.end],
            "media": self.media.to_json(),
            "role": self.role,
            "keep": self.keep,
            "fit": self.fit,
        }

    @classmethod
    def from_json(cls, value: object) -> Known:
        """Reads `to_json`'s form; raises UsageError."""
        data = fields.obj(value, "known")
        fields.only(data, ("frames", "media", "role", "keep", "fit"), "A known stretch")
        return cls(
            FrameRange(*fields.pair(data, "frames")),
            MediaRange.from_json(data.get("media")),
            fields.choice(data, "role", ROLES, "frame"),
            fields.number(data, "keep", 0, 1, 1.0),
            fields.choice(data, "fit", PANEL_FITS, "crop"),
        )


@dataclass(frozen=True)
class Prompt:
    """Words that hold from frame `at` of the take until the next prompt."""

    text: str
    at: int = 0


@dataclass(frozen=True)
class Sampling:
    """How the model is run; None leaves it to the model. `speed` is one of SPEEDS, empty for the normal one."""

    steps: int | None = None
    guidance: float | None = None
    speed: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON: `steps`, `guidance`; `speed` where it is asked for, so that other requests keep their hash."""
        return {"steps": self.steps, "guidance": self.guidance, **({"speed": self.speed} if self.speed else {})}


def longest_take(rate: Rate) -> int:
    """How many frames a take has at most: a minute's, and what is known or shown beyond it at either end."""
    return int((LONGEST_SECONDS + 2 * BESIDE_SECONDS) * rate.fraction)


@dataclass(frozen=True)
class TakeRequest:
    """A stretch of frames 0 … `frames` - 1 at an exact size and rate, some of them known, the rest to be made.

    `size` is width, height in pixels, both even, 64x64 to 4096x2160 or 2160x4096; as long as `longest_take` at most.
    `parents` are the hashes of what this take grew from. `allow_reversed` lets a model that only goes forward make what
    comes before known frames, to be shown backwards. Raises UsageError where a field is out of bounds or contradicts
    another.
    """

    prompts: tuple[Prompt, ...]
    frames: int
    rate: Rate
    size: tuple[int, int]
    seed: int = 0
    negative: str = ""
    known: tuple[Known, ...] = ()
    model: str = "previs"
    sampling: Sampling = Sampling()
    parents: tuple[str, ...] = ()
    allow_reversed: bool = False

    def __post_init__(self) -> None:
        check_size(self.size)
        longest = longest_take(self.rate)
        if not 1 <= self.frames <= longest:
            raise UsageError(
                f"A take of {self.frames} frames can't be made.",
                f"Ask for 1 to {longest} frames: {LONGEST_SECONDS} s, and {BESIDE_SECONDS} s at either end.",
            )
        if not self.prompts or self.prompts[0].at != 0:
            raise UsageError("The first prompt must begin at frame 0.", "Give “prompt”, or prompts from 0 on.")
        ats = [prompt.at for prompt in self.prompts]
        if ats != sorted(set(ats)) or ats[-1] >= self.frames:
            raise UsageError("The prompts are not in order of their frames.", "Let each begin later, inside the take.")
        for known in self.known:
            if known.role == "reference":
                continue
            if not 0 <= known.frames.start < known.frames.end <= self.frames:
                raise UsageError(
                    f"Known frames {known.frames.start} to {known.frames.end} are not in a take of {self.frames}.",
                    "Known frames count from 0, the end exclusive.",
                )
            still = known.media.rate is None
            if not still and len(known.media.frames) != len(known.frames):
                raise UsageError("A known stretch and its media differ in length.", "Give as many frames as are known.")

    def prompt_at(self, frame: int) -> str:
        """The words that hold at a frame."""
        return next(prompt.text for prompt in reversed(self.prompts) if prompt.at <= max(0, frame))

    def with_seed(self, seed: int) -> TakeRequest:
        """The same request with another seed."""
        return replace(self, seed=seed)

    def hash_without_seed(self) -> str:
        """SHA-256 of all that was asked for but the seed; equal hashes ask for the same shot."""
        data = self.to_json()
        del data["seed"]
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def seconds(self) -> Fraction:
        """The take's length in seconds."""
        return self.rate.seconds(self.frames)

    def to_json(self) -> dict[str, Any]:
        """As JSON, in the form that `POST /v1/takes` takes."""
        first, *later = self.prompts
        return {
            "prompt": first.text,
            "prompts": [{"at": prompt.at, "text": prompt.text} for prompt in later],
            "negative": self.negative,
            "frames": self.frames,
            "rate": str(self.rate),
            "size": list(self.size),
            "seed": self.seed,
            "known": [known.to_json() for known in self.known],
            "model": self.model,
            "sampling": self.sampling.to_json(),
            "parents": list(self.parents),
            # Left out where it is not so: what was asked for before it could be keeps its hash.
            **({"allow_reversed": True} if self.allow_reversed else {}),
        }

    @classmethod
    def from_json(cls, value: object) -> TakeRequest:
        """Reads `to_json`'s form; the least is prompt, frames, rate, size, seed. Raises UsageError."""
        data = fields.obj(value, "request")
        fields.only(data, _FIELDS, "A take request")
        later = [fields.obj(item, "prompts") for item in fields.items(data, "prompts", 1000)]
        rate = data.get("rate")
        return cls(
            prompts=(
                Prompt(fields.text(data, "prompt", "")),
                *(Prompt(fields.text(item, "text"), fields.integer(item, "at", 1, 10**6)) for item in later),
            ),
            frames=fields.integer(data, "frames", 1, 10**6),
            rate=Rate.parse(rate) if isinstance(rate, int) else Rate.parse(fields.text(data, "rate", longest=40)),
            size=fields.pair(data, "size"),
            seed=fields.integer(data, "seed", 0, MAX_SEED, 0),
            negative=fields.text(data, "negative", ""),
            known=tuple(Known.from_json(item) for item in fields.items(data, "known", _MAX_KNOWN)),
            model=fields.text(data, "model", "previs", longest=200),
            sampling=_sampling(fields.obj(data.get("sampling", {}), "sampling")),
            parents=tuple(str(parent)[:64] for parent in fields.items(data, "parents", 100)),
            allow_reversed=fields.flag(data, "allow_reversed", False),
        )


_FIELDS = (
    "prompt",
    "prompts",
    "negative",
    "frames",
    "rate",
    "size",
    "seed",
    "known",
    "model",
    "sampling",
    "parents",
    "allow_reversed",
)


def _sampling(data: Json) -> Sampling:
    fields.only(data, ("steps", "guidance", "speed"), "sampling")
    return Sampling(
        None if data.get("steps") is None else fields.integer(data, "steps", 1, 1000),
        None if data.get("guidance") is None else fields.number(data, "guidance", 0, 100),
        fields.choice(data, "speed", ("", *SPEEDS), ""),
    )
