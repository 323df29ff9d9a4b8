"""The durable job table: the truth about every take that was asked for."""

from .rows import Job
from .table import JobTable

__all__ = ["Job", "JobTable"]
