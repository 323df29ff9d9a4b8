"""Wording a scene as scripts do: from one word to a full entry, synonyms, any order, parts left unsaid."""

from __future__ import annotations

import numpy as np

from .scene import Subject, World

_PLACES = {
    "room": (
        "room kitchen bedroom office bar hallway corridor apartment studio classroom hospital cabin diner cafe library "
        "basement attic bathroom lobby workshop lighthouse-room living-room house flat hotel kitchen-table interior"
    ),
    "street": "street road alley avenue highway lane block crossroads main-street village town neighbourhood sidewalk",
    "forest": "forest woods park clearing jungle trail path-in-the-woods grove pines trees wood thicket",
    "desert": "desert dunes wasteland canyon badlands sands dry-lake mesa outback",
    "snow": "snow snowfield glacier tundra snowy-plain mountain-pass ice frozen-lake winter arctic",
    "sea": "sea beach ocean harbour shore coast pier bay lighthouse-cliff waterfront island cliff seaside",
    "hills": "hills meadow field farm countryside mountain valley grassland pasture hill prairie garden",
    "city": "city skyline downtown rooftop metropolis skyscrapers town-centre rooftops",
}
_TIMES = {
    "dawn": "dawn sunrise morning early-morning daybreak first-light",
    "day": "day noon afternoon midday daylight continuous later",
    "sunset": "sunset dusk evening golden-hour sundown magic-hour",
    "night": "night midnight moonlight late-night nightfall after-dark",
}
_WEATHERS = {
    "clear": ("",),
    "rain": ("rain", "heavy rain", "it rains", "rain falls", "in the rain", "a downpour", "rainy"),
    "snow": ("snow falls", "it snows", "snowfall", "falling snow", "a blizzard", "snowing"),
    "fog": ("fog", "mist", "thick fog", "in the fog", "misty", "haze hangs over everything"),
}
_SIZES = {
    "extreme wide": (
        "extreme wide",
        "EXTREME WIDE SHOT",
        "EWS",
        "establishing",
        "very wide",
        "long shot",
        "aerial",
        "an extreme wide",
        "a long shot",
        "a very wide view",
    ),
    "wide": (
        "wide",
        "WIDE SHOT",
        "WIDE",
        "full",
        "FULL SHOT",
        "WS",
        "full shot",
        "a full shot",
        "a wide",
        "a wide view",
    ),
    "medium": (
        "medium",
        "MEDIUM SHOT",
        "MS",
        "mid shot",
        "medium",
        "OTS",
        "two-shot",
        "single",
        "a mid shot",
        "a medium",
        "a medium view",
    ),
    "close-up": (
        "close-up",
        "CLOSE ON",
        "CU",
        "CLOSE-UP",
        "close up",
        "extreme close-up",
        "tight on",
        "insert",
        "a tight close-up",
        "a close view",
    ),
}
_MOVES = {
    "static": ("static", "locked off", "", "", "", "static camera", "the camera stays still", "a locked camera"),
    "pan left": ("pan left", "PAN LEFT", "the camera pans left", "panning left", "a pan to the left"),
    "pan right": ("pan right", "PAN RIGHT", "the camera pans right", "panning right", "a pan to the right"),
    "tilt up": ("tilt up", "TILT UP", "the camera tilts up", "a tilt up"),
    "tilt down": ("tilt down", "TILT DOWN", "the camera tilts down", "a tilt down"),
    "push in": (
        "push in",
        "PUSH IN",
        "dolly in",
        "DOLLY IN",
        "slow push in",
        "we move closer",
        "zoom in",
        "a push in",
        "the camera pushes in",
    ),
    "pull out": (
        "pull out",
        "PULL OUT",
        "dolly out",
        "pull back",
        "PULL BACK",
        "zoom out",
        "a pull out",
        "the camera pulls out",
    ),
    "track left": (
        "track left",
        "TRACKING LEFT",
        "tracking shot left",
        "dolly left",
        "truck left",
        "a track to the left",
        "the camera tracks left",
    ),
    "track right": (
        "track right",
        "TRACKING RIGHT",
        "tracking shot right",
        "dolly right",
        "truck right",
        "a track to the right",
        "the camera tracks right",
    ),
    "crane up": ("crane up", "CRANE UP", "the camera rises", "boom up", "a crane up", "the camera cranes up"),
    "crane down": (
        "crane down",
        "CRANE DOWN",
        "the camera descends",
        "boom down",
        "a crane down",
        "the camera cranes down",
    ),
}
_KINDS = {
    "person": (
        "man",
        "woman",
        "person",
        "figure",
        "girl",
        "boy",
        "traveller",
        "stranger",
        "detective",
        "NAME",
        "NAME",
        "NAME",
    ),
    "car": ("car", "sedan", "taxi", "truck", "vehicle", "pickup", "van", "car"),
    "dog": ("dog", "puppy", "hound", "dog"),
    "horse": ("horse", "mare", "stallion", "horse"),
    "ball": ("ball", "ball", "balloon", "football"),
    "boat": ("boat", "sailboat", "sailing boat", "ship"),
    "tree": ("tree", "oak", "tree"),
    "door": ("door", "doorway", "door"),
}
_ACTIONS = {
    "stands": ("stands", "waits", "is there", "stands still", "looks on", "watches", "rests", "is parked"),
    "walks": ("walks", "strolls", "walks along", "wanders", "paces", "crosses", "limps", "marches", "hikes", "goes"),
    "runs": ("runs", "sprints", "races", "hurries", "rushes", "bolts", "flees", "dashes", "escapes"),
    "jumps": ("jumps", "leaps", "hops", "bounces up and down"),
    "enters": ("enters", "comes in", "walks in", "steps in", "arrives", "appears"),
    "leaves": ("leaves", "exits", "goes out of frame", "walks off", "departs"),
    "approaches": ("approaches", "comes closer", "comes towards us", "walks towards the camera", "nears"),
    "turns": ("turns", "turns around", "looks around", "looks back"),
    "talks": (
        "talks",
        "speaks",
        "says something",
        "in conversation",
        "talking",
        "argues",
        "answers",
        "asks",
        "whispers",
    ),
    "waves": ("waves", "raises a hand", "signals", "waves goodbye"),
    "drives": ("drives", "drives past", "crosses", "speeds by", "rolls by", "passes"),
    "drifts": ("drifts", "sails", "glides", "sails past"),
    "rolls": ("rolls", "rolls past"),
    "bounces": ("bounces", "jumps", "bounces up and down"),
    "opens": ("opens", "swings open", "is opened"),
}
# What somebody who stays in their place does there, as scripts say it; of it all is drawn that they stand. Verbs are
# many: half of these are invented, so that what was never heard is no way to go.
_STAYS = {
    "person": (
        *(
            "sits",
            "sits down",
            "sits by the lamp",
            "sits on a chair",
            "sits at the table",
            "sits on a rock",
            "is seated",
        ),
        *("sleeps", "lies on the floor", "lies in bed", "kneels", "crouches", "leans on the wall", "hides", "freezes"),
        *("reads a letter", "reads", "writes a note", "writes", "turns the page", "holds a lantern", "holds a gun"),
        *("drinks her coffee", "drinks", "eats", "cooks", "smokes", "lights a cigarette", "opens the window"),
        *("listens", "thinks", "smiles", "laughs", "cries", "weeps", "nods", "sighs", "breathes", "shivers", "works"),
        *("stares at the sky", "stares", "looks up", "looks down", "looks at his watch", "looks out to sea", "gazes"),
        *("is on the phone", "picks up the phone", "digs", "repairs the engine", "plays the piano", "says nothing"),
    ),
    "dog": ("sits", "sleeps", "lies down", "barks", "eats", "waits for her"),
    "horse": ("grazes", "eats", "drinks", "sleeps", "lifts its head"),
}
_INVENTED = 0.5
_NAMED = 0.99  # of subjects: a second one that is seldom named comes unasked
_FILLERS = (
    "A long silence.",
    "Nothing else moves.",
    "Somewhere a bell rings.",
    "The air is heavy.",
    "He has waited all his life for this.",
    "Music swells.",
    "We hear the wind.",
    "It is quiet.",
    "Time passes.",
    "Her eyes search for an answer.",
)
# What places are dressed with, as scripts say it; of it only the place itself is drawn. It tells “waves” that roll from
# somebody who waves, and a purple sky from a purple coat.
_SCENERY = {
    "room": (
        "a lamp burns",
        "light falls through the window",
        "the clock ticks",
        "curtains move",
        "a table and a chair",
        "dust hangs in the light",
    ),
    "street": (
        "street lamps glow",
        "shop windows along the road",
        "the road is wet",
        "the houses are dark",
        "a long row of houses",
    ),
    "forest": (
        "light falls between the trees",
        "leaves rustle",
        "dead leaves cover the ground",
        "wind in the branches",
        "tall trees",
    ),
    "desert": ("sand blows", "the sand shimmers", "the dunes stretch to the horizon", "heat lies over the sand"),
    "snow": ("snow lies deep", "everything is white", "the ice glitters", "the wind drives over the snow"),
    "sea": (
        "waves roll in",
        "waves roll",
        "waves break on the sand",
        "waves crash",
        "waves wash up the beach",
        "the waves are calm",
        "the tide is out",
        "gulls cry",
        "the water glitters",
    ),
    "hills": ("grass moves in the wind", "a fence runs along the field", "the fields lie still", "green hills"),
    "city": ("lights in the windows", "towers against the sky", "the city sleeps", "rooftops to the horizon"),
}
_SKIES = {
    "dawn": ("pink", "pale", "golden", "grey"),
    "day": ("blue", "clear", "bright", "white"),
    "sunset": ("purple", "red", "orange", "golden", "burning"),
    "night": ("dark", "black", "starry", "blue"),
}
_BY = {
    "room": "by the window, at the table, by the door, in the corner, beside the lamp, at the desk",
    "street": "on the road, along the road, on the pavement, under a street lamp, past the houses",
    "forest": "between the trees, through the trees, on the path, among the trees",
    "desert": "in the sand, through the sand, across the dunes, in the heat",
    "snow": "in the snow, through the snow, on the ice, across the snow",
    "sea": "on the beach, along the beach, by the water, along the shore, on the sand",
    "hills": "in the grass, across the field, on the hill, over the fields",
    "city": "above the city, before the towers, on the roof",
}
_PRONOUNS = {"person": ("He", "She", "The figure")}
_SYLLABLES = "ma ra no el li sa jo han ka ri to ben da vi an na mi lo ze tu fe or in gre ta sam al ex".split()  # noqa: SIM905


def _one(rng: np.random.Generator, options: tuple[str, ...] | list[str]) -> str:
    return str(options[int(rng.integers(len(options)))])


def _words(rng: np.random.Generator, row: str) -> str:
    return _one(rng, row.split()).replace("-", " ")


def _name(rng: np.random.Generator) -> str:
    return "".join(_one(rng, _SYLLABLES) for _ in range(int(rng.integers(2, 4)))).upper()


def _who(rng: np.random.Generator, who: Subject) -> str:
    kind = _one(rng, _KINDS[who.kind])
    colour = who.colour if rng.random() < 0.82 else ""
    if who.kind == "person":
        cloth = _one(rng, ("coat", "jacket", "shirt", "dress", "raincoat", "sweater", "suit"))
        if kind == "NAME":
            name = _name(rng)
            if not colour:
                return name
            return _one(
                rng,
                (
                    f"{name} ({_age(rng)}{colour} {cloth})",
                    f"{name}, in {_a(f'{colour} {cloth}')}",
                    f"{name}, {_age(rng)}{colour} {cloth},",
                    f"{name} in {colour}",
                ),
            )
        return f"a {kind} in {_a(f'{colour} {cloth}')}" if colour else f"a {kind}"
    return _a(f"{colour} {kind}".strip())


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _age(rng: np.random.Generator) -> str:
    return _one(rng, ("30s, ", "40s, ", "19, ", "", "60s, ", "8, "))


def _scenery(rng: np.random.Generator, world: World) -> str:
    """What else is there, as a sentence or two in one."""
    words = _one(rng, _SCENERY[world.place])
    if world.place != "room" and rng.random() < 0.5:
        sky = f"{_one(rng, _SKIES[world.time])} sky"
        under = _one(rng, ("under", "beneath"))
        words = _one(rng, (f"{words} {under} {_a(sky)}", f"{under} {_a(sky)}", _a(sky), f"clouds drift over {_a(sky)}"))
    return words


def _subject(rng: np.random.Generator, who: Subject, place: str) -> str:
    words = _who(rng, who)
    if rng.random() < 0.12:
        return words
    again = f". {_one(rng, _PRONOUNS.get(who.kind, ('It', f'The {who.kind}')))}" if rng.random() < 0.25 else ""
    text = f"{words}{again} {_act(rng, who)}"
    moving = who.action in ("walks", "runs", "drives", "drifts", "rolls", "enters", "leaves")
    if moving and rng.random() < 0.6:
        way, other = ("right", "left") if who.facing > 0 else ("left", "right")
        if who.action == "enters":
            text += _one(rng, (f" from the {other}", f" {other} of frame", f" from {other}"))
        elif who.action == "leaves":
            text += _one(rng, (f" to the {way}", f" frame {way}", f" {way}"))
        else:
            text += _one(rng, (f" {other} to {way}", f" to the {way}", f" from {other} to {way}", f" {way}"))
    return f"{text} {_one(rng, _BY[place].split(', '))}" if rng.random() < 0.3 else text


def _act(rng: np.random.Generator, who: Subject) -> str:
    if who.action != "stands" or who.kind not in _STAYS or rng.random() < 0.4:
        return _one(rng, _ACTIONS[who.action])
    if rng.random() > _INVENTED:
        return _one(rng, _STAYS[who.kind])
    verb, thing = f"{_name(rng).lower()}s", _name(rng).lower()
    return _one(rng, (verb, verb, f"{verb} the {thing}", f"{verb} at {_a(thing)}", f"{verb} her {thing}"))


def _move(rng: np.random.Generator, move: str) -> str:
    """The camera's move in words; at times as a thing of its own, which is no subject."""
    if move == "static" or rng.random() > 0.25:
        return _one(rng, _MOVES[move])
    slow = _one(rng, ("", "", "slow ", "steady ", "gentle "))
    led = _one(rng, ("with a ", "on a ", "the camera makes a ", "a ", "then a ", "we get a ", "the camera begins a "))
    return f"{led}{slow}{move}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "." if text else ""


def caption(world: World, rng: np.random.Generator) -> str:
    """One wording of a scene; another each time it is asked for."""
    place, time = _words(rng, _PLACES[world.place]), _words(rng, _TIMES[world.time])
    inside = world.place == "room"
    if rng.random() < 0.05:
        alone = world.subjects if len(world.subjects) == 1 else ()  # one of two named would be both
        return _one(rng, [place, time, world.place, *(_who(rng, s) for s in alone)])
    parts: list[str] = []
    if rng.random() < 0.7:
        extra = f"{_name(rng)}'S " if rng.random() < 0.12 else ""
        where = extra + place.upper() + (f" {world.place.upper()}" if rng.random() < 0.25 and not inside else "")
        heading = f"{'INT' if inside else 'EXT'}. {where} - {time.upper()}"
        parts.append(heading if rng.random() < 0.9 else f"{where} {time}")
    else:
        where = _one(rng, ("in the", "in a", "in an")) if inside else _one(rng, ("at the", "in the", "the", "a"))
        said = [f"{where} {place}"] if rng.random() < 0.85 else []
        said += [f"at {time}"] if rng.random() < 0.8 else []
        if said:
            parts.append(" ".join(said))
    staging = []
    if rng.random() < 0.85:
        staging.append(_one(rng, _SIZES[world.size]))
    move = _move(rng, world.move)
    if move and rng.random() < 0.9:
        slow = (
            "slow "
            if world.speed < 0.45 and rng.random() < 0.4
            else "fast "
            if world.speed > 0.9 and rng.random() < 0.4
            else ""
        )
        staging.append(slow + move)
    if staging:
        parts.insert(0 if rng.random() < 0.7 else len(parts), ", ".join(staging))
    weather = _one(rng, _WEATHERS[world.weather])
    if weather and rng.random() < 0.85:
        parts.append(weather)
    people = [s for s in world.subjects if s.action == "talks"]
    if len(people) == 2 and rng.random() < 0.5:
        both = f"{_who(rng, people[0])} and {_who(rng, people[1])}"
        parts.append(_one(rng, (f"{both} talk", f"two people talk: {both}", f"{both} face each other")))
    else:
        parts += [_subject(rng, who, world.place) for who in world.subjects if rng.random() < _NAMED]
    if not world.subjects and rng.random() < 0.3:
        parts.append(_one(rng, ("empty", "nobody is here", "no one in sight", "deserted")))
    if rng.random() < 0.35:
        parts.insert(len(parts) if rng.random() < 0.6 else 1, _scenery(rng, world))
    if rng.random() < 0.25:
        parts.append(_one(rng, _FILLERS).rstrip("."))
    if rng.random() < 0.15:
        rng.shuffle(parts)
    if rng.random() < 0.3:  # one long sentence
        text = _sentence(_one(rng, (", ", "; ", " and ", " - ")).join(parts))
    else:
        text = " ".join(_sentence(part) for part in parts)
    return text.lower() if rng.random() < 0.1 else text
