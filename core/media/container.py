"""Opening a movie with PyAV so that whatever is wrong with it is a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import MediaError, storage_error

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_TRY_ANOTHER = "Play it in another program; if it plays there, save it again as ProRes or H.264."
# Movies, sounds and stills; not ffmpeg's playlists, devices and other things that stand for something else.
_FORMATS = (
    *("mov", "mp4", "m4a", "matroska", "webm", "avi", "mxf", "mpegts", "mpeg", "mpegvideo", "dv", "asf", "flv", "nut"),
    *("h264", "hevc", "m4v", "ivf", "obu", "yuv4mpegpipe", "gif", "apng", "ogg", "wav", "w64", "rf64", "aiff", "caf"),
    *("mp3", "flac", "aac", "ac3", "eac3", "amr", "au", "png_pipe", "exr_pipe", "tiff_pipe", "jpeg_pipe", "dpx_pipe"),
    "webp_pipe",
)
_PATIENCE_SECONDS = 60.0  # for a disk to answer
_MOST_PIXELS = 8192 * 8192  # of a frame: one that claims more would take gigabytes
_ATTACHED_PICTURE = 0x0400  # AV_DISPOSITION_ATTACHED_PIC: a song's cover is no movie


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns whatever ffmpeg's libraries say about `path` into MediaError or StorageError."""
    import av
    import av.error

    try:
        yield
    except av.error.FileNotFoundError:
        raise MediaError(f"There is no {path.name}.", "Check the name and the folder.") from None
    except (av.error.InvalidDataError, av.error.EOFError, av.error.ArgumentError):  # the last: none of the formats
        raise MediaError(f"{path.name} is no movie or sound that can be read, or is damaged.", _TRY_ANOTHER) from None
    except av.error.PermissionError as error:
        raise storage_error(error, f"reading {path.name}") from None
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaError(f"{path.name} can't be read: {error}.", _TRY_ANOTHER) from None
    except OSError as error:
        raise storage_error(error, f"reading {path.name}") from None


def open_file(path: Path) -> InputContainer:
    """Opens a file as itself: neither its name nor a playlist inside it may lead to another file or the network."""
    import av

    if path.exists() and not path.is_file():  # a pipe or a device would be waited for, or read, without end
        raise MediaError(f"{path.name} is no file.", "Choose a movie or a sound file.")
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(_FORMATS)}
    opened = av.open(f"file:{path}", options=options, metadata_errors="replace", timeout=_PATIENCE_SECONDS)
    return cast("InputContainer", opened)


@contextmanager
def open_movie(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """A movie's container and its first real video stream, closed afterwards; raises MediaError or StorageError."""
    with reading(path):
        if path.is_file() and path.stat().st_size == 0:
            raise MediaError(f"{path.name} is empty.", "Copy or export it again.")
        with open_file(path) as container:
            streams = [stream for stream in container.streams.video if not stream.disposition & _ATTACHED_PICTURE]
            if not streams:
                raise MediaError(f"{path.name} has no picture.", "Choose a movie, not a sound file.")
            stream = streams[0]
            if stream.codec_context is None:  # what PyAV says of a codec that ffmpeg does not know
                raise MediaError(f"{path.name} is written by a codec that is not known.", _TRY_ANOTHER)
            stream.thread_type = "AUTO"
            stream.codec_context.options = {"max_pixels": str(_MOST_PIXELS)}
            yield container, stream
