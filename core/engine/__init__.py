"""The engine: one process per user on loopback that owns the jobs and the films' edits. It never imports torch."""
