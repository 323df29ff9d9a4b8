"""A take that follows what a host has blocked in 3D: which shot it is, and what is asked of a model.

pictures    [ h |===========| h ]      the camera's view, frame by frame, with the film's handles
depth       [ h |===========| h ]      how far away all of it is: white is near; only for models that can read it

A model that reads depth is given the depth, and makes light, surfaces and forms after the words. One that can hold
frames in part is given the pictures, kept in part: it restyles them. One that can do both is given the pictures too
where some of them is to be kept. Any other refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..errors import NotFoundError, RefusedError
from ..film import ProjectSettings, Shot
from ..film.take import take_key
from ..planner import ModelLimits
from ..protocol import Known, MediaRange, Prompt, TakeRequest
from ..timing import FrameRange
from .folder import Film
from .requests import take_delivery, take_request
from .takes import PlannedTake, chosen_shots, default_seed

# Of pictures that are all there is to follow, where nothing else is asked for: their forms and moves stay, light and
# colour become what the words say.
KEEP = 0.4


@dataclass(frozen=True)
class Blocking:
    """`frames` of a shot from its cut-in on, with `handle_frames` at each end; movies by their SHA-256.

    `depth` is empty without. `keep` is how much of the pictures stays, 0 for as little as can be; `prompt` says
    something else than the shot does.
    """

    frames: int
    handle_frames: int
    pictures: str
    depth: str = ""
    keep: float = 0.0
    prompt: str = ""


def blocked_shot(film: Film, names: Iterable[str], first: int, frames: int) -> dict[str, Any]:
    """The first shot of these names and which record frames are to be drawn of it.

    As JSON: `shot`; `first`, where its cut-in stands in the record, and `frames` from there on, so that its clip is
    covered that plays at record frame `first`, or else its first one, and as they were given where it is in no cut;
    `handle_frames` at each end; `size`. Raises NotFoundError.
    """
    from ..timeline.cutting import clips_of

    shots = {shot.name.casefold(): shot for shot in film.shot_list().shots}
    asked = [name for name in names if name]
    shot = next((shots[name.casefold()] for name in asked if name.casefold() in shots), None)
    if shot is None:
        raise NotFoundError(
            f"There is no shot “{asked[0][:60] if asked else ''}” in the film.",
            "Call the camera, or the marker that it is bound to, as the shot is called: "
            f"{', '.join(each.name for each in list(shots.values())[:8])}.",
        )
    settings = film.settings()
    handle = settings.handle_frames
    clips = [clip for clip in clips_of(film.edit()) if clip.shot_id == shot.shot_id]
    clip = next((clip for clip in clips if first in clip.record), clips[0] if clips else None)
    if clip is not None:
        hidden = round(clip.start) - clip.cut_in  # how much later than the cut-in it begins, earlier below 0
        first, frames = clip.record.start - hidden, len(clip.record) + hidden
        handle += max(0, -hidden)
    return {
        "shot": shot.name,
        "first": first,
        "frames": max(1, frames),
        "handle_frames": handle,
        "size": list(settings.size),
    }


def follow_request(
    settings: ProjectSettings,
    shot: Shot,
    blocking: Blocking,
    limits: ModelLimits,
    seed: int,
    media_hash: Callable[[str], str],
    model: str,
) -> TakeRequest:
    """What a take of a shot asks for that follows its blocking; as `take_request`, and raises RefusedError."""
    asked = take_request(settings, shot, seed, media_hash, model)
    total = FrameRange(0, blocking.frames + 2 * blocking.handle_frames)

    follows = []
    if blocking.depth and "depth" in limits.roles:
        follows.append(Known(total, MediaRange(blocking.depth, total, settings.rate), "depth", 1.0))
    if "frame" in limits.roles and limits.partial_keep and (blocking.keep or not follows):
        kept = blocking.keep or KEEP
        follows.append(Known(total, MediaRange(blocking.pictures, total, settings.rate), "frame", kept))
    if not follows:
        raise RefusedError(
            f"The model “{asked.model}” can't follow a blocking: it reads no depth, and holds no frames in part.",
            "Choose another model.",
        )
    later = blocking.handle_frames - settings.handle_frames
    panels = [replace(panel, frames=panel.frames.shifted(later)) for panel in asked.known]
    return replace(
        asked,
        prompts=(Prompt(blocking.prompt or shot.prompt),),
        frames=len(total),
        known=(*(panel for panel in panels if panel.frames.end <= total.end), *follows),
    )


def plan_follow(
    film: Film,
    name: str,
    blocking: Blocking,
    limits: ModelLimits,
    model: str,
    seed: int | None,
    media_hash: Callable[[str], str],
    highest_taken: Callable[[Film, str], int],
) -> PlannedTake:
    """The take of a shot that follows its blocking, with a number behind all that are taken.

    The same blocking after the same words has the same `job_key`. Raises NotFoundError for no such shot, and as
    `follow_request`.
    """
    settings, shots, edit = film.settings(), film.shot_list().shots, film.edit()
    (shot,) = chosen_shots(shots, [name])
    seed = default_seed(shot.shot_id, blocking.pictures) if seed is None else seed
    request = follow_request(settings, shot, blocking, limits, seed, media_hash, model)
    key = take_key(max(edit.next_take_number(shot.shot_id), highest_taken(film, shot.name) + 1))
    given = take_delivery(settings, shot, shots.index(shot), key)
    start = given.start_frames + given.handle_frames - blocking.handle_frames
    delivery = replace(given, handle_frames=blocking.handle_frames, start_frames=start)
    same = blocking.handle_frames, seed, request.hash_without_seed()
    job_key = f"follow:{film.path}:{shot.shot_id}:{same}"
    return PlannedTake(shot, key, request, delivery, job_key)
