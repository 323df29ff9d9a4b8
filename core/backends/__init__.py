"""Hands that make takes: the worker process, and the engine's side of it."""
