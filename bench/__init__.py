"""Measurements: `python -m bench`, one module each."""
