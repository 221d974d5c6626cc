"""Where learners' code runs: what bubblewrap is asked for, and what the kernel then refuses.

Inside there are the system's libraries, Python's own and its packages, all read-only; one small
folder in memory; a few devices. There is no network, no /proc, no home, no course, no kefu.
"""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import site
import struct
import sys
from pathlib import Path

from kefu.errors import KefuError
from kefu.text import Text

__all__ = [
    "ENVIRONMENT",
    "FOLDER",
    "clear",
    "command",
    "filter_program",
    "hidden",
    "lacking",
    "nobody",
    "packages",
    "python",
    "unable",
]

FOLDER = "/tmp/work"
"""The notebook's working folder, in memory, inside."""
_PACKAGES = "/python/{}"  # where the n-th folder of installed packages stands inside
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread each: learners' processes are many, and threads count as processes.
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
    "MALLOC_ARENA_MAX": "1",
    # The same submission gets the same marks, also where code depends on the order of a set.
    "PYTHONHASHSEED": "0",
}
_SYSTEM = ("/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")

# System calls that no exercise needs. Each either gets memory that no limit counts (memory files,
# System V segments and queues, rings), looks into other processes, reaches the user's keys, or is
# a way to the kernel's less trodden parts. Numbers on x86-64 and on 64-bit ARM.
_REFUSED = {
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "io_setup": (206, 0),
    "io_uring_setup": (425, 425), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "fsopen": (430, 430), "open_tree": (428, 428),
    "move_mount": (429, 429), "mount_setattr": (442, 442), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
}  # fmt: skip
_CLONE, _CLONE3 = (56, 220), 435
_NEW_NAMESPACES = (
    0x7E020080  # of users, mounts, processes, network, IPC, names, control groups, time
)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # and linux/audit.h's number
_LOAD, _EQUAL, _ATLEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026


def lacking() -> KefuError | None:
    """Why there can be no sandbox on this machine, as far as one sees without trying."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return _refused(
            Text(
                "沙箱只能用在 Linux（x86-64 或 ARM64）上",
                "the sandbox needs Linux on x86-64 or ARM64",
            ),
            Text("换一台这样的机器改作业", "grade on such a machine"),
        )
    if shutil.which("bwrap") is None:
        return _refused(
            Text(
                "没有找到 bubblewrap（命令 bwrap）",
                "bubblewrap (the command bwrap) is not installed",
            ),
            Text(
                "安装它，例如 apt install bubblewrap", "install it, as with apt install bubblewrap"
            ),
        )
    return None


def unable(why: Text, sandboxed: bool) -> KefuError:
    """Why a process that was tried did not start, and what would help."""
    told = why.en.lower()
    if not sandboxed:
        return KefuError(
            Text(f"运行不了学员的代码：{why.zh}", f"learners' code cannot be run: {why.en}"),
            Text("看看 Python 是否装得完整", "see whether Python is installed whole"),
        )
    if "unknown option" in told:
        mend = Text("把 bubblewrap 升到 0.8 或更新", "update bubblewrap to 0.8 or newer")
    elif any(word in told for word in ("namespace", "uid map", "not permitted", "denied")):
        mend = Text(
            "请管理员允许普通用户的命名空间（sysctl user.max_user_namespaces 大于 0；"
            "kernel.unprivileged_userns_clone=1；"
            "Ubuntu 上 kernel.apparmor_restrict_unprivileged_userns=0），"
            "在容器里则要容器允许（CAP_SYS_ADMIN）",
            "have an administrator allow unprivileged user namespaces (sysctl "
            "user.max_user_namespaces above 0; kernel.unprivileged_userns_clone=1; on Ubuntu "
            "kernel.apparmor_restrict_unprivileged_userns=0), in a container also the container "
            "must (CAP_SYS_ADMIN)",
        )
    else:
        mend = Text("用 kefu doctor 看看这台机器", "look at this machine with kefu doctor")
    return _refused(Text(f"启动失败（{why.zh}）", f"it does not start ({why.en})"), mend)


def _refused(what: Text, write: Text) -> KefuError:
    """There is no sandbox; besides what would mend it there is always `--no-sandbox`."""
    return KefuError(
        Text(
            f"学员的代码现在不能隔离运行：{what.zh}",
            f"learners' code cannot be isolated: {what.en}",
        ),
        Text(
            f"{write.zh}；班级信得过时也可以用 --no-sandbox",
            f"{write.en}; for a class you trust there is also --no-sandbox",
        ),
    )


def hidden() -> list[str]:
    """Folders of this machine whose names no learner needs to read in a message, longest first."""
    return sorted({*_packages(), sys.base_prefix, sys.prefix}, key=len, reverse=True)


def nobody() -> int:
    """A user of its own for one run; 0 where the sandbox has users of its own anyway.

    The limit on processes counts by user and does not hold for root. Two runs may share a number
    by chance: they then share that limit, and nothing else.
    """
    if os.geteuid() != 0:
        return 0
    tops = []
    for kind in ("uid", "gid"):
        rows = Path(f"/proc/self/{kind}_map").read_text(encoding="ascii").splitlines()
        tops.append(max(int(start) + int(length) for start, _, length in map(str.split, rows)))
    top = min(*tops, 1 << 31) - 2
    low = 200_000 if top > 1_000_000 else top // 2
    return low + secrets.randbelow(top - low)


def command(disk: int, filters: int) -> list[str]:
    """Bubblewrap's command line, up to the program that it is to start.

    Args:
        disk: bytes that may be written, all together.
        filters: an open file with `filter_program()`.
    """
    root = os.geteuid() == 0
    own = () if root else ("--unshare-user", "--uid", "65534", "--gid", "65534")
    # Root has no users of its own inside, so that a limit on processes can hold; the runner
    # gives up root with these two before any learner's code, and what it started with is gone.
    drop = ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID") if root else ()
    line = [
        shutil.which("bwrap") or "bwrap", *own,
        "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
        "--hostname", "kefu", "--die-with-parent", "--new-session", "--cap-drop", "ALL", *drop,
        "--clearenv", "--setenv", "HOME", "/tmp", *_settings(),
        "--dev", "/dev", "--perms", "1777", "--size", str(disk), "--tmpfs", "/tmp",
    ]  # fmt: skip
    for folder in ("/lib", "/lib64", "/bin", "/sbin"):
        if os.path.islink(folder):
            line += ["--symlink", os.readlink(folder), folder]
        elif folder.startswith("/lib") and os.path.isdir(folder):
            line += ["--ro-bind", folder, folder]
    ours = [os.path.join(sys.base_prefix, name) for name in ("lib", "lib64")]
    places = {path: path for path in (*_SYSTEM, *ours, python())}
    places |= {folder: _PACKAGES.format(n) for n, folder in enumerate(_packages())}
    # A link (lib64 to lib) leads to what is bound under its own name.
    places = {p: to for p, to in places.items() if os.path.exists(p) and not os.path.islink(p)}
    above = {str(up) for to in places.values() for up in Path(to).parents} - {"/"}
    for folder in sorted(above):  # bubblewrap itself would make them for root alone
        line += ["--perms", "0755", "--dir", folder]
    for path, inside in places.items():
        line += ["--ro-bind", path, inside]
        kefu = os.path.join(path, "kefu")
        if inside != path and os.path.isdir(kefu):  # it knows how results are computed
            line += ["--tmpfs", f"{inside}/kefu", "--remount-ro", f"{inside}/kefu"]
    # Packages beside Python's own library are seen in one place or not at all.
    version = "python{}.{}".format(*sys.version_info)
    beside = [os.path.join(folder, version, "site-packages") for folder in ours]
    for folder in dict.fromkeys((*_packages(), *beside)):
        if os.path.isdir(folder) and any(folder.startswith(f"{path}/") for path in places):
            line += ["--tmpfs", folder, "--remount-ro", folder]
    line += ["--remount-ro", "/", "--remount-ro", "/dev", "--seccomp", str(filters), "--chdir", "/"]
    return [*line, "--"]


def python() -> str:
    """The interpreter itself, not the environment's link to it."""
    return os.path.realpath(sys.executable)


def packages(sandboxed: bool) -> list[str]:
    """Where installed packages stand, as the runner sees them."""
    found = _packages()
    return [_PACKAGES.format(n) for n in range(len(found))] if sandboxed else found


def _packages() -> list[str]:
    found = dict.fromkeys(map(os.path.realpath, site.getsitepackages()))
    return [folder for folder in found if os.path.isdir(folder)]


def _settings() -> list[str]:
    return [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)]


def filter_program() -> bytes:
    """What the kernel does about each system call: a program for its packet filter.

    What is refused looks like something that this user may not do; `clone3` looks missing, since
    its flags cannot be seen from here, and the C library then takes `clone`.
    """
    column, audit = _MACHINES[platform.machine()]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for how, number, verdict in (
        *([(_ATLEAST, 0x40000000, _ENOSYS)] if column == 0 else []),  # x32's own numbers
        (_EQUAL, _CLONE3, _ENOSYS),
        *((_EQUAL, numbers[column], _EPERM) for numbers in _REFUSED.values()),
    ):
        steps += [(how, 0, 1, number), (_RETURN, 0, 0, verdict)]
    steps += [
        (_EQUAL, 0, 3, _CLONE[column]),
        (_LOAD, 0, 0, 16),  # the lower half of the first argument, on a little-endian machine
        (_ANY, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def clear(folder: str) -> None:
    """Take a folder away, also where the code has locked parts of it."""
    for above, inside, _ in os.walk(folder):
        for name in inside:
            path = os.path.join(above, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
