"""Pictures in other primaries or with more range than a screen's, brought into BT.709."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .frame import Frame

Table = npt.NDArray[np.float32]
Coded = npt.NDArray[np.uint16]

# R, G, B of the source's primaries as R, G, B of BT.709's, white D65 in all (ITU-R BT.2087-0; SMPTE EG 432-1).
_TO_BT709 = {
    "bt2020": ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)),
    "smpte431": ((1.2249, -0.2249, 0.0), (-0.0420, 1.0420, 0.0), (-0.0197, -0.0786, 1.0983)),
    "smpte432": ((1.2249, -0.2249, 0.0), (-0.0420, 1.0420, 0.0), (-0.0197, -0.0786, 1.0983)),
}
_HDR = ("smpte2084", "hlg")
_SCREEN_GAMMA = 2.4  # ITU-R BT.1886
_WHITE_NITS = 203.0  # diffuse white of PQ and HLG programmes: ITU-R BT.2408
_PEAK_NITS = 1000.0
_HLG_SYSTEM_GAMMA = 1.2  # at that peak: ITU-R BT.2100, table 5
_STEPS = 65536


def is_wide(primaries: str, transfer: str) -> bool:
    """Whether pictures tagged so need bringing into BT.709."""
    return primaries in _TO_BT709 or transfer in _HDR


def into_bt709(coded: Coded, primaries: str, transfer: str) -> Frame:
    """(height, width, 3) R'G'B' of 16 bits, full range, tagged so, as 8-bit R'G'B' in BT.709.

    Light is taken by the tagged curve, moved to BT.709's primaries (what lies outside is clipped) and coded for a
    BT.1886 screen. Of PQ and HLG, diffuse white (203 cd/m²) and highlights up to 1,000 cd/m² are brought below white
    by E. Reinhard et al., “Photographic tone reproduction”, 2002, equation 4, on the brightest of the three.
    """
    light = _light_table(transfer)[coded]
    if transfer == "hlg":
        brightness = light @ np.array((0.2627, 0.6780, 0.0593), np.float32)
        light = light * (np.maximum(brightness, 1e-6) ** np.float32(_HLG_SYSTEM_GAMMA - 1))[..., None]
        light = light * np.float32(_PEAK_NITS / _WHITE_NITS)
    if primaries in _TO_BT709:
        light = light @ np.array(_TO_BT709[primaries], np.float32).T
    if transfer in _HDR:
        brightest = np.maximum(light.max(axis=2, keepdims=True), np.float32(1e-6))
        peak = np.float32(_PEAK_NITS / _WHITE_NITS)
        light = light * ((1 + brightest / peak**2) / (1 + brightest))
    screen = np.clip(light, 0, 1) ** np.float32(1 / _SCREEN_GAMMA)
    return np.asarray(np.rint(screen * 255), dtype=np.uint8)


@lru_cache(maxsize=4)
def _light_table(transfer: str) -> Table:
    """Light for each 16-bit code: 1 is white, for PQ diffuse white; HLG's is the scene's, 0 to 1."""
    coded = np.arange(_STEPS) / (_STEPS - 1)
    if transfer == "smpte2084":  # ITU-R BT.2100, table 4
        power = coded ** (1 / 78.84375)
        light = 10_000 * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
        light = light / _WHITE_NITS
    elif transfer == "hlg":  # ITU-R BT.2100, table 5
        light = np.where(coded <= 0.5, coded**2 / 3, (np.exp((coded - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    else:
        light = coded**_SCREEN_GAMMA
    return light.astype(np.float32)
