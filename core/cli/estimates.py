"""What work will take, told before it begins."""

from __future__ import annotations

from typing import Any

from .reporting import Report, amount, span


def tell_estimate(estimate: dict[str, Any], jobs: int, report: Report) -> None:
    """Says time, disk and memory of so many takes: `seconds`, `disk_bytes`, `memory_bytes` of the estimate."""
    if not jobs:
        return
    report.say(
        f"{jobs} takes: about {span(estimate['seconds'])}, {amount(estimate['disk_bytes'])} of disk, "
        f"{amount(estimate['memory_bytes'])} of memory."
    )
