"""Takes, panels and slates as a clip's media references.

All references of a clip share one axis of frames, that of the shot. Drawn for a shot of 48 frames with handles of 12:

    axis frame      0           12 = cut-in                         60          72
                    |           |                                   |           |
    TK01            [==handle===|===============cut=================|===handle==]   available_range 0 + 72
    TK02 (h = 8)        [=handle|===============cut=================|handle=]       available_range 4 + 64
    PANEL (held)    [===========|===================================|===========]   available_range 0 + 72
    source_range                [===================================]               12 + 48

So `source_range` is the same whatever plays, and switching takes moves no cut. The frame of a take's media that shows
axis frame a is a - available_range.start, counted from the media's first frame. The media's own timecode, distinct for
each take, is a fact of the reference (`start_frames`) and not its available_range: with it, switching would have to
move the source_range, and every other cut of the shot with it. A take with longer handles than any before moves the
whole axis, cut-in included, so that no frame has a negative number.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import opentimelineio as otio

from ..errors import ProjectError
from ..film import Panel, Take
from ..film.take import CUT_IN_FRAME, take_number
from ..timing import FrameRange, Rate
from . import facts
from .spans import range_of, span_of

SLATE = "SLATE"
PANEL = "PANEL"


def is_take(key: str) -> bool:
    """Whether a reference's key is a take's."""
    return take_number(key) > 0


def panel_key(ordinal: int) -> str:
    """`PANEL` for a shot's first panel, `PANEL02` for its second."""
    return PANEL if ordinal == 0 else f"{PANEL}{ordinal + 1:02}"


def take_reference(take: Take, cut_in: int, rate: Rate, suffix: str = ".png", media_frames: int | None = None) -> Any:
    """A take as a reference; `suffix` is that of an image sequence's files, for a take that is a folder of them.

    `media_frames` are all that its media have, without those of the cut and equal handles.
    """
    first = cut_in - take.handle_frames
    count = take.frames + 2 * take.handle_frames if media_frames is None else media_frames
    available = span_of(FrameRange(first, first + count), rate)
    path = PurePosixPath(take.media)
    if path.suffix:
        reference = otio.schema.ExternalReference(target_url=quote(take.media), available_range=available)
    else:
        reference = otio.schema.ImageSequenceReference(
            target_url_base=quote(take.media) + "/",
            name_prefix=f"{path.name}.",
            name_suffix=suffix,
            start_frame=CUT_IN_FRAME - take.handle_frames,
            frame_step=1,
            rate=float(rate),
            frame_zero_padding=4,
            available_range=available,
        )
    reference.name = path.stem
    known = {
        "frames": take.frames,
        "handle_frames": take.handle_frames,
        "start_frames": take.start_frames,
        "model": take.model,
        "seed": take.seed,
        "request_hash": take.request_hash,
        "circled": take.circled,
        "generated": bool(take.model),
        **({"extends": take.extends} if take.extends else {}),
    }
    facts.put_facts(reference, known)
    return reference


def take_of(shot: str, key: str, reference: Any, active: bool) -> Take:
    """The take that a reference stands for; raises ProjectError where its facts are broken or its path leads away."""
    known = facts.facts_of(reference)
    return Take(
        shot=shot,
        key=key,
        media=_inside(path_of(reference)),
        frames=facts.whole(known, "frames", 1, 1),
        handle_frames=facts.whole(known, "handle_frames"),
        start_frames=facts.whole(known, "start_frames", -(10**9)),
        model=facts.text(known, "model"),
        seed=facts.whole(known, "seed"),
        request_hash=facts.text(known, "request_hash"),
        active=active,
        circled=facts.flag(known, "circled"),
        extends=facts.text(known, "extends"),
    )


def panel_references(panels: Sequence[Panel], axis: FrameRange, rate: Rate) -> dict[str, Any]:
    """A shot's panels, each held over the whole axis; when each begins is a fact of it (`at_frames`)."""
    found = {}
    for ordinal, panel in enumerate(sorted(panels, key=lambda panel: panel.at_frames)):
        reference = otio.schema.ExternalReference(target_url=quote(panel.path), available_range=span_of(axis, rate))
        reference.name = PurePosixPath(panel.path).stem
        facts.put_facts(reference, {"at_frames": panel.at_frames, "matched_by": panel.matched_by})
        found[panel_key(ordinal)] = reference
    return found


def panels_of(references: dict[str, Any]) -> tuple[Panel, ...]:
    """The panels among a clip's references, in their order in time."""
    panels = []
    for key, reference in references.items():
        if key.startswith(PANEL):
            known = facts.facts_of(reference)
            matched = facts.text(known, "matched_by")
            panels.append(Panel(_inside(path_of(reference)), facts.whole(known, "at_frames"), matched))
    return tuple(sorted(panels, key=lambda panel: panel.at_frames))


def slate_reference(axis: FrameRange, rate: Rate) -> Any:
    """What a shot has that has nothing yet."""
    return otio.schema.MissingReference(name="slate", available_range=span_of(axis, rate))


def path_of(reference: Any) -> str:
    """Where a reference's media lie, as a path with forward slashes, relative where the edit's is; empty for none."""
    return path_in(getattr(reference, "target_url", None) or getattr(reference, "target_url_base", None) or "")


def path_in(url: str) -> str:
    """The path that a reference's URL means, as `path_of` tells it."""
    if url.startswith("file:"):
        parts = urlsplit(url)
        url = parts.path if parts.netloc in ("", "localhost") else f"//{parts.netloc}{parts.path}"
        if len(url) > 2 and url[0] == "/" and url[2] == ":":  # file:///C:/…
            url = url[1:]
    elif "://" in url:
        return ""
    return unquote(url).rstrip("/")


def file_name(reference: Any) -> str:
    """The name of the file that a reference plays, empty for none: programs rewrite the folders before it."""
    return PurePosixPath(path_of(reference).replace("\\", "/")).name


def url_of(path: str) -> str:
    """A path as a reference holds it: percent-encoded where it is relative, `file://` where it is absolute."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())


def made_absolute(reference: Any, folder: PurePath) -> None:
    """Has a reference whose path starts at `folder` hold the whole path, in place."""
    path = path_of(reference)
    if path and not PurePath(path).is_absolute() and "://" not in path:
        held = "target_url" if hasattr(reference, "target_url") else "target_url_base"
        setattr(reference, held, url_of(str(folder / path)) + ("" if held == "target_url" else "/"))


def moved(reference: Any, frames: int, rate: Rate) -> None:
    """Moves a reference along its shot's axis, in place."""
    if reference.available_range is not None:
        reference.available_range = span_of(range_of(reference.available_range, rate).shifted(frames), rate)


def _inside(path: str) -> str:
    """The path itself where it stays in the project: takes and panels are deleted and hashed by it."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or ".." in parts or ":" in parts[0] or "\\" in path:
        raise ProjectError(
            f"edit.otio has a take or panel outside of the project: “{path[:80]}”.",
            "Copy the file into the project, or restore the edit from .shotwright/snapshots.",
        )
    return path
