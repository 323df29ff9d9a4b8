"""A previs model too small to paint anything, and a pool of a few scenes."""

from pathlib import Path

import pytest
import torch
from shotwright.core.models.previs import eye, mover, painter
from shotwright.core.models.previs.layers import ELEMENT, PLATE, POSES
from shotwright.core.models.previs.model import PrevisModel
from shotwright.core.models.previs.reader import Reader, Shape
from shotwright.core.models.previs.telling import ELEMENT_TOLD, PLATE_TOLD
from shotwright.core.models.previs.text import Vocabulary
from shotwright.core.models.previs.training.pool import Pool
from shotwright.core.models.previs.weight_files import write_part

WORDS = Vocabulary(["car", "red", "sea", "pan-left"])
SMALL = {"width": 32, "depth": 1, "heads": 2, "words": 16}
PLATES = painter.Shape(4, *PLATE, PLATE_TOLD, 4, fine=8, **SMALL)
ELEMENTS = painter.Shape(4 * POSES, *ELEMENT, ELEMENT_TOLD, 3, fine=8, **SMALL)
MOVES = mover.Shape(**SMALL)


def write_tiny(folder: Path) -> None:
    """Weights of a model that has learnt nothing."""
    torch.manual_seed(0)
    reader = Reader(Shape(len(WORDS), 16))
    write_part(folder, "reader", reader.shape, reader.state_dict(), {"words": " ".join(WORDS.words), "captions": 0})
    for part, shape in (("plate", PLATES), ("elements", ELEMENTS)):
        network = painter.Painter(shape)
        torch.nn.init.normal_(network.head.weight, std=0.1)
        write_part(folder, part, shape, network.state_dict(), {"samples": 0})
    looker = eye.Eye(eye.Shape(16, 16))
    write_part(folder, "eye", looker.shape, looker.state_dict(), {"samples": 0})
    planner = mover.Mover(MOVES)
    planner.mean[-1] = planner.mean[101] = 1.0  # both elements are there
    planner.scale[:] = 0.1
    write_part(folder, "moves", MOVES, planner.state_dict(), {"samples": 0})


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    write_tiny(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_weights: Path) -> PrevisModel:
    return PrevisModel.load(tiny_weights)


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    pool = Pool(tmp_path_factory.mktemp("pool"), 24)
    for slot in range(24):
        pool.fill(slot, slot + 1)
    return pool
