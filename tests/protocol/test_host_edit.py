"""The edit between hosts and engine: read as written, older ones too, and what is none of it refused."""

import json
from dataclasses import replace
from typing import Any

import pytest
from shotwright.core.errors import UsageError
from shotwright.core.protocol import HostEdit, HostItem, HostJoin, HostMarker, HostTrack
from shotwright.core.timing import Rate

ITEM = HostItem("a", "A", 0, 24, "/a.mov", 4, 86400, 48, "1/2", tail=HostJoin("j", 4, 6, "gamma dissolve"))
EDIT = HostEdit(
    Rate.parse("23.976"),
    86400,
    (HostTrack("t", "V1", "video", (replace(ITEM, head=HostJoin("", 0, 3)), replace(ITEM, id="b", start=24))),),
    (HostMarker("m", "look", 12),),
)


def test_it_is_read_as_it_was_written() -> None:
    assert HostEdit.from_json(json.loads(json.dumps(EDIT.to_json()))) == EDIT


def test_one_from_before_there_were_joins_is_read() -> None:
    told = json.loads(json.dumps(EDIT.to_json()))
    for item in told["tracks"][0]["items"]:
        del item["head"], item["tail"]
    read = HostEdit.from_json(told)
    assert [(item.id, item.head, item.tail) for item in read.tracks[0].items] == [("a", None, None), ("b", None, None)]


@pytest.mark.parametrize(
    "join",
    [
        3,
        {"early": 1},
        {"early": -1, "late": 1},
        {"early": 1, "late": 1, "kind": "wipe"},
        {"early": 1, "late": 1, "x": 1},
    ],
)
def test_what_is_no_join_is_refused(join: Any) -> None:
    told = json.loads(json.dumps(EDIT.to_json()))
    told["tracks"][0]["items"][0]["tail"] = join
    with pytest.raises(UsageError):
        HostEdit.from_json(told)
