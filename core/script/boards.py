"""Boards to shots: a board that begins a shot does, the boards behind it are further panels of it, at their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..film import DialogueLine, Panel, ProjectSettings, Scene, Shot
from ..film.numbering import scene_code_by_tens, shot_code_by_tens, shot_name
from .camera import camera_in_action, read_camera
from .cast import Cast
from .elements import ACTION, CUE, Board, Element, Screenplay
from .ids import shot_id
from .prompts import prompt

PICTURES = "images"  # the folder beside a .storyboarder file that has its pictures and sounds


@dataclass(frozen=True)
class _Drawn:
    """What boards say of one shot: its length, its panels and its sound."""

    boards: tuple[Board, ...]
    frames: int
    starts: tuple[int, ...]

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Each board with a picture, at its time, as a path beside the file."""
        pairs = zip(self.boards, self.starts, strict=True)
        return tuple(Panel(f"{PICTURES}/{board.picture}", at, "board") for board, at in pairs if board.picture)

    @property
    def audio(self) -> str:
        """The first board's sound, as a path beside the file."""
        return next((f"{PICTURES}/{board.sound}" for board in self.boards if board.sound), "")

    @property
    def text(self) -> str:
        """What stands below the boards."""
        return "\n".join(dict.fromkeys(board.action for board in self.boards if board.action))

    def dialogue(self) -> tuple[DialogueLine, ...]:
        """What is said over each board, for as long as it holds."""
        ends = (*self.starts[1:], self.frames)
        return tuple(
            DialogueLine(*_speaker_and_words(board.dialogue), at, end - at)
            for board, at, end in zip(self.boards, self.starts, ends, strict=True)
            if board.dialogue
        )


def break_down_boards(
    screenplay: Screenplay, settings: ProjectSettings
) -> tuple[tuple[Scene, ...], tuple[Shot, ...], tuple[str, ...]]:
    """The one scene of a `.storyboarder` file, its shots, and what their user should be told.

    `lines` count boards. The boards' own times stand, whatever the project's bounds are.
    """
    number = scene_code_by_tens(0)
    boards = screenplay.boards
    scene = Scene(number, screenplay.title, "", "", "", (1, len(boards)))
    spoken = [Element(CUE, _speaker_and_words(board.dialogue)[0], (i, i)) for i, board in enumerate(boards, 1)]
    seen = [Element(ACTION, board.action, (i, i)) for i, board in enumerate(boards, 1)]
    cast = Cast((*spoken, *seen), settings.cast)
    shots: list[Shot] = []
    first = 1
    for ordinal, drawn in enumerate(_drawn(boards, settings)):
        name = shot_name(settings.naming, number, shot_code_by_tens(ordinal))
        notes = " ".join(board.notes for board in drawn.boards)
        camera = read_camera(notes) if notes else camera_in_action(drawn.text)
        size = (camera and camera.size) or "medium"
        move = (camera and camera.move) or "static"
        dialogue = drawn.dialogue()
        who = cast.mentioned(drawn.text) or tuple(dict.fromkeys(said.speaker for said in dialogue if said.speaker))
        words = prompt(size, move, "", drawn.text.replace("\n", " "), who, cast, settings.look)
        shots.append(
            Shot(
                shot_id=shot_id(screenplay.title, name, drawn.text),
                name=name,
                scene=number,
                heading=screenplay.title,
                text=drawn.text,
                prompt=words,
                frames=drawn.frames,
                lines=(first, first + len(drawn.boards) - 1),
                shot_size=size,
                camera_move=move,
                cast=who,
                dialogue=dialogue,
                panels=drawn.panels,
                audio=drawn.audio,
            )
        )
        first += len(drawn.boards)
    return (scene,), tuple(shots), _notices(boards)


def apply_boards(
    shots: Sequence[Shot], boards: Sequence[Board], settings: ProjectSettings
) -> tuple[tuple[Shot, ...], tuple[str, ...]]:
    """A script's shots with the lengths, panels and sounds of boards, and what their user should be told.

    A drawn shot whose label is a shot's name belongs to it; the others take the shots that are left, in order. Boards
    too many are reported and placed nowhere; shots without boards stay as they are.
    """
    drawn = _drawn(boards, settings)
    names = {shot.name.casefold() for shot in shots}
    named = {found.boards[0].shot.casefold(): found for found in drawn if found.boards[0].shot.casefold() in names}
    in_order = iter([found for found in drawn if named.get(found.boards[0].shot.casefold()) is not found])
    taken: list[Shot] = []
    for shot in shots:
        found = named.get(shot.name.casefold()) or next(in_order, None)
        taken.append(_with_boards(shot, found) if found else shot)
    notices = list(_notices(boards))
    if left := [found.boards[0].shot or found.boards[0].picture for found in in_order]:
        listed = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
        notices.append(f"The script has no shot for these boards, and they stand nowhere: {listed} ({len(left)}).")
    if len(drawn) < len(shots):
        notices.append(f"Shots without a board: {len(shots) - len(drawn)} of {len(shots)}.")
    return tuple(taken), tuple(notices)


def _with_boards(shot: Shot, drawn: _Drawn) -> Shot:
    dialogue = []
    for said in shot.dialogue:
        length = min(said.frames, drawn.frames)
        dialogue.append(replace(said, at_frames=min(said.at_frames, drawn.frames - length), frames=length))
    audio = drawn.audio or shot.audio
    return replace(shot, frames=drawn.frames, panels=drawn.panels, audio=audio, dialogue=tuple(dialogue))


def _drawn(boards: Sequence[Board], settings: ProjectSettings) -> list[_Drawn]:
    """Boards by shot; times are added up before they are rounded, so that no frame is lost on the way."""
    shots: list[list[Board]] = []
    for board in boards:
        if board.begins_shot or not shots:
            shots.append([])
        shots[-1].append(board)
    drawn = []
    seconds, start = Fraction(0), 0
    for group in shots:
        starts = []
        for board in group:
            starts.append(settings.rate.frames(seconds) - start)
            seconds += board.seconds
        end = max(start + 1, settings.rate.frames(seconds))
        starts = [min(at, end - start - 1) for at in starts]
        drawn.append(_Drawn(tuple(group), end - start, tuple(starts)))
        start = end
    return drawn


def _speaker_and_words(dialogue: str) -> tuple[str, str]:
    """`MARA: Who's there?` taken apart; without a name in capitals nobody is named."""
    name, colon, words = dialogue.partition(":")
    return (name.strip(), words.strip()) if colon and name.isupper() and len(name) < 40 and words else ("", dialogue)


def _notices(boards: Sequence[Board]) -> tuple[str, ...]:
    blank = sum(not board.picture for board in boards)
    return (f"Boards without a picture: {blank} of {len(boards)}.",) if blank else ()
