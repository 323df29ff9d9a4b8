"""A model by its name, loaded."""

from __future__ import annotations

from pathlib import Path

from . import catalogue, previs_model
from .base import VideoModel
from .folder_profile import profile_of


def load_model(name: str, state: Path) -> VideoModel:
    """The model of that name; raises NotFoundError, InputError or ModelError."""
    if name == previs_model.NAME:
        return previs_model.Previs()
    from .running.runner import Runner

    folder = catalogue.sound_folder_of(name, state)
    return Runner(name, folder, profile_of(folder), state)
