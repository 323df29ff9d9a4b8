"""The child process that loads models and makes frames. It may be killed at any moment."""
