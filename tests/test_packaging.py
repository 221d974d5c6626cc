"""The wheel and the sdist, opened: what they carry, what they must not, what they need."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent

# What the two archives are made from; copied, so that a build cannot touch the clone.
SOURCES = (
    ".gitignore",
    "pyproject.toml",
    "LICENSE",
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "widgets/kefu",
)
# Files that must stay where they are: whoever holds a key, and whatever is not the package.
KEPT_BACK = (
    "content/scenarios/planted.toml",
    "solutions/planted/planted.ipynb",
    "exercises/planted/planted.ipynb",
    "course/zh/planted.ipynb",
    "floor/planted.ipynb",
    "tests/test_planted.py",
    "widgets/frontend/src/planted.ts",
    "gradebook.db",
    "kefu.db",
)
# At the top of the sdist, beside the package.
SDIST_TOP = {"pyproject.toml", "LICENSE", "README.md", "README.zh.md", "CHANGELOG.md"} | {
    "PKG-INFO",
    ".gitignore",
}


class Archives(NamedTuple):
    """One build: the wheel and the sdist it was made from."""

    wheel: Path
    sdist: Path


def _copy(target: Path) -> Path:
    """A copy of what is packed, with a planted file in every folder that is not."""
    for name in SOURCES:
        source, copy = ROOT / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            # copyfile gives every file a new date: the dates must not matter.
            shutil.copytree(source, copy, ignore=ignored, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, copy)
    for name in KEPT_BACK:
        planted = target / name
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text("planted\n", encoding="utf-8")
    return target


def _build(source: Path, target: Path) -> Archives:
    """Builds as a release does: the sdist from the folder, the wheel from the sdist."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target)]
    done = subprocess.run(
        [*command, str(source)], capture_output=True, text=True, check=False, cwd=source
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = target.glob("*.whl")
    (sdist,) = target.glob("*.tar.gz")
    return Archives(wheel, sdist)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    """The archives, built once for all tests here."""
    source = _copy(tmp_path_factory.mktemp("source"))
    return _build(source, tmp_path_factory.mktemp("dist"))


def _in_wheel(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if not name.endswith("/")]


def _in_sdist(sdist: Path) -> list[str]:
    """The files of the sdist, without the folder `kefu-<version>/` that holds them all."""
    with tarfile.open(sdist) as archive:
        names = [PurePosixPath(member.name) for member in archive if not member.isdir()]
    assert {name.parts[0] for name in names} == {sdist.name.removesuffix(".tar.gz")}
    return [str(PurePosixPath(*name.parts[1:])) for name in names]


def _strangers_in_wheel(names: Iterable[str]) -> list[str]:
    """What belongs neither to the package, nor to its share, nor to the wheel's own papers."""
    ours = re.compile(r"kefu/|kefu-[^/]+\.dist-info/|kefu-[^/]+\.data/data/(share|etc)/jupyter/")
    return sorted(name for name in names if not ours.match(name))


def _strangers_in_sdist(names: Iterable[str]) -> list[str]:
    """What belongs neither to the package nor to the few files beside it."""
    return sorted(n for n in names if not n.startswith("widgets/kefu/") and n not in SDIST_TOP)


def test_the_wheel_carries_the_package_and_nothing_else(archives: Archives) -> None:
    """No content, solution, exercise, lesson or test is in the wheel."""
    assert _strangers_in_wheel(_in_wheel(archives.wheel)) == []


def test_the_sdist_carries_the_package_and_nothing_else(archives: Archives) -> None:
    """No content, solution, exercise, lesson or test is in the sdist."""
    assert _strangers_in_sdist(_in_sdist(archives.sdist)) == []


def test_no_content_hides_in_the_package(archives: Archives) -> None:
    """No archive holds a woven notebook, a database or a file in the form authors type."""
    names = _in_wheel(archives.wheel) + _in_sdist(archives.sdist)
    # The floor's pages are part of the program: a few lines each, and no question in them.
    names = [name for name in names if "kefu/door/pages/" not in name]
    kinds = {".ipynb", ".db", ".jsonl", ".zip"}
    assert [name for name in names if PurePosixPath(name).suffix in kinds] == []
    tomls = [name for name in names if name.endswith(".toml")]
    assert [name for name in tomls if "scenarios" in name or "sets" in name] == []


def test_a_planted_leak_is_seen(tmp_path: Path) -> None:
    """Without `only-include` the sdist takes every folder along, and these laws see it."""
    source = _copy(tmp_path / "source")
    project = source / "pyproject.toml"
    lines = project.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("only-include")]
    assert len(kept) == len(lines) - 1
    project.write_text("".join(kept), encoding="utf-8")
    strangers = _strangers_in_sdist(_in_sdist(_build(source, tmp_path / "dist").sdist))
    assert {"content/scenarios/planted.toml", "solutions/planted/planted.ipynb"} <= set(strangers)
    assert _strangers_in_wheel(strangers) == strangers


@pytest.mark.parametrize(
    "name",
    ["py.typed", "static/player.js", "static/player.css", "static/explorer.js",
     "static/explorer.css", "plots/kefu-sans.otf", "plots/OFL.txt"],
)  # fmt: skip
def test_both_carry_what_the_package_reads(archives: Archives, name: str) -> None:
    """The front-end bundle and the mark of typing come with the package, byte for byte."""
    wanted = (ROOT / "widgets/kefu" / name).read_bytes()
    with zipfile.ZipFile(archives.wheel) as wheel:
        assert wheel.read(f"kefu/{name}") == wanted
    with tarfile.open(archives.sdist) as sdist:
        top = archives.sdist.name.removesuffix(".tar.gz")
        file = sdist.extractfile(f"{top}/widgets/kefu/{name}")
        assert file is not None
        assert file.read() == wanted


def test_what_jupyterlab_reads_is_installed_beside_it(archives: Archives) -> None:
    """Kernel, extension and defaults go where Jupyter looks for them, as the package has them."""
    share = ROOT / "widgets/kefu/share"
    wanted = {}
    for folder, place in (("jupyter", "share/jupyter"), ("labconfig", "etc/jupyter/labconfig")):
        for file in (share / folder).rglob("*"):
            if file.is_file():
                name = file.relative_to(share / folder).as_posix()
                wanted[f"{place}/{name}"] = file.read_bytes()
    assert "share/jupyter/kernels/kefu/kernel.json" in wanted
    with zipfile.ZipFile(archives.wheel) as wheel:
        data = {n.partition(".data/data/")[2]: n for n in wheel.namelist() if ".data/data/" in n}
        assert {place: wheel.read(name) for place, name in data.items()} == wanted


def test_every_file_of_the_package_is_packed(archives: Archives) -> None:
    """What lies in the package's folder is in the wheel, but for the simulated centre's making."""
    package = ROOT / "widgets/kefu"
    files = [path for path in package.rglob("*") if path.is_file()]
    wanted = {
        path.relative_to(package.parent).as_posix()
        for path in files
        if "__pycache__" not in path.parts
    }
    lost = wanted - set(_in_wheel(archives.wheel))
    # A learner gets the wheel, and is to find out what lies in the simulated centre's data.
    assert {Path(name).parts[1] for name in lost} == {"centre"}


def test_the_same_source_gives_the_same_wheel(archives: Archives, tmp_path: Path) -> None:
    """Built again from a fresh copy, the wheel and the sdist are the same, byte for byte."""
    again = _build(_copy(tmp_path / "source"), tmp_path / "dist")
    assert again.wheel.name == archives.wheel.name
    assert again.wheel.read_bytes() == archives.wheel.read_bytes()
    assert again.sdist.read_bytes() == archives.sdist.read_bytes()


# ---- a learner's machine

# Run in a Python of its own, where only the learner's dependencies can be imported.
IMPORTS_KEFU = """
import json, sys
target, blocked = sys.argv[1], set(json.loads(sys.argv[2]))

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"a learner's machine has no {name}", name=name)

sys.meta_path.insert(0, Absent())
sys.path.insert(0, target)
import kefu
for name in kefu.__all__:
    getattr(kefu, name)
print(json.dumps({"file": kefu.__file__, "modules": sorted(sys.modules)}))
"""


def _house_modules() -> list[str]:
    """The modules that only the house's machines have: each is called as its package is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    house = [Requirement(line).name for line in project["optional-dependencies"]["house"]]
    learner = {Requirement(line).name for line in project["dependencies"]}
    return sorted(name.replace("-", "_") for name in set(house) - learner)


def test_what_kefu_imports_is_declared() -> None:
    """Every package that kefu imports by name is in pyproject, not met there by chance."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + extras["house"] + extras["dask"]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    providers = packages_distributions()
    undeclared = {}
    for module in (ROOT / "widgets/kefu").rglob("*.py"):
        for name in _imported(module) - sys.stdlib_module_names - {"kefu"}:
            if not declared & {canonicalize_name(p) for p in providers.get(name, [name])}:
                undeclared[name] = module.name
    assert undeclared == {}


def _imported(module: Path) -> set[str]:
    """The top names of all absolute imports of a module, wherever in it they stand."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.fixture(scope="module")
def installed(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed, alone."""
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command = [*pip, "--target", str(target), str(archives.wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def _import_kefu(target: Path, blocked: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", IMPORTS_KEFU, str(target), json.dumps(blocked)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=target)


def test_a_learner_needs_only_the_learners_packages(installed: Path) -> None:
    """All public names of kefu work where nothing of the house is installed."""
    blocked = _house_modules()
    assert {"pydantic", "sqlalchemy", "nbgrader", "voila", "typer"} <= set(blocked)
    done = _import_kefu(installed, blocked)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert Path(seen["file"]).is_relative_to(installed)


def test_a_house_module_in_the_learners_part_is_seen(installed: Path, tmp_path: Path) -> None:
    """An import of the house's, planted in kefu itself, stops the learner's import by name."""
    planted = tmp_path / "site"
    shutil.copytree(installed, planted)
    with (planted / "kefu/__init__.py").open("a", encoding="utf-8") as module:
        module.write("\nimport pydantic\n")
    done = _import_kefu(planted, _house_modules())
    assert done.returncode != 0
    assert "a learner's machine has no pydantic" in done.stderr


def test_importing_kefu_draws_nothing(installed: Path) -> None:
    """`import kefu` leaves matplotlib alone: a page that draws nothing opens sooner."""
    done = _import_kefu(installed, [])
    assert done.returncode == 0, done.stderr
    assert "matplotlib" not in json.loads(done.stdout)["modules"]


def test_the_command_is_called_kefu(installed: Path) -> None:
    """The wheel brings one command, `kefu`, and `python -m kefu` is the same command."""
    (papers,) = installed.glob("kefu-*.dist-info")
    entry_points = (papers / "entry_points.txt").read_text("utf-8")
    assert "[console_scripts]\nkefu = kefu.cli:main" in entry_points
    assert (installed / "kefu/__main__.py").is_file()
    assert (papers / "licenses/LICENSE").read_text("utf-8").startswith("MIT License")
