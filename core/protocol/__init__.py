"""What travels between the parts: take requests, deliveries, jobs and their events. JSON, standard library only."""

from .board import Board, Stroke
from .delivery import Delivery
from .host_edit import HostEdit, HostItem, HostJoin, HostMarker, HostTrack
from .jobs import JOB_STATES, JobEvent, JobRecord
from .take_request import DRAFT, SPEEDS, Known, MediaRange, Prompt, Sampling, TakeRequest

WIRE_VERSION = 1

__all__ = [
    "DRAFT",
    "JOB_STATES",
    "SPEEDS",
    "WIRE_VERSION",
    "Board",
    "Delivery",
    "HostEdit",
    "HostItem",
    "HostJoin",
    "HostMarker",
    "HostTrack",
    "JobEvent",
    "JobRecord",
    "Known",
    "MediaRange",
    "Prompt",
    "Sampling",
    "Stroke",
    "TakeRequest",
]
