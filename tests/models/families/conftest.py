from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from shotwright.core.models.diffusers_folder import FamilyModel, load_pipeline
from shotwright.core.models.folder_profile import profile_of


@pytest.fixture(scope="session")
def model(pipelines: dict[str, Path]) -> Callable[[str], FamilyModel]:
    """A tiny model by its kind's name: real classes, random weights."""

    @cache
    def load(name: str) -> FamilyModel:
        folder = pipelines[name]
        return FamilyModel(name, profile_of(folder), load_pipeline(name, folder))

    return load
