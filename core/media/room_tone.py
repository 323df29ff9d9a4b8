"""Room tone: the sound of a place where nobody speaks, grown from a clip's own quiet parts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_WINDOW_SECONDS = 0.05
_PART_SECONDS = 0.4  # the stretch that tone is grown from
_GRAIN_SECONDS = 0.2
FADE_SECONDS = 0.06  # over which a clip's sound gives way to tone


def quiet_part(samples: Samples, samples_a_second: int) -> Samples:
    """The quietest stretch of sound (samples, channels), 0.4 s or what there is; digital silence is no room."""
    window = max(1, round(_WINDOW_SECONDS * samples_a_second))
    length = min(len(samples), round(_PART_SECONDS * samples_a_second))
    count = len(samples) // window
    if count < 2 or length < 2 * window:
        return samples
    power = (samples[: count * window].reshape(count, -1) ** 2).mean(1)
    wide = max(1, length // window)
    sums = np.convolve(power, np.ones(wide), "valid")
    # Loudest window, not the mean: a click in a quiet stretch would come back with every grain.
    peaks = np.array([power[i : i + wide].max() for i in range(len(sums))])
    heard = np.array([bool((power[i : i + wide] > 0).all()) for i in range(len(sums))])
    at = int(np.argmin(np.where(heard, peaks, np.inf))) if heard.any() else 0
    return samples[at * window : at * window + length]


def grown(part: Samples, count: int, samples_a_second: int, seed: int) -> Samples:
    """So many samples (count, channels) of tone out of a quiet stretch: grains of it, laid over one another at random.

    Grains fade in and out by quarter sines, so that unlike grains keep the stretch's loudness.
    """
    channels = part.shape[1]
    grain = min(len(part), max(2, round(_GRAIN_SECONDS * samples_a_second)))
    if count <= 0 or grain < 2 or not part.any():
        return np.zeros((max(0, count), channels), np.float32)
    hop = grain // 2
    rng = np.random.default_rng(seed)
    fade = np.sin(np.linspace(0, np.pi, grain, endpoint=False, dtype=np.float32))[:, None]
    tone = np.zeros((count + 2 * grain, channels), np.float32)
    for at in range(0, count + grain, hop):
        begin = int(rng.integers(0, len(part) - grain + 1))
        piece = part[begin : begin + grain]
        tone[at : at + grain] += (piece[::-1] if rng.random() < 0.5 else piece) * fade
    return tone[hop : hop + count]


def joined(sound: Samples, tone: Samples, fade: int, tone_first: bool = False) -> Samples:
    """Sound (samples, channels) and then tone, or tone before it, faded into one another over the tone's edge.

    The sound itself is untouched: what it ends with fades out under the tone's beginning, mirrored.
    """
    if tone_first:
        return joined(sound[::-1], tone[::-1], fade)[::-1]
    fade = min(fade, len(sound), len(tone))
    tone = tone.copy()
    if fade:
        falling = np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None]
        tone[:fade] = tone[:fade] * np.sqrt(1 - falling**2) + sound[-1 : -fade - 1 : -1] * falling
    return np.concatenate([sound, tone])
