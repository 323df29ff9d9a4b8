"""Shotwright's core: everything that needs no host and no window."""

__version__ = "0.1.0"
