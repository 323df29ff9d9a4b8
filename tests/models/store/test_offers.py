"""What can be got: facts for weights that are known, and whether they fit machines of several kinds."""

import re
from pathlib import Path

import pytest
import tomllib
from shotwright.core.errors import InputError
from shotwright.core.models.families import Licence
from shotwright.core.models.running.machine import Machine
from shotwright.core.models.store import offers as module
from shotwright.core.models.store.hub import is_repository
from shotwright.core.models.store.licences import accept, is_accepted, of_card
from shotwright.core.models.store.offers import offers

_GIB = 1 << 30


def test_facts_are_of_weights_that_the_families_know() -> None:
    told = tomllib.loads(Path(module.__file__).with_name("offers.toml").read_text(encoding="utf-8"))
    assert set(told) <= set(offers())
    for name, offer in offers().items():
        assert set(told.get(name, {})) <= {"revision", "gigabytes", "good_for"}
        assert offer.good_for, name
        assert is_repository(offer.checkpoint.repository)
        assert offer.revision == "main" or re.fullmatch("[0-9a-f]{40}", offer.revision)
        # No file is smaller than the weights in it at 2 bytes each, nor larger than at 4, and some beside.
        assert 1.99 <= offer.bytes / 1e9 / sum(offer.checkpoint.parameters.values()) <= 4.5


def test_what_fits_follows_the_machine() -> None:
    wan = offers()["wan2.2-ti2v-5b"]
    large, small = Machine(64 * _GIB, 80 * _GIB, (9, 0)), Machine(64 * _GIB, 12 * _GIB, (8, 9))
    assert wan.row(large)["fits"]["ok"]
    assert wan.row(small)["fits"]["ok"]
    assert wan.row(large)["fits"]["why"] != wan.row(small)["fits"]["why"]
    nowhere = wan.row(Machine(4 * _GIB))["fits"]
    assert not nowhere["ok"]
    assert "4.0 GiB is free" in nowhere["why"]


def test_licences_without_conditions_need_no_yes(state_folder: Path) -> None:
    assert is_accepted(of_card("apache-2.0", "", "film/model"), state_folder)
    assert is_accepted(offers()["wan2.2-ti2v-5b"].licence, state_folder)
    assert not is_accepted(offers()["ltx-2"].licence, state_folder)
    assert not (state_folder / "licences.json").exists()


def test_a_licence_without_a_name_is_one_repositorys_alone(state_folder: Path) -> None:
    mine, hers = of_card("other", "", "film/mine"), of_card("", "", "film/hers")
    accept(mine, "mine", state_folder)
    assert is_accepted(mine, state_folder)
    assert not is_accepted(hers, state_folder)
    assert mine.limits
    accept(hers, "hers", state_folder)
    assert is_accepted(mine, state_folder)


@pytest.mark.parametrize("told", ["{", "[]", "\xff"])
def test_a_broken_list_of_what_was_accepted_is_told(told: str, state_folder: Path) -> None:
    (state_folder / "licences.json").write_bytes(told.encode("latin-1"))
    with pytest.raises(InputError, match="licences that you accepted"):
        is_accepted(Licence("film-licence"), state_folder)
