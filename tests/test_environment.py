"""environment.yml, the lock and pyproject.toml ask for the same things."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec

ROOT = Path(__file__).resolve().parent.parent

# conda-forge's name where it is not PyPI's.
CONDA_NAMES = {
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "jupyter-server": "jupyter_server",
    "jupyterlab-server": "jupyterlab_server",
    "matplotlib": "matplotlib-base",
    "psycopg[binary]": "psycopg",
}
# What conda-forge lacks, or has too old: pip's block takes it.
BY_PIP = {"nbgrader"}

Bounds = dict[str, frozenset[str]]


def _pyproject() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _environment() -> dict[str, Any]:
    environment: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    return environment


def _split(environment: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The lines for conda, and those of the pip block."""
    lines = environment["dependencies"]
    conda = [line for line in lines if isinstance(line, str)]
    (block,) = [line["pip"] for line in lines if isinstance(line, dict)]
    return conda, block


def _bounds(specifiers: SpecifierSet) -> frozenset[str]:
    return frozenset(str(specifier) for specifier in specifiers)


def _wanted(project: dict[str, Any]) -> tuple[Bounds, Bounds]:
    """What conda and what pip must bring, by the names that each of them uses."""
    conda: Bounds = {"python": _bounds(SpecifierSet(project["requires-python"]))}
    pip: Bounds = {}
    for line in project["dependencies"] + project["optional-dependencies"]["house"]:
        requirement = Requirement(line)
        extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
        name = requirement.name + extras
        if requirement.name in BY_PIP:
            pip[name] = _bounds(requirement.specifier)
        else:
            conda[CONDA_NAMES.get(name, name)] = _bounds(requirement.specifier)
    return conda, pip


def _conda(lines: list[str]) -> Bounds:
    """The same, as conda reads its lines; `pip` itself is conda's own need."""
    found: Bounds = {}
    for line in lines:
        spec = MatchSpec(line)
        assert spec.name is not None
        name = str(getattr(spec.name, "normalized", spec.name))
        if name != "pip":
            found[name] = _bounds(SpecifierSet(str(spec.version or "")))
    return found


def _pip(lines: list[str]) -> Bounds:
    named = [Requirement(line) for line in lines if not line.startswith("-")]
    return {requirement.name: _bounds(requirement.specifier) for requirement in named}


def test_conda_users_get_what_pyproject_asks_for() -> None:
    """environment.yml names each learner's and house dependency once, with its bound."""
    conda, pip = _split(_environment())
    assert _wanted(_pyproject()) == (_conda(conda), _pip(pip))
    assert len(conda) == len(_conda(conda)) + 1


def test_the_environment_is_kefus_own() -> None:
    """The environment is called kefu, comes from conda-forge alone, and installs kefu."""
    environment = _environment()
    assert environment["name"] == "kefu"
    assert environment["channels"] == ["conda-forge"]
    conda, pip = _split(environment)
    assert "pip" in conda
    assert "-e ." in pip


@pytest.mark.parametrize(
    ("line", "written"),
    [("numpy>=2.0", "numpy>=1.26"), ("voila>=0.5.13", None), ("typer>=0.15", "typer")],
)
def test_a_forgotten_line_is_seen(line: str, written: str | None) -> None:
    """A bound left behind, a line taken out or a bound dropped is a difference."""
    conda, _ = _split(_environment())
    assert line in conda
    changed = [other for other in conda if other != line] + ([written] if written else [])
    assert _wanted(_pyproject())[0] != _conda(changed)


# ---- the lock

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def _pins() -> dict[str, list[Version]]:
    pins: dict[str, list[Version]] = {}
    for name, version in _PIN.findall(LOCK):
        pins.setdefault(canonicalize_name(name), []).append(Version(version))
    return pins


def test_the_lock_pins_what_pyproject_asks_for() -> None:
    """Every requirement, of learner, house and tools, is pinned within its bounds."""
    project, pins = _pyproject(), _pins()
    lines = project["dependencies"] + [
        line for extra in project["optional-dependencies"].values() for line in extra
    ]
    for line in lines:
        requirement = Requirement(line)
        versions = pins[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), line


def test_the_lock_pins_what_builds_kefu() -> None:
    """The build backend is in the lock: after it, kefu installs with no network."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (backend,) = tomllib.loads(text)["build-system"]["requires"]
    assert _pins()["hatchling"][0] in Requirement(backend).specifier
    assert "editables" in _pins()


def test_the_lock_names_no_place() -> None:
    """The lock holds names, versions and hashes: no host, no index, no folder."""
    code = [line for line in LOCK.splitlines() if not line.lstrip().startswith("#")]
    for line in code:
        assert re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}( \\)?|[a-z0-9].*==.* \\", line), line
    assert not re.search(
        r"://|file:|--(extra-)?index|find-links|@ |^\s*-[ef]\s", LOCK, re.MULTILINE
    )


def test_every_pin_has_hashes() -> None:
    """No package of the lock can be replaced on its way: each has a hash at least."""
    blocks = re.split(r"(?m)^(?=[a-z0-9][a-z0-9._-]*==)", LOCK)[1:]
    assert len(blocks) == len(_PIN.findall(LOCK))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_serves_every_system() -> None:
    """The lock holds what only Windows or only macOS needs, behind a marker."""
    assert "colorama==" in LOCK
    assert "appnope==" in LOCK
