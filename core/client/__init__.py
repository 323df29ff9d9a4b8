"""Finding, launching and calling the engine. Standard library only: this room is imported inside hosts."""

from .engine_client import EngineClient
from .launching import ensure_engine, find_engine

__all__ = ["EngineClient", "ensure_engine", "find_engine"]
