"""How fast an item runs through its media: the one place that says what a retime means in an edit.

OTIO's ranges know nothing of effects. So `source_range.duration` is how long a clip plays in the cut, in record frames,
whatever its speed, and `source_range.start_time` is a time in its media. That is how EDLs are read and written
(otio-cmx3600-adapter: the record length is the range's, source out is in + length × scalar), how Hiero's exporter
writes and how AYON reads. Drawn for 6 record frames from media frame 100 on:

    time_scalar    1    plays 100 101 102 103 104 105     media used: 100 + 6
    time_scalar    2    plays 100 102 104 106 108 110     media used: 100 + 12
    time_scalar  1/2    plays 100 100 101 101 102 102     media used: 100 + 3
    time_scalar   -1    plays 105 104 103 102 101 100     media used: 100 + 6
    FreezeFrame         plays 100 100 100 100 100 100     media used: 100 + 1

`start_time` is the earliest frame used also where a clip runs backwards, as with Hiero and AYON (Premiere's exports are
of two minds there: OTIO's issue 1890). A start between two media frames is kept, so that a cut changes no played frame.
Several retimes on one clip multiply.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import opentimelineio as otio


def speed_of(item: Any) -> Fraction | None:
    """Media frames a record frame; 0 for what holds (a freeze frame, a gap), None where the speed changes over time."""
    if isinstance(item, otio.schema.Gap):
        return Fraction(0)
    speed = Fraction(1)
    for effect in item.effects:
        if not isinstance(effect, otio.schema.TimeEffect) or not effect.enabled:
            continue
        if not isinstance(effect, otio.schema.LinearTimeWarp) or not math.isfinite(effect.time_scalar):
            return None
        speed *= Fraction(effect.time_scalar)
    return speed
