"""The words that captions use, gathered by asking the captioner often; training needs it once."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ..text import Vocabulary
from ..world.caption import caption
from ..world.scene import make_world

_CAPTIONS = 12_000
_SEEN_AT_LEAST = 12  # invented names are rarer and fall into the buckets, as a script's names do


def gather_vocabulary() -> Vocabulary:
    """The vocabulary of the captioner; the same every time."""
    rng = np.random.default_rng(7)
    counts: Counter[str] = Counter()
    cleaner = Vocabulary(())
    for _ in range(_CAPTIONS):
        counts.update(cleaner.split(caption(make_world(rng), rng)))
    return Vocabulary(sorted(word for word, count in counts.items() if count >= _SEEN_AT_LEAST))
