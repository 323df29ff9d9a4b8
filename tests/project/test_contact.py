"""The contact sheet: every shot on it, whatever is missing, on pages that can be opened."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import PictureError
from shotwright.core.film import Panel, ProjectSettings, Scene, Shot, Take
from shotwright.core.media.pictures import read_picture
from shotwright.core.media.text import width_of
from shotwright.core.project.contact import contact_sheet
from shotwright.core.project.paper import fitting_size, paragraph, shortened
from shotwright.core.timeline.edit import Edit

MakeShot = Callable[..., Shot]
SCENES = (Scene("010", "INT. KITCHEN - NIGHT", "INT", "KITCHEN", "NIGHT", (1, 9)),)


def _greys(picture: np.ndarray, value: int) -> int:
    """How many pixels are of that grey."""
    return int((np.abs(picture.astype(int) - value).max(axis=2) <= 3).sum())


def test_it_shows_takes_panels_and_what_is_missing(
    settings: ProjectSettings,
    make_shot: MakeShot,
    write_take: Callable[..., Take],
    write_panel: Callable[..., Panel],
    tmp_path: Path,
) -> None:
    shots = [
        make_shot(1),
        make_shot(2, panels=(write_panel("a.png", 200),)),
        make_shot(3, panels=(Panel("panels/gone.png"),)),
        make_shot(4),
    ]
    edit = Edit.from_shots(settings, shots).with_take("shot1", write_take(shots[0]))
    output = tmp_path / "contact.png"
    assert contact_sheet(edit, shots, SCENES, settings, tmp_path, output) == (output,)
    sheet = read_picture(output)
    assert sheet.shape[1] == 2000
    thumbnail = 446 * 251
    middle = 40 + 4 * (4 + 6)  # the take's middle frame
    assert _greys(sheet, 200) == pytest.approx(thumbnail, rel=0.05)
    assert _greys(sheet, middle) == pytest.approx(thumbnail, rel=0.05)
    masked = tmp_path / "masked.png"
    contact_sheet(edit, shots, SCENES, replace(settings, mask="2.39"), tmp_path, masked)
    assert _greys(read_picture(masked), 200) == pytest.approx(thumbnail * (16 / 9) / 2.39, rel=0.06)


def test_a_long_film_goes_on_on_further_pages(settings: ProjectSettings, make_shot: MakeShot, tmp_path: Path) -> None:
    shots = [replace(make_shot(n), scene=f"{n // 3:03}") for n in range(90)]
    pages = contact_sheet(Edit.from_shots(settings, shots), shots, (), settings, tmp_path, tmp_path / "c.jpg")
    assert [page.name for page in pages] == ["c.jpg", "c-02.jpg"]
    assert all(read_picture(page).shape[0] <= 14_000 for page in pages)


@pytest.mark.parametrize("size", [(64, 64), (360, 640), (640, 64)])
def test_any_shape_and_any_words_fit(
    size: tuple[int, int], settings: ProjectSettings, make_shot: MakeShot, tmp_path: Path
) -> None:
    long = replace(make_shot(1), text="漢字🙂 " * 300, heading="INT. " + "X" * 500, name="SC001AAAAA_SH0010AAAAAAAA")
    odd = replace(settings, size=size, title="Ωmega " * 60)
    edit = Edit.from_shots(odd, [long])
    (page,) = contact_sheet(edit, [long, make_shot(2)], (), odd, tmp_path, tmp_path / "contact.png")
    assert read_picture(page).std() > 5  # something is drawn on it


def test_another_kind_of_file_is_refused(settings: ProjectSettings, make_shot: MakeShot, tmp_path: Path) -> None:
    edit = Edit.from_shots(settings, [make_shot(1)])
    with pytest.raises(PictureError, match=r"contact\.pdf"):
        contact_sheet(edit, [make_shot(1)], (), settings, tmp_path, tmp_path / "contact.pdf")


def test_words_are_shortened_between_words() -> None:
    assert shortened("He sits down and waits", 16, 1000) == "He sits down and waits"
    assert shortened("He sits down and waits", 16, width_of("He sits down an …", 16)) == "He sits down …"
    assert shortened("Antidisestablishmentarianism", 16, 8) == ""
    assert len(paragraph("He sits down and waits for a long time. " * 9, 16, 200, 2)) == 2
    assert fitting_size("SC010_SH0010", 21, 1000) == 21
    assert fitting_size("SC010_SH0010_AND_MORE_OF_IT", 21, 150) < 15
