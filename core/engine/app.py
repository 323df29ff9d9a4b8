"""The HTTP service: version 1 of the wire, put together."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse

from .. import __version__
from ..errors import NotFoundError, StateError, UsageError
from ..protocol import JOB_STATES, Delivery, JobRecord, TakeRequest, fields
from ..protocol.jobs import DONE
from .actions import Actions
from .answers import answer_errors
from .desk import Desk
from .film_routes import film_routes
from .models import ModelShelf
from .reference import TAKE_BODY, page

_JOB: dict[int | str, dict[str, Any]] = {200: {"model": JobRecord}}


def _told(record: JobRecord) -> JSONResponse:
    # A JSONResponse of its own: FastAPI's encoder would take longer than all the rest of a call.
    return JSONResponse(record.to_json())


def create_app(desk: Desk, actions: Actions) -> FastAPI:
    """The app over a desk; who may call it is the guard's to say."""
    app = FastAPI(
        title="Shotwright engine",
        version=__version__,
        description="Every call but /v1/health needs `Authorization: Bearer TOKEN`.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    answer_errors(app)
    shelf = ModelShelf(desk.state)
    _take_routes(app, desk, shelf)
    _queue_routes(app, desk, shelf)
    _media_routes(app, desk)
    _action_routes(app, actions)
    app.include_router(film_routes(desk, shelf))

    @app.get("/v1/health")
    def health() -> dict[str, str]:
        """The version, to whoever asks; needs no token."""
        return {"version": __version__}

    @app.get("/v1/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()))

    return app


def _take_routes(app: FastAPI, desk: Desk, shelf: ModelShelf) -> None:
    @app.post("/v1/takes", responses=_JOB, openapi_extra=TAKE_BODY)
    def submit(body: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        """Queue a take. The same `key` gives the same job; without one two posts are two jobs."""
        key = fields.text(body, "key", longest=200) if body.get("key") is not None else None
        delivery = Delivery.from_json(body.get("delivery", {}))
        request = TakeRequest.from_json({name: body[name] for name in body if name not in ("key", "delivery")})
        shelf.plan(request)  # a request that the model can't serve is refused now, not when its turn comes
        return _told(desk.submit(request, delivery, key))

    @app.get("/v1/jobs")
    def jobs(state: str | None = None) -> JSONResponse:
        """All jobs in line, or those in one state, as `{"jobs": [...]}`."""
        if state is not None and state not in JOB_STATES:
            raise UsageError(f"No job is ever “{state[:40]}”.", f"States are {', '.join(JOB_STATES)}.")
        return JSONResponse({"jobs": [record.to_json() for record in desk.jobs(state)]})

    @app.get("/v1/jobs/{job_id}", responses=_JOB)
    def job(job_id: str) -> JSONResponse:
        """One job as it stands."""
        return _told(desk.job(job_id))

    @app.get("/v1/jobs/{job_id}/media", response_class=FileResponse)
    def media_of_job(job_id: str) -> FileResponse:
        """The finished file of a job."""
        record = desk.job(job_id)
        if record.state != DONE or record.output is None:
            raise StateError(f"Job {job_id} is {record.state}; it has no file yet.", "Ask again when it is done.")
        output = Path(record.output)
        if output.is_dir():
            raise StateError("This take is a sequence of pictures, not one file.", "Read them at the job's output.")
        if not output.is_file():
            raise NotFoundError("The take's file is gone from where it was put.", "Ask for a new take.")
        return FileResponse(output, filename=output.name)

    @app.post("/v1/jobs/{job_id}/cancel", responses=_JOB)
    def cancel(job_id: str) -> JSONResponse:
        """Stop a job, within 2 seconds; its chunks are kept for a retry."""
        return _told(desk.cancel(job_id))

    @app.post("/v1/jobs/{job_id}/retry", responses=_JOB)
    def retry(job_id: str) -> JSONResponse:
        """Queue a failed or cancelled job again; it goes on where it stopped."""
        return _told(desk.retry(job_id))

    @app.post("/v1/jobs/{job_id}/first", responses=_JOB)
    def first(job_id: str) -> JSONResponse:
        """Move a waiting job to the front."""
        return _told(desk.first(job_id))


def _queue_routes(app: FastAPI, desk: Desk, shelf: ModelShelf) -> None:
    def _queue() -> dict[str, Any]:
        return {"paused": desk.table.is_paused(), "jobs": desk.table.counts()}

    @app.get("/v1/queue")
    def queue() -> dict[str, Any]:
        """Whether the queue is paused, and how many jobs are in each state."""
        return _queue()

    @app.post("/v1/queue/pause")
    def pause() -> dict[str, Any]:
        """Start no further job; the one that runs goes on."""
        desk.set_paused(True)
        return _queue()

    @app.post("/v1/queue/resume")
    def resume() -> dict[str, Any]:
        """Go on with the queue."""
        desk.set_paused(False)
        return _queue()

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        """Every model: `name, family, jobs, limits, licence, fits, source, domain`."""
        return {"models": shelf.rows()}

    @app.post("/v1/models/unload")
    def unload() -> dict[str, bool]:
        """Give the GPU back as soon as no job runs; `unloaded` says whether that is done already."""
        return {"unloaded": desk.unload()}

    @app.get("/v1/events", response_class=StreamingResponse)
    async def events() -> StreamingResponse:
        """Job events as they happen (text/event-stream): states, progress 0 to 1, previews as JPEG in base64."""
        heard = desk.hub.listen()

        async def lines() -> AsyncIterator[str]:
            async for event in heard:
                yield ": alive\n\n" if event is None else f"event: job\ndata: {json.dumps(event.to_json())}\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _action_routes(app: FastAPI, actions: Actions) -> None:
    @app.post("/v1/actions")
    def start(body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        """Run a command on a film, as a host asks for it: `id, command, state, answer, error`."""
        return actions.start(body).to_json()

    @app.get("/v1/actions/{action_id}")
    def action(action_id: str) -> dict[str, Any]:
        """How an action stands: `running`, `done`, `failed` or `cancelled`."""
        return actions.find(action_id).to_json()

    @app.post("/v1/actions/{action_id}/cancel")
    def cancel_action(action_id: str) -> dict[str, Any]:
        """Stop an action; what it made so far is kept for when it is asked for again."""
        found = actions.find(action_id)
        found.cancel()
        return found.to_json()


def _media_routes(app: FastAPI, desk: Desk) -> None:
    @app.put("/v1/media/{sha256}", status_code=201)
    async def put_media(sha256: str, request: Request) -> dict[str, str]:
        """Keep a medium, sent as it is; refused when its SHA-256 is another."""
        await desk.media.receive(sha256, request.stream())
        return {"sha256": sha256}

    @app.head("/v1/media/{sha256}", include_in_schema=False)
    @app.get("/v1/media/{sha256}", response_class=FileResponse)
    def get_media(sha256: str) -> Response:
        """A medium that the engine has; HEAD asks whether it has."""
        return FileResponse(desk.media.find(sha256), media_type="application/octet-stream")
