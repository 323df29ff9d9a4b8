"""Movies made elsewhere as takes: what fits is copied bit by bit, all else is brought to the film, nothing squeezed."""

import hashlib
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from shotwright.core.clips.adding import Addition, addition, letterboxed, write_addition
from shotwright.core.errors import MediaError, RefusedError, UsageError
from shotwright.core.film import ProjectSettings
from shotwright.core.media.pictures import read_picture
from shotwright.core.media.probe import MediaInfo, probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.sound import decoded, sounds_of
from shotwright.core.protocol import Delivery
from shotwright.core.timing import Rate

SIZE, FRAMES = (256, 144), 24
NAME = "SC010_SH0010_TK02"
Run = Callable[..., None]
Clip = Callable[..., Path]


def _settings(rate: str = "24", size: tuple[int, int] = SIZE, codec: str = "prores") -> ProjectSettings:
    return ProjectSettings(rate=Rate.parse(rate), size=size, codec=codec, handle_frames=4)


def _added(
    path: Path, settings: ProjectSettings, shot_frames: int = FRAMES, begin: str = ""
) -> tuple[Addition, Path, dict[str, Any]]:
    """What was asked, the movie, and its recipe."""
    folder = path.parent / "take"
    folder.mkdir()
    wanted = addition(path, settings, shot_frames, begin)
    delivery = Delivery(NAME, start_frames=86400, handle_frames=wanted.head_frames)
    told: list[tuple[int, int]] = []
    written = write_addition(wanted, folder, delivery, settings, 0, lambda *done: told.append(done))
    assert told == [(number, wanted.frames) for number in range(1, wanted.frames + 1)]
    recipe = json.loads((folder / "recipe.json").read_text())
    files = recipe["files"]
    assert files["mezzanine"] == written
    lies = {written, files["proxy"], files["poster"], *files["edges"], "recipe.json"}
    assert {file.name for file in folder.iterdir()} == lies
    assert probe(folder / files["proxy"]).frames == wanted.frames
    return wanted, folder / written, recipe


def _levels(path: Path) -> list[int]:
    """Which numbered frame each is: `conftest.number_frame` the other way round."""
    return [round((float(np.median(frame[frame.max(2) > 4])) - 16) / 2) for frame in read_frames(path)]


def _packets(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [hashlib.sha256(bytes(p)).hexdigest() for p in container.demux(video=0) if p.size]


KINDS = {
    "ProRes": ("a.mov", "-c:v prores_ks -profile:v 3 -timecode 10:11:12:13", ".mov"),
    "ProRes 4444 with alpha": ("a.mov", "-c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le", ".mov"),
    "ProRes, BT.2020": (
        "a.mov",
        "-c:v prores_ks -vf setparams=color_primaries=bt2020:color_trc=bt709:colorspace=bt2020nc:range=tv",
        ".mov",
    ),
    "DNxHR": ("a.mov", "-c:v dnxhd -profile:v dnxhr_hq", ".mov"),
    "H.264, every frame whole": ("a.mp4", "-c:v libx264 -g 1 -pix_fmt yuv420p", ".mov"),
    "MJPEG in AVI": ("a.avi", "-c:v mjpeg -q:v 2 -pix_fmt yuvj422p", ".mov"),
    "FFV1": ("a.mkv", "-c:v ffv1 -g 1 -pix_fmt yuv444p10le", ".mkv"),
    "Ut Video": ("a.avi", "-c:v utvideo -pix_fmt yuv422p", ".avi"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_whole_frames_of_the_films_size_and_rate_are_copied_bit_by_bit(
    kind: str, tmp_path: Path, run_ffmpeg: Run
) -> None:
    name, written, suffix = KINDS[kind]
    path = tmp_path / name
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=256x144:r=24", "-frames:v", FRAMES, *written.split(), path)
    before = path.read_bytes()
    wanted, movie, recipe = _added(path, _settings())
    assert (recipe["generated"], recipe["added"]["copied"], movie.suffix) == (False, True, suffix)
    assert _packets(movie) == _packets(path)
    was, found = probe(path), probe(movie)

    def colour(info: MediaInfo) -> tuple[str, ...]:
        return info.pixel_format, info.primaries, info.transfer, info.matrix, info.range

    assert colour(found) == colour(was)
    assert found.start_frames == 86400
    assert recipe["added"]["sha256"] == hashlib.sha256(before).hexdigest()
    assert recipe["added"]["original"]["start_timecode"] == ("10:11:12:13" if kind == "ProRes" else None)
    assert str(tmp_path) not in json.dumps(recipe)
    assert path.read_bytes() == before
    assert wanted.head_frames == 0


def test_other_rates_become_the_films_moments(tmp_path: Path, make_clip: Clip) -> None:
    for rate, wanted in (("25", (0, 1, 2)), ("12", (0, 0, 1)), ("48", (1, 3, 5)), ("30", (0, 1, 3))):
        folder = tmp_path / rate
        folder.mkdir()
        path = Path(shutil.move(make_clip("a.mov", 50, rate=rate, size=SIZE), folder))
        asked, movie, recipe = _added(path, _settings())
        found = probe(movie)
        assert (found.frames, str(found.rate), recipe["added"]["copied"]) == (asked.frames, "24", False)
        assert abs(found.duration - Fraction(50) / Fraction(rate)) <= Fraction(1, 48)
        assert tuple(_levels(movie)[:3]) == wanted


@pytest.mark.parametrize(("own", "film"), [("24000/1001", "24"), ("24", "24000/1001"), ("30", "30000/1001")])
def test_a_thousandth_makes_no_other_frames_and_its_sound_follows(
    own: str, film: str, tmp_path: Path, run_ffmpeg: Run
) -> None:
    path = tmp_path / "a.mov"
    picture = "-f", "lavfi", "-i", f"testsrc2=s=64x64:r={own}"
    tone = "-f", "lavfi", "-i", "aevalsrc=0.5*sin(2000*t)*lt(t\\,15):s=48000:d=30"
    run_ffmpeg(*picture, *tone, "-frames:v", 600, "-c:v", "mjpeg", "-c:a", "pcm_s16le", "-shortest", path)
    _, movie, recipe = _added(path, _settings(film, (64, 64)))
    assert recipe["added"]["copied"]
    assert _packets(movie) == _packets(path)
    found = probe(movie)
    assert (found.frames, found.rate) == (600, Rate.parse(film))
    was, now = (np.concatenate(list(decoded(each, 0, 48000, "mono")))[:, 0] for each in (path, movie))
    assert abs(len(now) - float(found.duration) * 48000) <= 1
    ends = [int(np.flatnonzero(np.abs(sound) > 0.1)[-1]) for sound in (was, now)]
    assert abs(ends[1] - ends[0] * Fraction(own) / Fraction(film)) < 60  # samples of 720,000; unmoved it were 720


def test_all_sounds_are_kept_as_long_as_the_pictures(tmp_path: Path, run_ffmpeg: Run) -> None:
    tones = ("sine=300:r=48000:d=0.4", "sine=500:r=44100:d=9", "sine=700:r=48000:d=1")
    sounds = [word for tone in tones for word in ("-f", "lavfi", "-i", tone)]
    for size, codec in (("256x144", "prores_ks"), ("320x144", "libx264")):
        folder = tmp_path / codec
        folder.mkdir()
        path = folder / "a.mov"
        maps = ["-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:a", "pcm_s24le"]
        picture = "-f", "lavfi", "-i", f"testsrc2=s={size}:r=24"
        run_ffmpeg(*picture, *sounds, *maps, "-frames:v", FRAMES, "-c:v", codec, path)
        _, movie, recipe = _added(path, _settings())
        assert recipe["added"]["copied"] == (codec == "prores_ks")
        assert [(rate, channels) for rate, channels, _, _ in sounds_of(movie)] == [(48000, 1), (44100, 1), (48000, 1)]
        for number, rate in enumerate((48000, 44100, 48000)):
            own, kept = (np.concatenate(list(decoded(each, 0, rate, "mono", number)))[:, 0] for each in (path, movie))
            assert len(kept) == rate
            least = min(len(own), rate)
            assert np.abs(own[:least] - kept[:least]).max() < (1e-7 if recipe["added"]["copied"] else 1e-4)
            assert not kept[least:].any()


@pytest.mark.parametrize(
    ("size", "filters", "inner"),
    [
        ("320x144", "null", (256, 115)),
        ("144x256", "null", (81, 144)),
        ("192x144", "setsar=4/3", (256, 144)),
        ("256x288", "setsar=2", (256, 144)),
        ("512x288", "null", (256, 144)),
    ],
)
def test_another_shape_is_fitted_and_never_squeezed(
    size: str, filters: str, inner: tuple[int, int], tmp_path: Path, run_ffmpeg: Run
) -> None:
    path = tmp_path / "a.mov"
    run_ffmpeg(
        "-f", "lavfi", "-i", f"color=white:s={size}:r=24", "-vf", filters, "-frames:v", 3, "-c:v", "prores", path
    )
    _, movie, _ = _added(path, _settings())
    frame = next(read_frames(movie))
    lit = frame.mean(2) > 128
    assert frame.shape == (144, 256, 3)
    assert abs(int(lit.any(0).sum()) - inner[0]) <= 1
    assert abs(int(lit.any(1).sum()) - inner[1]) <= 1
    across, down = np.flatnonzero(lit.any(0)), np.flatnonzero(lit.any(1))
    assert abs(int(across[0]) - (255 - int(across[-1]))) <= 1
    assert abs(int(down[0]) - (143 - int(down[-1]))) <= 1


def test_a_matte_stays_and_is_clear_around() -> None:
    frame = np.full((100, 100, 4), 200, np.uint8)
    whole = letterboxed(frame, Fraction(1), SIZE)
    assert whole.shape == (144, 256, 4)
    assert not whole[:, :56].any()
    assert (whole[:, 60:190] == 200).all()


def test_a_movie_with_a_matte_of_another_size_is_written_with_it(tmp_path: Path, run_ffmpeg: Run) -> None:
    path = tmp_path / "a.mov"
    run_ffmpeg(*("-f", "lavfi", "-i", "color=red@0.5:s=128x72:r=24,format=rgba", "-frames:v", 3, "-c:v", "png", path))
    _, movie, recipe = _added(path, _settings())
    assert (recipe["delivery"]["codec"], probe(movie).alpha) == ("prores4444", True)
    assert abs(int(next(read_frames(movie, alpha=True))[72, 128, 3]) - 128) < 4


def test_an_image_sequence_is_a_movie(tmp_path: Path, run_ffmpeg: Run) -> None:
    folder = tmp_path / "render"
    folder.mkdir()
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=256x144:r=24", "-frames:v", 6, folder / "a.%04d.png")
    wanted, movie, recipe = _added(folder, _settings())
    assert (wanted.frames, probe(movie).frames, recipe["added"]["copied"]) == (6, 6, False)
    first = read_picture(folder / "a.0001.png")
    assert np.abs(next(read_frames(movie)).astype(int) - first).mean() < 3
    (folder / "a.0003.png").unlink()
    with pytest.raises(MediaError, match="missing"):
        addition(folder, _settings(), FRAMES)


@pytest.mark.parametrize(("codec", "sound", "wanted"), [("png", False, "png"), ("png", True, "prores")])
def test_a_film_of_sequences_gets_a_movie_where_there_is_sound(
    codec: str, sound: bool, wanted: str, tmp_path: Path, make_clip: Clip
) -> None:
    _, movie, recipe = _added(make_clip("a.mp4", 5, "h264", sound=sound), _settings(codec=codec))
    assert recipe["delivery"]["codec"] == wanted
    assert movie.is_dir() == (wanted == "png")
    assert probe(movie).frames == 5


def test_where_the_cut_in_is(tmp_path: Path, make_clip: Clip) -> None:
    path, settings = make_clip("a.mov", 32, size=SIZE, start=864000), _settings()

    def head(shot_frames: int, begin: str = "") -> int:
        return addition(path, settings, shot_frames, begin).head_frames

    assert (head(20), head(32), head(24)) == (0, 0, 4)  # the last: 24 with handles of 4 at both ends
    assert (head(24, "7"), head(20, "10:00:01:00")) == (7, 24)
    slower = make_clip("b.mov", 32, rate="12", size=SIZE)
    assert addition(slower, settings, 20, "7").head_frames == 14
    for wrong in ("32", "1000", "11:00:00:00", "soon"):
        with pytest.raises(UsageError):
            head(20, wrong)


def _bad(folder: Path, run_ffmpeg: Run) -> dict[str, Path]:
    whole = {name: folder / f"whole {name}" for name in ("a.mov", "fast.mov", "a.mkv", "a.mp4", "fast.mp4", "a.ts")}
    written = {"mov": "prores_ks", "mkv": "ffv1", "mp4": "libx264", "ts": "libx264"}
    for name, path in whole.items():
        fast = ("-movflags", "+faststart") if name.startswith("fast") else ()
        codec = written[name.rpartition(".")[2]]
        source = "-f", "lavfi", "-i", "testsrc2=s=256x144:r=24"
        run_ffmpeg(*source, "-frames:v", 48, "-c:v", codec, "-g", 1 if codec == "ffv1" else 12, *fast, path)
    found = {}
    for name, path in whole.items():
        found[f"truncated {name}"] = folder / name
        data = path.read_bytes()
        found[f"truncated {name}"].write_bytes(data[: len(data) * 6 // 10])
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{whole['a.mp4']}\n#EXT-X-ENDLIST\n"
    for name, text in {
        "playlist.mov": playlist,
        "playlist.m3u8": playlist,
        "concat.mov": f"ffconcat version 1.0\nfile '{whole['a.mp4']}'\n",
        "words.mov": "It is no movie. " * 99,
        "empty.mov": "",
    }.items():
        found[name] = folder / name
        found[name].write_text(text)
    found["sound.wav"] = folder / "sound.wav"
    run_ffmpeg("-f", "lavfi", "-i", "sine=d=1", found["sound.wav"])
    found["still.mov"] = folder / "still.mov"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=256x144", "-frames:v", 1, "-f", "image2", found["still.mov"])
    found["nothing.mov"] = folder / "nothing.mov"
    found["folder"] = folder / "empty"
    found["folder"].mkdir()
    return found


def _try(path: Path, folder: Path) -> None:
    write_addition(addition(path, _settings(), FRAMES), folder, Delivery(NAME), _settings(), 0, lambda *_: None)


def test_what_is_no_whole_movie_is_a_sentence_and_leaves_nothing(tmp_path: Path, run_ffmpeg: Run) -> None:
    for name, path in _bad(tmp_path, run_ffmpeg).items():
        folder = tmp_path / "take"
        folder.mkdir()
        with pytest.raises(MediaError) as told:
            _try(path, folder)
        assert path.name in told.value.message, name
        assert told.value.message.count(".") <= 2, told.value.message
        assert str(tmp_path) not in told.value.message
        assert list(folder.iterdir()) == [], name
        folder.rmdir()


def test_interlaced_frames_are_refused(tmp_path: Path, run_ffmpeg: Run) -> None:
    path = tmp_path / "a.mov"
    source = "-f", "lavfi", "-i", "testsrc2=s=256x144:r=48,tinterlace=4,setfield=tff"
    run_ffmpeg(*source, "-frames:v", 5, "-flags", "+ilme+ildct", "-c:v", "prores_ks", path)
    with pytest.raises(RefusedError, match="interlaced"):
        addition(path, _settings(), FRAMES)


def test_a_movie_that_is_still_being_written_is_refused(tmp_path: Path, make_clip: Clip) -> None:
    path, folder = make_clip("a.mp4", 12, "h264"), tmp_path / "take"
    folder.mkdir()

    def write_on(done: int, _all: int) -> None:
        if done == 3:
            with path.open("ab") as file:
                file.write(b"more")

    with pytest.raises(MediaError, match="written to meanwhile"):
        write_addition(addition(path, _settings(), 12), folder, Delivery(NAME), _settings(), 0, write_on)
    assert not (folder / "recipe.json").exists()
