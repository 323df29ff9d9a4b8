"""What a picture is everywhere in this room."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Frame = npt.NDArray[np.uint8]
"""(height, width, 3) R'G'B' in BT.709, 0 to 255 full range; (height, width, 4) where straight alpha comes with it."""
