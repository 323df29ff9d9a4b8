#!/usr/bin/env python3
"""One door for building Shotwright: `python3 dev.py demo | test | check | lint | long | blender | bench | shell`.

Standard library only. Makes `.venv`, installs into it what the command needs with the versions of constraints.txt,
then runs the command there. A second call finds everything in place and starts at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SOURCES = ("pyproject.toml", "constraints.txt")
OLDEST = (3, 11)
BLENDERS = {"4.5.15": "python3.11", "5.0.1": "python3.11", "5.2.3": "python3.13"}  # and the Python of each
TYPING = ROOT / ".typing" / "shotwright"

# import-linter has no `-m` door, and finds the package under its real name only in .typing.
IMPORT_RULES = "import sys; sys.path.insert(0, '.typing'); from importlinter.cli import lint_imports_command as c; c()"
LINT = (
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "ruff", "check", "."),
    ("-m", "mypy"),
    ("-c", IMPORT_RULES),
)
TESTS = ("-m", "pytest")
QUICK = (*TESTS, "-n", "2", "--dist", "worksteal")  # many of them wait for engines: two at a time take two thirds
# Each command: what must be installed, then what runs in the environment's Python, in order.
COMMANDS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "demo": ("engine", (("-m", "shotwright.core.cli.main", "demo", "--out", "demo"),)),
    "test": ("engine,dev", (QUICK,)),
    "lint": ("engine,dev", LINT),
    "check": ("engine,dev", (*LINT, QUICK)),
    "long": ("engine,dev", ((*TESTS, "-m", "long", "--timeout", "3600"),)),
    "blender": ("engine,dev", ((*TESTS, "-m", "blender", "tests/plugins"),)),
    "bench": ("engine,dev", (("-m", "bench"),)),
    "shell": ("engine,dev", (("-m", "shotwright.core.cli.main"),)),
}


def fingerprint(extras: str) -> str:
    """What an installation depends on: the two files, the extras, this Python and this folder."""
    digest = hashlib.sha256(f"{extras}|{sys.version}|{ROOT}".encode())
    for name in SOURCES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(extras: str) -> Path:
    """The file that remembers a finished installation of these extras."""
    return VENV / f"installed-{extras.replace(',', '-')}"


def install(extras: str) -> None:
    """Makes the environment and installs the package with these extras, unless that was done before."""
    wanted = fingerprint(extras)
    mark = stamp(extras)
    if PYTHON.exists() and mark.exists() and mark.read_text() == wanted:
        return
    if not PYTHON.exists():
        print("Making .venv …", flush=True)
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    print(f"Installing shotwright[{extras}] (once; torch and friends take some minutes to come) …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-c", "constraints.txt", "-e", f".[{extras}]"], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit("The installation failed; the lines above say why. Mend that, then run the same command again.")
    mark.write_text(wanted)


def make_blenders() -> None:
    """An environment for each Blender whose Python is here: `bpy` as it comes, and nothing else."""
    for version, python in BLENDERS.items():
        home = ROOT / ".blender" / version
        interpreter = shutil.which(python)
        if (home / "installed").exists() or interpreter is None:
            continue
        print(f"Making .blender/{version} …", flush=True)
        made = subprocess.run([interpreter, "-m", "venv", "--clear", str(home)], check=False).returncode == 0
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if made and subprocess.run([*pip, f"bpy=={version}"], check=False).returncode == 0:
            (home / "installed").touch()


def link_for_types() -> None:
    """Shows mypy and import-linter the folders under the names that they are imported by."""
    TYPING.mkdir(parents=True, exist_ok=True)
    for room in ("core", "plugins", "ui"):
        link = TYPING / room
        if (ROOT / room).is_dir() and not link.exists():
            try:
                link.symlink_to(ROOT / room, target_is_directory=True)
            except OSError:  # Windows without the right to link: a junction needs none
                subprocess.run(["cmd", "/c", "mklink", "/J", str(link), str(ROOT / room)], check=True)


def main(arguments: list[str]) -> int:
    """Runs one command; the exit code is that of the first step that failed."""
    if sys.version_info < OLDEST:
        print(f"Shotwright needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    extras, steps = COMMANDS[arguments[0]]
    install(extras)
    if "dev" in extras:
        link_for_types()
    if arguments[0] == "blender":
        make_blenders()
    for step in steps:
        extra = arguments[1:] if step is steps[-1] else []
        done = subprocess.run([str(PYTHON), *step, *extra], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
