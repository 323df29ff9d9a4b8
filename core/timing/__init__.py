"""Rates, timecode and frame ranges: exact, rational, standard library only (this room is imported inside hosts)."""

from .length import parse_length
from .ranges import FrameRange
from .rate import Rate
from .timecode import format_timecode, parse_timecode

__all__ = ["FrameRange", "Rate", "format_timecode", "parse_length", "parse_timecode"]
