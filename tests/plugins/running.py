"""Programmes run inside real Blenders, and what they are given."""

import os
import subprocess
import zipfile
from pathlib import Path

import numpy as np
from shotwright.core.client.state_folder import remember_program
from shotwright.core.media.writing import MovieWriter
from shotwright.core.project.plugins import build_blender
from shotwright.core.timing import Rate

ROOT = Path(__file__).parents[2]
PROGRAMMES = Path(__file__).parent / "blender"
VERSIONS = sorted(path.name for path in (ROOT / ".blender").glob("*") if (path / "bin" / "python").exists())


def run_in_blender(version: str, programme: str, folder: Path, state_folder: Path, *words: str) -> tuple[str, str]:
    """Runs one of the programmes with the extension from its zip; what it said on stdout and stderr."""
    remember_program(state_folder)
    unpacked = folder / "package" / "shotwright"
    zipfile.ZipFile(build_blender(folder / "shotwright.zip")).extractall(unpacked)
    python = ROOT / ".blender" / version / "bin" / "python"
    done = subprocess.run(
        [str(python), str(PROGRAMMES / programme), str(folder / "films"), str(unpacked.parent), *words],
        capture_output=True,
        text=True,
        env={**os.environ, "SHOTWRIGHT_STATE": str(state_folder)},
        check=False,
    )
    return done.stdout, done.stderr


def write_numbers(path: Path, rate: str = "24") -> None:
    """A movie of 60 frames whose grey tells which one it is: 10 + 4 n of 255."""
    with MovieWriter(path, (160, 90), Rate.parse(rate), "prores", 86400) as movie:
        for number in range(60):
            movie.write(np.full((90, 160, 3), 10 + 4 * number, np.uint8))
