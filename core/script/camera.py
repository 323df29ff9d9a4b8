"""The words for camera and framing that scripts use, and what they mean as shot size, move and view."""

from __future__ import annotations

import re
from dataclasses import dataclass

OVER_SHOULDER = "over the shoulder"
POINT_OF_VIEW = "point of view"

# What a shot line may begin with, the longer first.
_SIZES = (
    ("extreme close-up", r"EXTREME CLOSE(?:[ -]?UP)?|BIG CLOSE[ -]?UP|E\.?C\.?U|X\.?C\.?U|B\.?C\.?U|MACRO"),
    (
        "extreme wide",
        r"EXTREME (?:WIDE|LONG)|VERY WIDE|ESTABLISHING|AERIAL|DRONE|BIRD['’]?S[ -]EYE|E\.?W\.?S|E\.?L\.?S",
    ),
    ("insert", r"INSERT|CUTAWAY|DETAIL"),
    ("close-up", r"(?:MEDIUM )?CLOSE[ -]?UP|CLOSER|M\.?C\.?U|CLOSE|TIGHT|C\.?U"),
    ("full", r"FULL|THREE[ -]?SHOT|GROUP|F\.?S"),
    ("wide", r"WIDE(?:R|[ -]ANGLE)?|LONG|MASTER|W\.?S|L\.?S"),
    (
        "medium",
        r"MEDIUM|MED|MID|M\.?S|TWO[ -]?SHOT|2[ -]?SHOT|SINGLE|O\.?T\.?S|OVER[ -]THE[ -]SHOULDER|REVERSE(?: ANGLE)?"
        r"|(?:NEW|ANOTHER|LOW|HIGH|DUTCH) ANGLE|ANGLE|FAVOU?R(?:ING)?|\AON|(?:P\.?O\.?V|POINT OF VIEW)",
    ),
)
_STRONG = (
    r"CLOSE[ -]?UP|CLOSE ON|TIGHT ON|WIDE ON|ANGLE ON|INSERT(?! COIN)|CUTAWAY|P\.?O\.?V\.?|POINT OF VIEW|O\.?T\.?S\.?"
    r"|E\.?C\.?U\.?|EWS"
    r"|EXTREME (?:CLOSE|WIDE|LONG)|ESTABLISHING|AERIAL|REVERSE (?:ANGLE|ON)|OVER[ -]THE[ -]SHOULDER"
    r"|(?:WIDE|FULL|LONG|MEDIUM|MED\.?|CLOSE|TWO|2|THREE|GROUP|MASTER|DRONE|TRACKING|CRANE|DOLLY|STEADICAM|HANDHELD)"
    r"[ -]SHOT"
    r"|(?:WIDE|NEW|ANOTHER|LOW|HIGH|DUTCH|CLOSE)[ -]ANGLE"
)
# Camera words only ahead of ON, OF, a mark or the end.
_PLAIN = (
    r"WIDER?|FULL|LONG|MEDIUM|MED|MID|CLOSER?|TIGHT|ANGLE|REVERSE|AERIAL|DETAIL|ON|CU|MCU|MS|WS|LS|FS|SINGLE|HAND-?HELD"
)
_SHOULDER = r"OVER [A-Z][\w.\- ]{0,30}['’]S? SHOULDER"
_OWNED_VIEW = r"[A-Z][\w.\- ]{0,30}['’]S? (?:POV|P\.O\.V\.?|POINT OF VIEW)"
_LATER = r"(?:(?:[A-Z]+ ){0,3}LATER|MEANWHILE)[.:]?$"  # opens no scene, but the next shot
_BACK = r"BACK (?:TO|ON) (?!SCENE\b|PRESENT\b|SHOT\b)(?=\w)"  # BACK TO MARA
_SEEN_THROUGH = r"[A-Z][\w.\- ]{0,30} POV(?=\s?[:,–—-]|\.?$)"  # BINOCULAR POV
_VERBS = (
    r"PAN|WHIP[ -]?PAN|SWISH[ -]?PAN|TILT|CRANE|BOOM|JIB|DOLLY|DOLLIE|TRUCK|TRACK|PUSH|PULL|ZOOM|STEADICAM|FOLLOW|WIDEN"
    r"|RACK|HAND-?HELD"
)
_ENDING = r"(?:S|ING|NING|N?ED)?"
_WAY = (
    r"IN|INTO|OUT|BACK|AWAY|LEFT|RIGHT|UP|DOWN|TO|ACROSS|WITH|ALONG|OVER|AROUND|ALONGSIDE|ON|CLOSER|TOWARDS?|FORWARD|"
    r"BACKWARDS?|FROM|PAST|SHOT|BEHIND"
)
_MOVING = rf"(?:SLOW(?:LY)? |QUICK(?:LY)? |FAST )?(?:{_VERBS}){_ENDING}[ -](?:{_WAY})\b"

_SHOT_LINE = re.compile(
    rf"(?:THE )?(?:CAMERA )?(?:{_SHOULDER}|{_OWNED_VIEW}|{_SEEN_THROUGH}|(?:{_STRONG})(?!\w)"
    rf"|(?:{_PLAIN})(?= (?:ON|OF)\b|\s?[:,–—/]| -|\.?$)|ON (?=\w)|{_BACK}|{_LATER}|{_MOVING})"
)
_OPENING = re.compile(
    r"(?:(?:EXTREME )?(?:CLOSE|TIGHT|WIDE)(?:[ -]UP)? (?:ON|OF)|ANGLE ON|INSERT\s?[:–—-]"
    rf"|{_OWNED_VIEW}|{_SHOULDER}|P\.?O\.?V\.?\b"
    r"|(?:(?:EXTREME |VERY )?WIDE|MEDIUM|CLOSE[ -]?UP|(?:FULL|LONG|WIDE|MEDIUM)[ -]SHOT)\. )",  # a sentence of its own
    re.IGNORECASE,
)
_MOVE = re.compile(rf"\b({_VERBS}){_ENDING}\b((?:[^\w.!?]+\w+){{0,2}})", re.IGNORECASE)
_MOVE_IN_ACTION = re.compile(
    rf"\b(?:({_VERBS}){_ENDING} (?:{_WAY})\b)|\b(?i:camera|we)(?i: slowly| then| now)? (?i:({_VERBS}){_ENDING})\b"
)
_MOVE_ALONE = re.compile(  # a sentence of its own: … walks on. Crane up.
    r"(?:^|(?<=[.!?…]\s))(?:Slowly )?"
    r"((?:whip[ -]?)?pan|tilt|crane|boom|jib|dolly|truck|track|push|pull|zoom) (?:in|out|back|left|right|up|down)\b"
    r"(?: slowly| slightly)?(?:[.!]|$)",
    re.IGNORECASE,
)
_SIZE = re.compile(
    "|".join(rf"(?P<s{i}>(?<!\w)(?:{words})(?!\w))" for i, (_, words) in enumerate(_SIZES)), re.IGNORECASE
)
_CAMERA_WORDS = re.compile(
    rf"(?:(?:THE )?CAMERA )?(?:WE )?(?:{_BACK}|{_STRONG}|{_MOVING}|(?:{_PLAIN})(?!\w)|ON\b)(?: (?:SHOT|ANGLE|VIEW))?"
    r"(?: (?:ON|OF|TO|FROM|IN|UP|WITH)\b)?[\s:,.–—/-]*",
    re.IGNORECASE,
)
_CAMERA_TAIL = re.compile(rf"\s*[,;.–—-]\s*(?:{_MOVING}|{_PLAIN}|CLOSE[ -]?UP|O\.?T\.?S|STATIC)\W*$", re.IGNORECASE)
_DIRECTIONS = {
    "IN": "in", "INTO": "in", "TOWARD": "in", "TOWARDS": "in", "CLOSER": "in", "FORWARD": "in",
    "OUT": "out", "BACK": "out", "AWAY": "out", "BACKWARD": "out", "BACKWARDS": "out",
    "LEFT": "left", "RIGHT": "right", "UP": "up", "DOWN": "down",
}  # fmt: skip
_TILT = {"": "tilt up", "down": "tilt down"}
_CRANE = {"": "crane up", "down": "crane down"}
_PAN = {"": "pan right", "left": "pan left", "up": "tilt up", "down": "tilt down"}
_TRACK = {"": "track right", "left": "track left", "in": "push in", "out": "pull out"}
_DOLLY = {"": "push in", "left": "track left", "right": "track right", "out": "pull out"}
_ZOOM = {"": "push in", "out": "pull out"}
_MOVES = {
    "PAN": _PAN, "WHIPPAN": _PAN, "SWISHPAN": _PAN, "TILT": _TILT, "CRANE": _CRANE, "BOOM": _CRANE, "JIB": _CRANE,
    "DOLLY": _DOLLY, "DOLLIE": _DOLLY, "TRUCK": _TRACK, "TRACK": _TRACK, "STEADICAM": _TRACK, "FOLLOW": _TRACK,
    "PUSH": _ZOOM, "PULL": {"": "pull out"}, "ZOOM": _ZOOM, "WIDEN": {"": "pull out"}, "RACK": {"": "static"},
    "HANDHELD": {"": "handheld"},
}  # fmt: skip


@dataclass(frozen=True)
class Camera:
    """What a script asks of the camera: a size of SHOT_SIZES, a move of CAMERA_MOVES, each empty where it asks none.

    `view` is POINT_OF_VIEW, OVER_SHOULDER or empty. `words` are the script's, `subject` the same without camera words.
    """

    size: str
    move: str
    view: str
    words: str
    subject: str


def is_shot_line(line: str) -> bool:
    """Whether a line in capitals is an explicit shot: CLOSE ON THE LAMP, MARA'S POV, INSERT - LETTER."""
    return line.isupper() and len(line) < 200 and bool(_SHOT_LINE.match(line))


def read_camera(words: str) -> Camera:
    """What a shot line or note asks for, in capitals or not; a view without a size is a medium shot."""
    words = words.strip()
    head = words[:200]
    view = _view(head)
    return Camera(_size(head, view), _move(_MOVE.search(head)), view, words, without_camera_words(words))


def camera_in_action(text: str) -> Camera | None:
    """What a paragraph of action asks of the camera: CLOSE ON her hand …, We PUSH IN …; None where it asks nothing."""
    opening = _OPENING.match(text[:100])
    move = _MOVE_IN_ACTION.search(text[:2000]) or _MOVE_ALONE.search(text[:2000])
    if not opening and not move:
        return None
    view = _view(opening[0]) if opening else ""
    size = _size(opening[0], view) if opening else ""
    found = _move(_MOVE.search(text, move.start(), move.end() + 20)) if move else ""
    return Camera(size, found, view, text, without_camera_words(text) if opening else text)


def without_camera_words(words: str) -> str:
    """What the shot shows: `CLOSE ON: THE LAMP, PUSH IN` is `THE LAMP`."""
    head = words[:100]
    match = _CAMERA_WORDS.match(head)
    end = match.end() if match else 0
    if match and match[0].rstrip().endswith(",") and (further := _CAMERA_WORDS.match(head, end)):
        end = further.end()  # WIDE, CRANE DOWN on the roof
    tail = _CAMERA_TAIL.search(words, max(end, len(words) - 40))
    return words[end : tail.start()] if tail else words[end:]


def _view(words: str) -> str:
    folded = words.upper().replace(".", "")
    if "POV" in folded or "POINT OF VIEW" in folded:
        return POINT_OF_VIEW
    return OVER_SHOULDER if "OTS" in re.split(r"\W", folded) or "SHOULDER" in folded else ""


def _size(words: str, view: str) -> str:
    match = _SIZE.search(words)
    if match and match.lastgroup:
        return _SIZES[int(match.lastgroup[1:])][0]
    return "medium" if view else ""


def _move(match: re.Match[str] | None) -> str:
    if not match:
        return ""
    ways = _MOVES[re.sub("[ -]", "", match[1].upper())]
    directions = (_DIRECTIONS.get(word.upper(), "") for word in re.findall(r"\w+", match[2]))
    return next((ways[way] for way in directions if way in ways and way), ways[""])
