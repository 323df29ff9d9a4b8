"""Scripts and boards in, shots out: Fountain, FDX, `.storyboarder`, CSV shot lists; no model, no edit."""

from .boards import apply_boards
from .breakdown import Breakdown, break_down
from .elements import Board, Element, Screenplay
from .reading import read_script
from .rewriting import Rewrite, rewritten
from .shot_list import read_shot_list, write_shot_list

__all__ = [
    "Board",
    "Breakdown",
    "Element",
    "Rewrite",
    "Screenplay",
    "apply_boards",
    "break_down",
    "read_script",
    "read_shot_list",
    "rewritten",
    "write_shot_list",
]
