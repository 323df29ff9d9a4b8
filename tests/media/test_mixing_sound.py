"""The film's sound: right to the sample, from anything that can be read, silent where nothing plays."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shotwright.core.errors import MediaError, StorageError
from shotwright.core.media.sound import SAMPLES_A_SECOND, SoundPiece, has_sound, mix
from shotwright.core.timing import Rate

RATE = Rate.parse(24)
A_FRAME = SAMPLES_A_SECOND // 24
Run = Callable[..., None]


def write_wave(path: Path, samples: np.ndarray, rate: int = SAMPLES_A_SECOND) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def read_wave(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, SAMPLES_A_SECOND, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).astype(int)


@settings(max_examples=15)
@given(st.integers(0, 400), st.sampled_from(["24", "25", "24000/1001", "30000/1001", "12", "120"]))
def test_the_mix_is_as_long_as_the_film(tmp_path_factory: pytest.TempPathFactory, frames: int, rate_text: str) -> None:
    path, rate = tmp_path_factory.mktemp("mix") / "silence.wav", Rate.parse(rate_text)
    mix(path, [], frames, rate)
    sound = read_wave(path)
    assert len(sound) == round(rate.seconds(frames) * SAMPLES_A_SECOND)
    assert not sound.any()


def test_a_piece_stands_where_it_was_put(tmp_path: Path) -> None:
    ramp = np.arange(4 * SAMPLES_A_SECOND) % 20_000
    source = write_wave(tmp_path / "ramp.wav", ramp)
    mix(tmp_path / "film.wav", [SoundPiece(source, 10, 48, 24)], 96, RATE)
    sound = read_wave(tmp_path / "film.wav")
    start, end, skipped = 10 * A_FRAME, 34 * A_FRAME, 48 * A_FRAME
    assert not sound[:start].any()
    assert not sound[end:].any()
    assert np.abs(sound[start:end] - ramp[skipped : skipped + end - start, None]).max() <= 1


def test_pieces_are_added_clipped_and_may_run_out(tmp_path: Path) -> None:
    loud = write_wave(tmp_path / "loud.wav", np.full(SAMPLES_A_SECOND, 20_000))
    quiet = write_wave(tmp_path / "quiet.wav", np.full((SAMPLES_A_SECOND, 2), 2_000))
    pieces = [SoundPiece(loud, 0, 0, 72), SoundPiece(loud, 12, 0, 12), SoundPiece(quiet, 48, 0, 24, gain=0.5)]
    mix(tmp_path / "film.wav", pieces, 72, RATE)
    sound = read_wave(tmp_path / "film.wav")
    levels = [int(sound[frame * A_FRAME + 7, 0]) for frame in (6, 18, 36, 60)]
    assert levels == [20_000, 32_767, 0, 1_000]


def test_other_rates_are_resampled_in_place(tmp_path: Path) -> None:
    low = np.sin(np.arange(44_100 * 3) * 2 * np.pi * 440 / 44_100) * 10_000
    source = write_wave(tmp_path / "low.wav", low, 44_100)
    mix(tmp_path / "film.wav", [SoundPiece(source, 0, 36, 24)], 24, RATE)
    time = 1.5 + np.arange(SAMPLES_A_SECOND) / SAMPLES_A_SECOND
    expected = np.sin(time * 2 * np.pi * 440) * 10_000
    heard = read_wave(tmp_path / "film.wav")[:, 0]
    assert np.abs(heard - expected)[200:-200].max() < 150


@pytest.mark.parametrize(("name", "options"), [("a.flac", ""), ("a.m4a", "-c:a aac -b:a 256k"), ("a.mp3", "-b:a 256k")])
def test_packed_sound_keeps_its_place(name: str, options: str, tmp_path: Path, run_ffmpeg: Run) -> None:
    burst = np.zeros(SAMPLES_A_SECOND * 8)
    burst[6 * SAMPLES_A_SECOND : 6 * SAMPLES_A_SECOND + 4_800] = 12_000 * np.sin(np.arange(4_800) * 0.13)
    source = write_wave(tmp_path / "burst.wav", burst)
    packed = tmp_path / name
    run_ffmpeg("-i", source, *options.split(), packed)
    for skip in (0, 132):
        mix(tmp_path / "film.wav", [SoundPiece(packed, 0, skip, 192 - skip)], 192 - skip, RATE)
        loud = np.abs(read_wave(tmp_path / "film.wav")[:, 0]) > 4_000
        assert abs(int(np.argmax(loud)) - (144 - skip) * A_FRAME) < 240  # within 5 ms


def test_what_has_no_sound_is_a_sentence(tmp_path: Path, write_numbered: Callable[..., Path]) -> None:
    silent = write_numbered("silent.mov", "prores", 2)
    assert not has_sound(silent)
    for path in (silent, tmp_path / "gone.wav", Path(__file__)):
        with pytest.raises(MediaError):
            mix(tmp_path / "film.wav", [SoundPiece(path, 0, 0, 24)], 24, RATE)
        assert not list(tmp_path.glob("*film*"))
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        mix(tmp_path / "file" / "film.wav", [], 24, RATE)


def test_many_pieces_are_streamed(tmp_path: Path) -> None:
    source = write_wave(tmp_path / "beep.wav", np.full(SAMPLES_A_SECOND // 2, 1_000))
    pieces = [SoundPiece(source, 24 * second, 0, 12) for second in range(60)]
    mix(tmp_path / "film.wav", pieces, 24 * 60, RATE)
    sound = read_wave(tmp_path / "film.wav")
    assert len(sound) == 60 * SAMPLES_A_SECOND
    assert sound[::SAMPLES_A_SECOND, 0].tolist() == [1_000] * 60
