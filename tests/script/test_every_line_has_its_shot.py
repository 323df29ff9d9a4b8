"""Whatever a screenplay looks like, each line of action and dialogue lies in exactly one shot, in order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from shotwright.core.film import ProjectSettings, Shot
from shotwright.core.film.numbering import is_name
from shotwright.core.film.shot import CAMERA_MOVES, SHOT_SIZES
from shotwright.core.script import Breakdown, break_down
from shotwright.core.script.cues import names_of, speaker_is_absent
from shotwright.core.script.durations import bounds_frames
from shotwright.core.script.elements import ACTION, CUE, DIALOGUE, LYRIC, PARENTHETICAL, Screenplay
from shotwright.core.script.fountain import read_fountain

_PEOPLE = st.sampled_from(["MARA", "JOE", "JUDGE HALE", "RADIO"])
_SENTENCE = st.sampled_from(
    ["Rain.", "MARA runs.", "He looks at Joe.", "A lamp *turns* and turns.", "We PUSH IN on it.", "- A saw.", "x" * 300]
)
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=4).map("\n".join)
_EXTENSION = st.sampled_from(["", "", " (V.O.)", " (O.S.)", " (CONT'D)", " (on radio)"])
_SPEECH = st.builds(
    lambda who, extension, direction, words, dual: f"{who}{extension}{dual}\n{direction}{words}",
    _PEOPLE,
    _EXTENSION,
    st.sampled_from(["", "", "(beat)\n", "(to\nJoe)\n", "(never closed\n"]),
    st.one_of(_PARAGRAPH, st.integers(20, 150).map(lambda n: "Well, " * n + "yes.")),
    st.sampled_from(["", "", "", " ^"]),
)
_DIRECTION = st.sampled_from(
    [
        "CLOSE ON THE LAMP", "MARA'S POV", "OTS JOE", "PAN LEFT TO THE DOOR", "CLOSE ON:", "[[SHOT: WIDE on the roof]]",
        "[[A note.]]", "/* INT. NEVER */", "CUT TO:", "DISSOLVE TO:", "FADE IN:", "> FADE OUT.",
        "SMASH CUT TO: INT. X - DAY", "MONTAGE - WORK", "END MONTAGE", "SERIES OF SHOTS\n- A saw.\n- A nail.",
        "INTERCUT", "INTERCUT WITH: INT. CAR", "END INTERCUT", "SUPER: 1953", ">THE END<", "# ACT",
        "= Synopsis", "===", "~La la", "!FORCED", "@joe\nHello.",
        "(CONTINUED)", "12.", "BACK TO SCENE", "ALL\nNo!", "MARA", "",
    ]
)  # fmt: skip
_HEADING = st.sampled_from(
    [
        "INT. CAR - DAY",
        "EXT. SEA - NIGHT #12A#",
        ".ROOF",
        "INT. CAR - DAY (CONTINUED)",
        "EXT. CITY - MONTAGE",
        "I/E VAN",
    ]
)
_SCREENPLAYS = st.lists(st.one_of(_PARAGRAPH, _SPEECH, _DIRECTION, _HEADING), max_size=25).map(
    lambda parts: read_fountain("\n\n".join(("INT. HOUSE - DAY", *parts)))
)


@settings(max_examples=150)
@given(_SCREENPLAYS, st.sampled_from([1.0, 12.0]))
def test_each_line_lies_in_exactly_one_shot(screenplay: Screenplay, longest: float) -> None:
    project = ProjectSettings(shortest_seconds=1.0, longest_seconds=longest)
    found = break_down(screenplay, project)
    owners: dict[int, int] = {}
    reached = 0
    for shot in found.shots:
        assert shot.lines[0] > reached
        reached = max(reached, shot.lines[1])
        for line in range(shot.lines[0], shot.lines[1] + 1):
            owners[line] = owners.get(line, 0) + 1
    for element in screenplay.elements:
        if element.kind in (ACTION, DIALOGUE, LYRIC, PARENTHETICAL):
            lines = range(element.lines[0], element.lines[1] + 1)
            assert [owners.get(line, 0) for line in lines] == [1] * len(lines), element
    _check_shots(found, project)


def _check_shots(found: Breakdown, project: ProjectSettings) -> None:
    shortest, longest = bounds_frames(project)
    names = [shot.name for shot in found.shots]
    assert len(set(names)) == len(names)
    assert len({shot.shot_id for shot in found.shots}) == len(names)
    assert {shot.scene for shot in found.shots} == {scene.number for scene in found.scenes}
    for shot in found.shots:
        assert is_name(shot.name)
        assert shortest <= shot.frames <= longest
        assert shot.shot_size in SHOT_SIZES
        assert shot.camera_move in CAMERA_MOVES
        assert shot.prompt
        assert shot.transition_in.frames + shot.transition_out.frames <= shot.frames
        _check_dialogue(shot)


def _check_dialogue(shot: Shot) -> None:
    for said in shot.dialogue:
        assert said.at_frames >= 0
        assert said.frames >= 1
        assert said.at_frames + said.frames <= shot.frames


@settings(max_examples=100)
@given(_SCREENPLAYS)
def test_no_word_of_dialogue_is_lost_and_no_unseen_voice_framed(screenplay: Screenplay) -> None:
    found = break_down(screenplay, ProjectSettings())
    said = " ".join(line.text for shot in found.shots for line in shot.dialogue)
    written = _spoken_below_cues(screenplay)
    assert sorted(said.split()) == sorted(written.split())
    absent = {n for e in screenplay.elements if e.kind == CUE and speaker_is_absent(e.text) for n in names_of(e.text)}
    for shot in found.shots:
        for line in shot.dialogue:
            if line.off_screen and line.speaker in absent and len(shot.dialogue) == 1:
                assert line.speaker not in shot.cast


def _spoken_below_cues(screenplay: Screenplay) -> str:
    words, below_cue = [], False
    for element in screenplay.elements:
        if element.kind == CUE:
            below_cue = True
        elif element.kind == DIALOGUE and below_cue:
            words.append(element.text)
        elif element.kind not in (PARENTHETICAL, DIALOGUE, "note"):
            below_cue = False
    return " ".join(words)


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*"aA .#(*[]/\n\n!@>~=<^_:-0", "INT. ", "[[", "]]", "/*", "*/", "MARA\n", "TO:"])))
def test_no_text_breaks_the_reader(parts: list[str]) -> None:
    text = "".join(parts)
    screenplay = read_fountain(text)
    last = 0
    for element in screenplay.elements:
        assert 1 <= element.lines[0] <= element.lines[1] <= text.count("\n") + 1
        assert element.column >= 1
        if element.kind != "note":
            assert element.lines[0] >= last
            last = element.lines[1]
    break_down(read_fountain("INT. HOUSE - DAY\n\n" + text), ProjectSettings())


@given(_SCREENPLAYS)
@settings(max_examples=25)
def test_the_same_script_gives_the_same_shots(screenplay: Screenplay) -> None:
    assert break_down(screenplay, ProjectSettings()) == break_down(screenplay, ProjectSettings())
