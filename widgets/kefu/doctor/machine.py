"""The machine and what is installed on it."""

from __future__ import annotations

import importlib
import locale
import os
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import sqlalchemy as sa
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from kefu import lab
from kefu.doctor.finding import Look, Site, fault, fine, warning
from kefu.errors import KefuError
from kefu.text import Text

__all__ = [
    "commands",
    "encoding",
    "environment",
    "kernel",
    "lab_extension",
    "packages",
    "ports",
    "python",
    "sandbox",
    "user",
]

PORTS = {8888: "kefu learn", 8889: "kefu teach", 8866: "kefu floor", 8870: "kefu preview"}

_VARIABLES = {"KEFU_CONTENT", "KEFU_DB", "KEFU_GRADEBOOK", "KEFU_SOCKET", "KEFU_TOKEN",
              "KEFU_SOAK_REPORT"}  # fmt: skip
_PATHS = ("KEFU_CONTENT", "KEFU_SOCKET")
_URLS = ("KEFU_DB", "KEFU_GRADEBOOK")
_EXTENSION = "labextensions/kefu-lab"


def python(site: Site) -> Iterator[Look]:
    """Python is as new as the package asks."""
    have, wanted = ".".join(map(str, sys.version_info[:3])), metadata.metadata("kefu")
    asked = wanted["Requires-Python"] or ">=3.11"
    if SpecifierSet(asked).contains(have, prereleases=True):
        yield fine(f"{have}，在 {sys.prefix}", f"{have}, in {sys.prefix}")
    else:
        yield fault(
            f"是 {have}，要 {asked}",
            f"it is {have}, and must be {asked}",
            "请装更新的 Python，再运行 make install",
            "install a newer Python, then run make install",
        )


def packages(site: Site) -> Iterator[Look]:
    """Every package that the house needs is there, in a version that is new enough."""
    asked = [Requirement(each) for each in metadata.requires("kefu") or ()]
    needed = [r for r in asked if r.marker is None or r.marker.evaluate({"extra": "house"})]
    wrong = []
    for each in needed:
        try:
            have = metadata.version(each.name)
        except metadata.PackageNotFoundError:
            wrong.append((f"没有 {each.name}", f"{each.name} is missing"))
            continue
        if not each.specifier.contains(have, prereleases=True):
            wrong.append(
                (
                    f"{each.name} 是 {have}，要 {each.specifier}",
                    f"{each.name} is {have}, and must be {each.specifier}",
                )
            )
    if wrong:
        yield fault(
            "；".join(zh for zh, _ in wrong),
            "; ".join(en for _, en in wrong),
            'pip install --upgrade "kefu[house]"，或 make install',
            'pip install --upgrade "kefu[house]", or make install',
        )
    else:
        yield fine(f"{len(needed)} 个都够新", f"all {len(needed)} are new enough")


def commands(site: Site) -> Iterator[Look]:
    """The commands that one types are those of this Python."""
    here = Path(sys.executable).parent
    there = {
        name: shutil.which(name, path=site.env.get("PATH", ""))
        for name in ("kefu", "nbgrader", "alembic")
    }
    told = [
        fault(
            f"敲 {name} 运行的是别的环境的 {found}",
            f"typing {name} runs another environment's, {found}",
            f"请先激活环境：. {here}/activate",
            f"activate the environment first: . {here}/activate",
        )
        for name, found in there.items()
        if found and Path(found).parent.resolve() != here.resolve()
    ]
    if missing := [name for name, found in there.items() if not found]:
        told.append(
            warning(
                f"PATH 上没有 {'、'.join(missing)}",
                f"not on PATH: {', '.join(missing)}",
                f"请先激活环境：. {here}/activate",
                f"activate the environment first: . {here}/activate",
            )
        )
    yield from told or [fine(f"都在 {here}", f"all in {here}")]


def environment(site: Site) -> Iterator[Look]:
    """Every KEFU_ variable is one that something reads, and names something."""
    told = []
    mine = sorted(name for name in site.env if name.startswith("KEFU_"))
    for name in mine:
        if name not in _VARIABLES:
            near = next((v for v in sorted(_VARIABLES) if sorted(v) == sorted(name)), None)
            told.append(
                warning(
                    f"{name} 没有人读",
                    f"nothing reads {name}",
                    f"您要写的也许是 {near}" if near else "请检查拼写，或去掉它",
                    f"perhaps you mean {near}" if near else "check its spelling, or unset it",
                )
            )
        elif name in _PATHS and not Path(site.env[name]).expanduser().exists():
            told.append(
                fault(
                    f"{name} 指的 {site.env[name]} 不存在",
                    f"{name} names {site.env[name]}, which is not there",
                    "请改正或去掉它",
                    "correct it or unset it",
                )
            )
        elif name in _URLS and site.env[name] and not _is_url(site.env[name]):
            told.append(
                fault(
                    f"{name} 不是数据库地址",
                    f"{name} is no address of a database",
                    "写成 postgresql+psycopg://用户@主机/数据库，或去掉它",
                    "write postgresql+psycopg://user@host/database, or unset it",
                )
            )
    yield from told or [fine("、".join(mine) or "没有设", ", ".join(mine) or "none is set")]


def _is_url(text: str) -> bool:
    try:
        sa.make_url(text).get_dialect()
    except (sa.exc.ArgumentError, ImportError):
        return False
    return True


def encoding(site: Site) -> Iterator[Look]:
    """Text is read and written as UTF-8."""
    said = {locale.getpreferredencoding(False), sys.getfilesystemencoding()}
    if wrong := sorted(name for name in said if name.lower().replace("-", "") != "utf8"):
        yield fault(
            f"系统编码是 {wrong[0]}，中文会乱",
            f"the system's encoding is {wrong[0]}: Chinese text will break",
            "设 LC_ALL=zh_CN.UTF-8，或 PYTHONUTF8=1",
            "set LC_ALL=en_US.UTF-8, or PYTHONUTF8=1",
        )
    else:
        yield fine("UTF-8", "UTF-8")


def user(site: Site) -> Iterator[Look]:
    """Whoever runs this is not root: a mistake, or a learner's program, would reach everything."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield warning(
            "现在是 root",
            "this runs as root",
            "请换普通用户运行，评学员的程序时尤其如此",
            "use an ordinary user, above all where learners' programs are graded",
        )
    else:
        yield fine("普通用户", "an ordinary user")


def ports(site: Site) -> Iterator[Look]:
    """Nothing else listens where our pages would."""
    taken = []
    for port, command in PORTS.items():
        try:
            lab.free_port(port)
        except KefuError:
            taken.append(
                warning(
                    f"{port} 有程序在用（{command} 的端口）",
                    f"{port} is in use (the port of {command})",
                    f"若不是已经开着的 {command}，就加 --port 换一个",
                    f"if that is not {command} running already, choose another with --port",
                )
            )
    numbers = list(map(str, PORTS))
    yield from taken or [fine(f"{'、'.join(numbers)} 都空着", f"{', '.join(numbers)} are free")]


def _old(zh: str, en: str) -> Look:
    return warning(
        zh,
        en,
        "kefu learn 不受影响；直接用 jupyter lab 的话，请重新安装：make install",
        "kefu learn is not affected; if you start jupyter lab yourself, run make install again",
    )


def kernel(site: Site) -> Iterator[Look]:
    """The kernel `kefu` is installed, as this version has it."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        folder = Path(KernelSpecManager().get_kernel_spec("kefu").resource_dir)
    except NoSuchKernel:
        yield _old("没有装名为 kefu 的内核", "the kernel kefu is not installed")
        return
    ours = lab.SHARE / "jupyter" / "kernels" / "kefu" / "kernel.json"
    if (folder / "kernel.json").read_bytes() == ours.read_bytes():
        yield fine(f"{folder}", f"{folder}")
    else:
        yield _old(f"{folder} 是旧的", f"{folder} is an old one")


def lab_extension(site: Site) -> Iterator[Look]:
    """The extension that opens a lesson ready is installed, as this version has it."""
    from jupyter_core.paths import jupyter_path

    there = [Path(path, "kefu-lab") for path in jupyter_path("labextensions")]
    folder = next((path for path in there if (path / "package.json").is_file()), None)
    ours = lab.SHARE / "jupyter" / _EXTENSION
    if folder is None:
        yield _old("没有装", "it is not installed")
    elif any(
        not (folder / name).is_file() or (folder / name).read_bytes() != (ours / name).read_bytes()
        for name in ("package.json", "static/remoteEntry.js")
    ):
        yield _old(f"{folder} 是旧的", f"{folder} is an old one")
    else:
        yield fine(f"{folder}", f"{folder}")


def sandbox(site: Site) -> Iterator[Look]:
    """Where a set asks for programs, learners' code can be locked in."""
    contents = site.places.contents if site.places else ()
    if not any(any(content.glob("programs/*.toml")) for content in contents):
        yield fine("没有编程题，用不着", "no set asks for programs, so none is needed")
        return
    try:
        importlib.import_module("kefu.grading.sandbox").ready()
    except KefuError as error:
        yield Look("fault", error.what, error.write)
    else:
        yield Look("ok", Text("能用", "it works"))
