"""Forms: what motion tells of a flat body is closed along its way, what shows something else is left open."""

import numpy as np
import pytest
from shotwright.core.media.seam.forms import closed

_GROUND, _COAT, _LEG = (40, 60, 90), (230, 140, 20), (60, 40, 30)


def _figure() -> tuple[np.ndarray, np.ndarray]:
    """A flat coat over two legs, and its edges, which are all of it that changes as it goes across."""
    picture = np.full((120, 160, 3), _GROUND, np.uint8)
    picture[20:70, 40:100] = _COAT
    picture[70:110, 40:52] = picture[70:110, 88:100] = _LEG
    form = np.zeros((120, 160), np.bool_)
    form[20:70, 40:48] = form[20:70, 92:100] = True
    form[70:110, 40:52] = form[70:110, 88:100] = True
    return picture, form


@pytest.mark.parametrize("turned", [False, True])
def test_a_flat_body_is_closed_and_what_is_seen_between_its_legs_is_not(turned: bool) -> None:
    picture, form = _figure()
    speed = (3.0, 0.5)
    if turned:
        picture, form, speed = picture.transpose(1, 0, 2), form.T, (0.5, -3.0)
    found = closed(form, picture, speed)
    found = found.T if turned else found
    assert found[24:66, 40:100].all()
    assert not found[80:105, 56:84].any()
    assert not found[:, :38].any()
    assert not found[:, 102:].any()


def test_a_form_that_hangs_together_stays_as_it_is() -> None:
    picture, form = _figure()
    whole = np.zeros_like(form)
    whole[20:70, 40:100] = True
    assert np.array_equal(closed(whole, picture, (1.0, 0.0)), whole)
    nothing = np.zeros_like(form)
    assert not closed(nothing, picture, (1.0, 0.0)).any()
