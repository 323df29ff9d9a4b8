"""The calls that concern films: each names its project folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from ..errors import ShotwrightError
from ..film import Scene, Shot
from ..project.following import Blocking
from ..project.takes import Wish
from ..protocol import Board, HostEdit
from ..timeline.steps import Bridge, Extension
from .desk import Desk
from .film_edits import NewTake
from .models import ModelShelf


class _FilmBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    film: str


@dataclass(frozen=True, kw_only=True)
class GenerateBody(Wish):
    """A film, and which of its shots want takes."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    film: str


class ShotsBody(_FilmBody):
    """A whole new shot list."""

    scenes: tuple[Scene, ...]
    shots: tuple[Shot, ...]


class TakeBody(_FilmBody):
    """One change to one take."""

    change: Literal["activate", "circle", "uncircle"]
    shot: str
    take: str


class PruneBody(_FilmBody):
    """Without `delete` the takes are only listed."""

    delete: bool = False


class NextTakeBody(_FilmBody):
    """The shot that wants a number for its next take."""

    shot_id: str


@dataclass(frozen=True, kw_only=True)
class AddBody(NewTake):
    """A film, and a take that was made elsewhere; its movie lies in the film already."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    film: str


@dataclass(frozen=True, kw_only=True)
class ExtendBody(Extension):
    """A film, and a clip of its edit that plays more frames; its new media lie in the film already."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    film: str
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class BridgeBody(Bridge):
    """A film, and a movie for the gap behind a clip of its edit; it lies in the film already."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    film: str
    key: str = ""


class BlockingBody(_FilmBody):
    """Names that a shot may have which is blocked in a host, from record frame `first` on, so many frames."""

    names: tuple[str, ...]
    first: int
    frames: int


@dataclass(frozen=True, kw_only=True)
class FollowBody(Blocking):
    """A film, a shot of it, and what was blocked of that; the movies are known to the engine."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    film: str
    shot: str
    model: str = ""
    seed: int | None = None


class BoardsBody(_FilmBody):
    """What stands over the film's shots in a host, as `protocol.Board` has it."""

    boards: list[dict[str, Any]]


class ScriptBody(_FilmBody):
    """A rewritten script."""

    file: str


class HostBody(_FilmBody):
    """A host that shows the film."""

    host: str


class TimelineBody(HostBody):
    """A host's timeline, and which exchange it showed."""

    exchange: int
    edit: dict[str, Any]


class SyncBody(_FilmBody):
    """A program that the film's edit is exchanged with; its file, where not the one of last time."""

    host: str
    file: str | None = None


def film_routes(desk: Desk, shelf: ModelShelf) -> APIRouter:
    """The routes under /v1/films."""
    from ..project import boards, following, host_timelines, overview, rewrite
    from . import film_edits, films

    router = APIRouter(prefix="/v1/films")
    film_desk = films.FilmDesk(desk, shelf)

    @router.post("/generate")
    def generate(body: GenerateBody) -> JSONResponse:
        """Queue takes for a film's shots: `jobs`, and an `estimate` of seconds, disk_bytes and memory_bytes."""
        return JSONResponse(film_desk.generate(films.open_film(body.film), body))

    @router.post("/shots")
    def shots(body: ShotsBody) -> dict[str, int]:
        """Give a film a new shot list; its edit follows, its takes stay."""
        from ..project.shot_changes import replace_shots

        replace_shots(films.open_film(body.film), body.scenes, body.shots)
        return {"scenes": len(body.scenes), "shots": len(body.shots)}

    @router.post("/takes")
    def takes(body: TakeBody) -> dict[str, Any]:
        """Activate, circle or uncircle a take; the shot's takes after it."""
        changed = films.change_take(films.open_film(body.film), body.change, body.shot, body.take)
        return {"takes": [asdict(take) for take in changed]}

    @router.post("/takes/list")
    def list_takes(body: _FilmBody) -> dict[str, Any]:
        """All takes of a film, each with `shot, key, active, circled, stale, stale_because, media`; its `bridges`."""
        from ..project.takes import standing

        return standing(films.open_film(body.film)).to_json()

    @router.post("/prune")
    def prune(body: PruneBody) -> dict[str, Any]:
        """Delete the media of takes that neither play nor are circled: `takes` and their `bytes`."""
        return films.prune_takes(films.open_film(body.film), body.delete)

    @router.post("/takes/next")
    def next_take(body: NextTakeBody) -> dict[str, Any]:
        """The number of a shot's next take, given to nobody else: `take`, `shot`, `delivery`."""
        return film_desk.next_take(films.open_film(body.film), body.shot_id)

    @router.post("/takes/add")
    def add(body: AddBody) -> dict[str, Any]:
        """Put a take into the edit that was made elsewhere: `edit`, whether it is `active`, `notices`."""
        return film_edits.add_take(films.open_film(body.film), body)

    @router.post("/extend")
    def extend(body: ExtendBody) -> dict[str, Any]:
        """Extend a clip in the edit, by real frames or by its new media: `edit`, `notices`."""
        return film_edits.extend_clip(films.open_film(body.film), body, body.key)

    @router.post("/bridge")
    def bridge(body: BridgeBody) -> dict[str, Any]:
        """Fill the gap behind a clip: `edit`, `notices`."""
        return film_edits.bridge_gap(films.open_film(body.film), body, body.key)

    @router.post("/overview")
    def look(body: _FilmBody) -> dict[str, Any]:
        """What there is of a film: `model`, `shots`, `takes` with posters, `bridges`; and what all that is `missing`
        would cost: `takes`, `seconds`, `disk_bytes`, `memory_bytes`, or the `error` why nobody knows."""
        film = films.open_film(body.film)
        try:
            missing = film_desk.estimate(film, Wish(missing=True))
        except ShotwrightError as error:  # a model that is gone: all the rest is there to be seen
            missing = {"error": error.to_json()}
        return {**overview.overview(film), "missing": missing}

    @router.post("/panels")
    def panels(body: BoardsBody) -> dict[str, Any]:
        """Make what a host draws over the shots their panels: `panels`, `notices`."""
        found = [Board.from_json(each) for each in body.boards]
        return boards.add_boards(films.open_film(body.film), found)

    @router.post("/blocking")
    def blocking(body: BlockingBody) -> dict[str, Any]:
        """Which shot of these names there is, and what is to be drawn of it: `shot, first, frames, handle_frames,
        size`."""
        return following.blocked_shot(films.open_film(body.film), body.names, body.first, body.frames)

    @router.post("/follow")
    def follow(body: FollowBody) -> JSONResponse:
        """Queue a take that follows what was blocked of its shot: `job`, and its `estimate`."""
        film = films.open_film(body.film)
        return JSONResponse(film_desk.follow(film, body.shot, body, body.model, body.seed))

    @router.post("/host/show")
    def show(body: HostBody) -> JSONResponse:
        """The edit for a host's timeline: `edit`, which `exchange` it is, what is `lost` there."""
        return JSONResponse(host_timelines.show(films.open_film(body.film), body.host))

    @router.post("/host/take")
    def take_in(body: TimelineBody) -> dict[str, Any]:
        """Take in a host's timeline that showed an `exchange`: which it shows now, `applied`, `conflicts`."""
        edit = HostEdit.from_json(body.edit)
        return host_timelines.take_in(films.open_film(body.film), body.host, body.exchange, edit)

    @router.post("/script/update")
    def update_script(body: ScriptBody) -> dict[str, Any]:
        """Merge a rewritten script into the film: names of shots `added`, `changed`, `omitted`, `kept`."""
        return rewrite.update_script(films.open_film(body.film), films.absolute(body.file))

    @router.post("/script/lock")
    def lock_numbers(body: _FilmBody) -> dict[str, Any]:
        """Lock the numbers of scenes and shots."""
        return rewrite.lock_numbers(films.open_film(body.film))

    @router.post("/script/timing")
    def take_timing(body: _FilmBody) -> dict[str, Any]:
        """Give shots and panels the timing that they have in the cut: names `changed`."""
        return rewrite.take_timing(films.open_film(body.film))

    @router.post("/sync/{what}")
    def sync(what: Literal["push", "pull", "undo"], body: SyncBody) -> dict[str, Any]:
        """Send the edit to another program, take in what it changed, or undo that: `state`, `applied`, `conflicts`,
        `lost`."""
        from ..project.sync import Exchange

        film = films.open_film(body.film)
        exchange = Exchange(film, body.host, films.absolute(body.file) if body.file else None)
        return {"push": exchange.push, "pull": exchange.pull, "undo": exchange.undo}[what]().to_json()

    return router
