"""Progress on the terminal: bars with the time left where someone watches, a line now and then where nobody does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .reporting import Report, span

if TYPE_CHECKING:
    from rich.progress import Progress

_SECONDS_BETWEEN_LINES = 10.0


class Meter:
    """Rows of work, each with a share done from 0 to 1."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rows: dict[str, float] = {}
        self._tasks: dict[str, int] = {}
        self._said = time.monotonic()
        self._bars: Progress | None = None
        if report.console.is_terminal:
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
            self._bars = Progress(*columns, TimeRemainingColumn(), console=report.console)
            self._bars.start()

    def show(self, row: str, share: float, seconds_left: float | None = None) -> None:
        """Puts a row's share where it stands now."""
        if self._bars is not None:
            if row not in self._tasks:
                self._tasks[row] = self._bars.add_task(row, total=1.0)
            self._bars.update(self._tasks[row], completed=share)  # type: ignore[arg-type]
            return
        due = time.monotonic() - self._said > _SECONDS_BETWEEN_LINES
        if (share >= 1 and self._rows.get(row, 0) < 1) or due:
            left = f", {span(seconds_left)} left" if seconds_left and share < 1 else ""
            self._report.say(f"{row}: {share:.0%}{left}")
            self._said = time.monotonic()
        self._rows[row] = share

    def close(self) -> None:
        """Takes the bars off the terminal, leaving them as they stand."""
        if self._bars is not None:
            self._bars.stop()


@contextlib.contextmanager
def metering(report: Report) -> Iterator[Meter]:
    """A meter that is always closed."""
    meter = Meter(report)
    try:
        yield meter
    finally:
        meter.close()


@contextlib.contextmanager
def counting(report: Report, row: str) -> Iterator[Callable[[int, int], None]]:
    """One row fed by counts: call it with (done, all)."""
    with metering(report) as meter:
        yield lambda done, total: meter.show(row, done / max(1, total))
