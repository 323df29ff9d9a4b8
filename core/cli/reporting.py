"""How every command speaks: one JSON object on stdout, or words on the terminal; errors as sentences, never traces."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import EXIT_STOPPED, ShotwrightError, StoppedError, storage_error

if TYPE_CHECKING:
    from rich.console import Console

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


class Report:
    """What a command tells: remarks while it works, one answer at its end."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    @property
    def console(self) -> Console:
        """The terminal for remarks and progress: stderr, so that stdout stays the answer's."""
        from rich.console import Console

        return Console(stderr=True, highlight=False)

    def say(self, words: str) -> None:
        """A remark on stderr."""
        print(words, file=sys.stderr, flush=True)

    def answer(self, data: dict[str, Any], words: str) -> None:
        """The command's answer: `data` under --json, otherwise `words`, on stdout."""
        print(json.dumps(data, ensure_ascii=False) if self.as_json else words, flush=True)

    def table(self, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        """A table on stdout, drawn to the terminal's width; nothing under --json."""
        if self.as_json:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console(highlight=False).print(table)


@contextlib.contextmanager
def reporting(as_json: bool) -> Iterator[Report]:
    """Runs a command's body; what it raises becomes a sentence (or JSON) and the right exit code."""
    # A script's words may hold what the terminal's encoding can't show; that must not end the command.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    report = Report(as_json)
    try:
        yield report
    except KeyboardInterrupt:
        _fail(report, StoppedError("Stopped.", "The same command goes on where it stopped."))
    except ShotwrightError as error:
        _fail(report, error)
    except BrokenPipeError:
        raise typer.Exit(EXIT_STOPPED) from None
    except OSError as error:
        _fail(report, storage_error(error, "working on your files"))
    except MemoryError:
        _fail(report, ShotwrightError("There is not enough memory for this.", "Close other programs, or ask for less."))


def _fail(report: Report, error: ShotwrightError) -> None:
    if report.as_json:
        print(json.dumps({"error": error.to_json()}, ensure_ascii=False), flush=True)
    report.say(f"{error.message} {error.hint}".strip())
    raise typer.Exit(error.exit_code) from None


def span(seconds: float) -> str:
    """A length of time as people say it: `8 s`, `2 min 10 s`, `1 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return f"{whole // 3600} h" + (f" {whole % 3600 // 60} min" if whole % 3600 >= 60 else "")


def amount(size: float) -> str:
    """A count of bytes as people say it: `512 MB`, `3.2 GB`."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}" if size < 10 * scale else f"{size / scale:.0f} {unit}"
    return f"{int(size)} B"
