"""`shotwright jobs`: what the engine is doing, and changing that."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .reporting import JsonFlag, Report, reporting

app = typer.Typer(help="List jobs; cancel, retry or hurry them; pause the queue.", invoke_without_command=True)


@app.callback()
def list_jobs(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only jobs in this state.")] = None,
    json: JsonFlag = False,
) -> None:
    """List the engine's jobs, the newest last."""
    if context.invoked_subcommand is not None:
        return
    with reporting(json) as report:
        from ..client import find_engine
        from ..errors import UsageError
        from ..protocol import JOB_STATES

        if state is not None and state not in JOB_STATES:
            raise UsageError(f"No job is ever “{state}”.", f"States are {', '.join(JOB_STATES)}.")
        client = find_engine()
        rows: list[dict[str, Any]] = client.jobs(state) if client else []
        report.table(
            ("id", "state", "done", "shot", "message"),
            [
                (
                    row["id"],
                    row["state"],
                    f"{row['progress']:.0%}",
                    f"{row['shot']} {row['take']}".strip(),
                    (row["error"] or {}).get("message", ""),
                )
                for row in rows
            ],
        )
        report.answer({"jobs": rows}, f"{len(rows)} jobs." if client else "No engine runs, so no jobs do.")


def _engine(report: Report) -> Any:
    from ..client import ensure_engine

    return ensure_engine()


def _on_job(job_id: str, verb: str, json: bool) -> None:
    with reporting(json) as report:
        job = getattr(_engine(report), verb)(job_id)
        report.answer(job, f"{job_id}: {job['state']}.")


@app.command()
def cancel(job_id: str, json: JsonFlag = False) -> None:
    """Stop a job."""
    _on_job(job_id, "cancel", json)


@app.command()
def retry(job_id: str, json: JsonFlag = False) -> None:
    """Queue a failed or cancelled job again; it goes on where it stopped."""
    _on_job(job_id, "retry", json)


@app.command()
def first(job_id: str, json: JsonFlag = False) -> None:
    """Move a job to the front of the queue."""
    _on_job(job_id, "first", json)


def _on_queue(verb: str, words: str, json: bool) -> None:
    with reporting(json) as report:
        report.answer(getattr(_engine(report), verb)(), words)


@app.command()
def pause(json: JsonFlag = False) -> None:
    """Start no further job until resumed."""
    _on_queue("pause", "The queue is paused; the job that runs goes on.", json)


@app.command()
def resume(json: JsonFlag = False) -> None:
    """Go on with the queue."""
    _on_queue("resume", "The queue goes on.", json)


@app.command()
def unload(json: JsonFlag = False) -> None:
    """Give the GPU back: put the warm model away."""
    _on_queue("unload", "The model is put away.", json)
