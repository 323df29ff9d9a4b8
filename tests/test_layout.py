"""The tree itself: packages declared, host-safe rooms kept to the standard library, one name for each module."""

import ast
import re
import sys
from pathlib import Path

import pytest
import tomllib

ROOT = Path(__file__).parent.parent
HOST_SAFE = ("errors.py", "storage.py", "timing", "film", "protocol", "client", "hosts")


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]


def _imports(path: Path) -> list[tuple[int, str]]:
    """Absolute imports of a module as (line, top-level name)."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append((node.lineno, node.module.split(".")[0]))
    return found


def test_declared_packages_are_the_tree() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    tops = {name: ROOT / name for name in ("core", "plugins", "ui")}
    found = [
        ".".join(("shotwright", top, *init.parent.relative_to(folder).parts))
        for top, folder in tops.items()
        for init in folder.rglob("__init__.py")
    ]
    assert sorted(declared) == sorted(found)


def test_data_beside_the_code_goes_into_the_wheel() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packed: set[Path] = set()
    for name in told["packages"]:
        home = ROOT / name.removeprefix("shotwright.").replace(".", "/")
        for pattern in told["package-data"]["*"] + told["package-data"].get(name, []):
            packed |= set(home.glob(pattern))
    data = {path for path in (ROOT / "core").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert sorted(data - packed) == []


def test_plugins_use_their_host_the_standard_library_and_host_safe_rooms() -> None:
    rooms = {path.removesuffix(".py") for path in HOST_SAFE}
    for path in _modules(ROOT / "plugins"):
        strangers = [name for _, name in _imports(path) if name not in {*sys.stdlib_module_names, "__future__", "bpy"}]
        inside = re.findall(r"from \.\.\.core\.?(\w*)", path.read_text())
        assert strangers == [], path
        assert {name for name in inside if name} <= rooms, path


@pytest.mark.parametrize("room", HOST_SAFE)
def test_host_safe_rooms_use_the_standard_library_of_3_10(room: str) -> None:
    path = ROOT / "core" / room
    if not path.exists():
        pytest.skip(f"core/{room} does not exist yet")
    younger = {"tomllib"}  # came with Python 3.11
    standard = (set(sys.stdlib_module_names) | {"__future__"}) - younger
    strangers = [
        f"{m.name}:{line} {name}" for m in _modules(path) for line, name in _imports(m) if name not in standard
    ]
    assert strangers == []


def test_nothing_imports_the_folders_by_their_bare_names() -> None:
    modules = [*_modules(ROOT / "core"), *_modules(ROOT / "tests")]
    bare = [f"{m}:{line}" for m in modules for line, name in _imports(m) if name in ("core", "ui", "plugins")]
    assert bare == []


def test_no_text_names_this_machine() -> None:
    told = re.compile(r"/home/\w+|/work/\w+|/Users/\w+|/root/")
    texts = [p for p in ROOT.rglob("*") if p.suffix in (".py", ".md", ".toml", ".txt")]
    texts = [p for p in texts if not {".venv", ".blender"} & set(p.parts)]
    found = [str(p) for p in texts if p.name != "test_layout.py" and told.search(p.read_text(encoding="utf-8"))]
    assert found == []
