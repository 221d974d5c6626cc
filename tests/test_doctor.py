"""Every check of the doctor is well where all is well, and sees what is really broken."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kefu import lab
from kefu.backup import STAGE, Home, take
from kefu.doctor import CHECKS, Site, examine, machine
from kefu.errors import KefuError
from kefu.text import Text
from tests.grading.course import GRADED, Course, bank

Break = Callable[["Patient"], None]


class Patient:
    """A course that is well, and what can be broken about it and its machine."""

    def __init__(self, root: Path, tmp: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.tmp, self.patch = root, tmp, patch
        self.env = {"PATH": str(Path(sys.executable).parent)}
        self.now: dt.datetime | None = None

    def site(self) -> Site:
        """What the doctor is given."""
        site = Site(self.root, self.env)
        return Site(self.root, self.env, self.now) if self.now else site

    def states(self, *checks: str) -> dict[str, set[str]]:
        """How each check finds it."""
        found: dict[str, set[str]] = {}
        for one in examine(self.site(), checks or CHECKS):
            found.setdefault(one.check, set()).add(one.state)
        return found


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one set that is released, handed in, graded and backed up."""
    root = tmp_path_factory.mktemp("well") / "course"
    course = Course(root, bank(root / "content"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    course.submit("s01", course.answers({GRADED[3]: {"number": "3"}}))
    with course.gradebook() as book:
        book.add_student("s01")
        book.add_submission("first", "s01")
    (root / "autograded" / "s01" / "first").mkdir(parents=True)
    take(Home.at(root, env={}))
    return root


@pytest.fixture
def patient(well: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """A copy of it on a machine where all is as it should be."""
    shutil.copytree(well, tmp_path / "course")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("JUPYTER_PATH", str(lab.SHARE / "jupyter"))
    monkeypatch.setattr(machine, "PORTS", {_port(): "kefu learn"})
    patient = Patient(tmp_path / "course", tmp_path, monkeypatch)
    for name in ("kefu", "nbgrader", "alembic"):
        assert (Path(sys.executable).parent / name).is_file()
    return patient


def _port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_where_all_is_well_the_doctor_says_so(patient: Patient) -> None:
    """No check finds anything in a course that was just graded and backed up."""
    found = examine(patient.site())
    assert [(one.check, one.what.en) for one in found if one.state != "ok"] == []
    assert {one.check for one in found} == set(CHECKS)


def _dist(patient: Patient, name: str, text: str) -> None:
    """Install a package's description that is found before the real one."""
    folder = patient.tmp / "site" / f"{name}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\n{text}\n")
    patient.patch.syspath_prepend(str(patient.tmp / "site"))


def _old_python(patient: Patient) -> None:
    _dist(patient, "kefu-9", "Name: kefu\nVersion: 9\nRequires-Python: >=4.0")


def _old_package(patient: Patient) -> None:
    _dist(patient, "voila-0.1", "Name: voila\nVersion: 0.1")


def _missing_package(patient: Patient) -> None:
    _dist(patient, "kefu-9", "Name: kefu\nVersion: 9\nRequires-Dist: kefu-needs-this-one>=1")


def _no_commands(patient: Patient) -> None:
    patient.env["PATH"] = str(patient.tmp)


def _others_commands(patient: Patient) -> None:
    other = patient.tmp / "bin"
    other.mkdir()
    (other / "nbgrader").write_text("#!/bin/sh\n")
    (other / "nbgrader").chmod(0o755)
    patient.env["PATH"] = f"{other}{os.pathsep}{patient.env['PATH']}"


def _mistyped_variable(patient: Patient) -> None:
    patient.env["KEFU_CONTNET"] = str(patient.tmp)


def _variable_names_nothing(patient: Patient) -> None:
    patient.env["KEFU_CONTENT"] = str(patient.tmp / "nowhere")


def _variable_is_no_url(patient: Patient) -> None:
    patient.env["KEFU_GRADEBOOK"] = "marks.xlsx"


def _no_driver(patient: Patient) -> None:
    patient.env["KEFU_DB"] = "postgresql+nodriver://kefu@/kefu"


def _root_user(patient: Patient) -> None:
    patient.patch.setattr(os, "geteuid", lambda: 0)


def _no_kernel(patient: Patient) -> None:
    _nothing_of_jupyter(patient)


def _nothing_of_jupyter(patient: Patient) -> None:
    patient.patch.setenv("JUPYTER_PATH", str(patient.tmp))
    patient.patch.setenv("JUPYTER_DATA_DIR", str(patient.tmp / "data"))
    patient.patch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    patient.patch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [])


def _old_kernel(patient: Patient) -> None:
    shutil.copytree(lab.SHARE / "jupyter", patient.tmp / "share")
    (patient.tmp / "share" / "kernels" / "kefu" / "kernel.json").write_text(
        json.dumps({"argv": ["python"], "display_name": "kefu", "language": "python"})
    )
    patient.patch.setenv("JUPYTER_PATH", str(patient.tmp / "share"))


def _old_extension(patient: Patient) -> None:
    shutil.copytree(lab.SHARE / "jupyter", patient.tmp / "share")
    (patient.tmp / "share/labextensions/kefu-lab/static/remoteEntry.js").write_text("// old")
    patient.patch.setenv("JUPYTER_PATH", str(patient.tmp / "share"))


def _no_extension(patient: Patient) -> None:
    _nothing_of_jupyter(patient)


def _no_sandbox(patient: Patient) -> None:
    programs = patient.root / "content" / "programs"
    programs.mkdir()
    (programs / "one.toml").write_text("")

    def ready() -> None:
        raise KefuError(Text("没有 bwrap", "there is no bwrap"), Text("请装", "install it"))

    stand_in = types.ModuleType("kefu.grading.sandbox")
    stand_in.ready = ready  # type: ignore[attr-defined]
    patient.patch.setitem(sys.modules, "kefu.grading.sandbox", stand_in)


def _outside(patient: Patient) -> None:
    patient.root = patient.tmp


def _not_our_config(patient: Patient) -> None:
    (patient.root / "nbgrader_config.py").write_text("c = get_config()\n")


def _shadow(patient: Patient) -> None:
    (patient.root / "random.py").write_text("")


def _shadow_beside_a_lesson(patient: Patient) -> None:
    (patient.root / "course" / "zh" / "kefu.py").write_text("")


def _shadowing_package(patient: Patient) -> None:
    (patient.root / "exercises" / "first" / "numpy").mkdir()
    (patient.root / "exercises" / "first" / "numpy" / "__init__.py").write_text("")


def _file_for_a_folder(patient: Patient) -> None:
    (patient.root / "feedback").write_text("")


def _closed_folder(patient: Patient) -> None:
    real, closed = os.access, patient.root / "submitted"
    patient.patch.setattr(
        os, "access", lambda path, mode: Path(path) != closed and real(path, mode)
    )


def _little_room(patient: Patient) -> None:
    usage = shutil.disk_usage(patient.root)._replace(free=2**29)
    patient.patch.setattr(shutil, "disk_usage", lambda _: usage)


def _locks_do_not_hold(patient: Patient) -> None:
    patient.patch.setattr(fcntl, "flock", lambda *_: None)


def _no_locks(patient: Patient) -> None:
    def unknown(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    patient.patch.setattr(fcntl, "flock", unknown)


def _no_sync(patient: Patient) -> None:
    def unknown(*_: object) -> None:
        raise OSError(5, "Input/output error")

    patient.patch.setattr(os, "fsync", unknown)


def _story(patient: Patient, old: str, new: str) -> None:
    file = patient.root / "content" / "scenarios" / "umbrella.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def _fault_in_content(patient: Patient) -> None:
    _story(patient, "credit.look = 1.0", "credit.look = 2.0")


def _not_woven(patient: Patient) -> None:
    _story(patient, "谁看见我的伞了", "有人看见我的伞吗")


def _not_released_again(patient: Patient) -> None:
    _story(patient, "谁看见我的伞了", "有人看见我的伞吗")
    Course(patient.root, patient.root / "content").weave()


def _not_released(patient: Patient) -> None:
    shutil.rmtree(patient.root / "exercises")


def _no_vault(patient: Patient) -> None:
    (patient.root / "kefu.db").unlink()


def _a_key_is_gone(patient: Patient) -> None:
    with closing(sqlite3.connect(patient.root / "kefu.db")) as db, db:
        db.execute("DELETE FROM released WHERE item = ?", (GRADED[0],))


def _unreachable(patient: Patient) -> None:
    url = f"postgresql+psycopg://kefu@/kefu?host={patient.tmp}/nowhere"
    patient.env |= {"KEFU_DB": url, "KEFU_GRADEBOOK": url}


def _no_gradebook(patient: Patient) -> None:
    (patient.root / "gradebook.db").unlink()


def _old_gradebook(patient: Patient) -> None:
    with closing(sqlite3.connect(patient.root / "gradebook.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = 'old'")


def _unknown_set(patient: Patient) -> None:
    with closing(sqlite3.connect(patient.root / "gradebook.db")) as db, db:
        db.execute("UPDATE assignment SET name = 'another'")


def _other_cells(patient: Patient) -> None:
    with closing(sqlite3.connect(patient.root / "gradebook.db")) as db, db:
        db.execute("UPDATE base_cell SET name = 'another' WHERE name = ?", (GRADED[0],))


def _damaged_file(patient: Patient) -> None:
    file = patient.root / "gradebook.db"
    data = bytearray(file.read_bytes())
    data[8192:16384] = b"\xff" * 8192
    file.write_bytes(data)


def _no_database(patient: Patient) -> None:
    (patient.root / "kefu.db").write_bytes(b"no database at all" * 1000)


def _hand_in_of_tomorrow(patient: Patient) -> None:
    file = patient.root / "submitted" / "s01" / "first" / "first.ipynb"
    tomorrow = dt.datetime.now().timestamp() + 86400
    os.utime(file, (tomorrow, tomorrow))


def _clock_of_long_ago(patient: Patient) -> None:
    patient.now = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def _killed_restore(patient: Patient) -> None:
    (patient.root / STAGE).mkdir()


def _aged(path: Path) -> None:
    path.write_text("")
    week = dt.datetime.now().timestamp() - 7 * 86400
    os.utime(path, (week, week))
    os.chown(path, os.getuid(), -1)


def _half_written(patient: Patient) -> None:
    patient.patch.setattr(os, "geteuid", os.getuid)
    _aged(patient.root / "backups" / "kefu-backup.zip.part")


def _temporary(patient: Patient) -> None:
    patient.patch.setattr(os, "geteuid", os.getuid)
    _aged(patient.tmp / "tmp" / "kefu-wheel-x")


def _graded_without_a_row(patient: Patient) -> None:
    (patient.root / "autograded" / "s02" / "first").mkdir(parents=True)


def _no_backup(patient: Patient) -> None:
    shutil.rmtree(patient.root / "backups")


def _backup_of_long_ago(patient: Patient) -> None:
    (file,) = (patient.root / "backups").iterdir()
    then = dt.datetime.now().timestamp() - 60 * 86400
    os.utime(file, (then, then))


BROKEN: list[tuple[Break, str, str]] = [
    (_old_python, "python", "fault"),
    (_old_package, "packages", "fault"),
    (_missing_package, "packages", "fault"),
    (_no_commands, "commands", "warning"),
    (_others_commands, "commands", "fault"),
    (_mistyped_variable, "environment", "warning"),
    (_variable_names_nothing, "environment", "fault"),
    (_variable_names_nothing, "root", "fault"),
    (_variable_is_no_url, "environment", "fault"),
    (_variable_is_no_url, "gradebook", "fault"),
    (_no_driver, "environment", "fault"),
    (_no_driver, "vault", "fault"),
    (_root_user, "user", "warning"),
    (_no_kernel, "kernel", "warning"),
    (_old_kernel, "kernel", "warning"),
    (_no_extension, "lab", "warning"),
    (_old_extension, "lab", "warning"),
    (_no_sandbox, "sandbox", "fault"),
    (_outside, "root", "fault"),
    (_not_our_config, "config", "fault"),
    (_shadow, "shadows", "fault"),
    (_shadow_beside_a_lesson, "shadows", "fault"),
    (_shadowing_package, "shadows", "fault"),
    (_file_for_a_folder, "folders", "fault"),
    (_closed_folder, "folders", "fault"),
    (_little_room, "room", "warning"),
    (_locks_do_not_hold, "locks", "fault"),
    (_no_locks, "locks", "fault"),
    (_no_sync, "locks", "fault"),
    (_fault_in_content, "content", "fault"),
    (_not_woven, "woven", "fault"),
    (_not_released_again, "released", "fault"),
    (_not_released, "released", "warning"),
    (_no_vault, "vault", "fault"),
    (_a_key_is_gone, "vault", "fault"),
    (_unreachable, "vault", "fault"),
    (_unreachable, "gradebook", "fault"),
    (_no_gradebook, "gradebook", "warning"),
    (_old_gradebook, "gradebook", "fault"),
    (_unknown_set, "sets", "warning"),
    (_other_cells, "sets", "fault"),
    (_damaged_file, "integrity", "fault"),
    (_no_database, "integrity", "fault"),
    (_hand_in_of_tomorrow, "clock", "warning"),
    (_clock_of_long_ago, "clock", "warning"),
    (_killed_restore, "leftovers", "fault"),
    (_half_written, "leftovers", "warning"),
    (_temporary, "leftovers", "warning"),
    (_no_gradebook, "unmarked", "warning"),
    (_graded_without_a_row, "unmarked", "warning"),
    (_no_backup, "backup", "warning"),
    (_backup_of_long_ago, "backup", "warning"),
]


@pytest.mark.parametrize(
    ("breaking", "check", "state"), BROKEN, ids=[f"{c}{b.__name__}" for b, c, _ in BROKEN]
)
def test_what_is_broken_is_seen(patient: Patient, breaking: Break, check: str, state: str) -> None:
    """The check that is about it says what is wrong and what to do, in both languages."""
    assert patient.states(check) == {check: {"ok"}}
    breaking(patient)
    found = [one for one in examine(patient.site(), [check]) if one.state != "ok"]
    assert [one.state for one in found][:1] == [state]
    for one in found:
        assert "itself failed" not in one.what.en, one.what.en
        assert one.mend is not None
        assert all((one.what.zh, one.what.en, one.mend.zh, one.mend.en))


def test_every_check_can_fail() -> None:
    """What is broken above covers every check but the two that have a test of their own."""
    assert {check for _, check, _ in BROKEN} == set(CHECKS) - {"locale", "ports"}


def test_a_taken_port_is_seen(patient: Patient) -> None:
    """A port on which somebody listens is named, with whose it would be."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        patient.patch.setattr(machine, "PORTS", {port: "kefu learn"})
        (found,) = examine(patient.site(), ["ports"])
    assert found.state == "warning"
    assert str(port) in found.what.en


@pytest.mark.parametrize(("utf8", "state"), [("0", "fault"), ("1", "ok")])
def test_another_encoding_is_seen(utf8: str, state: str) -> None:
    """A Python that takes text for ASCII is found, and what the doctor says to set mends it."""
    code = (
        "from pathlib import Path\nfrom kefu.doctor import Site, examine\n"
        "print(examine(Site(Path('/'), {}), ['locale'])[0].state)"
    )
    env = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": utf8}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == state


def test_a_check_that_fails_itself_stops_no_other(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is reported as such, with what happened, and all the others are told as before."""
    (patient.root / "exercises" / "first" / "cards.json").write_text("torn {")
    found = {one.check: one for one in examine(patient.site())}
    assert set(found) == set(CHECKS)
    assert "this check itself failed (JSONDecodeError" in found["released"].what.en
    assert found["released"].state == found["vault"].state == "fault"
    assert found["gradebook"].state == "ok"


def test_the_doctor_changes_nothing(patient: Patient) -> None:
    """Looking makes no file, no table and no database."""
    (patient.root / "kefu.db").unlink()

    def there() -> dict[str, bytes]:
        return {
            str(path): path.read_bytes()
            for path in patient.root.rglob("*")
            if path.is_file() and not path.name.endswith(("-wal", "-shm"))
        }

    before = there()
    examine(patient.site())
    assert there() == before


def test_no_password_is_told(patient: Patient) -> None:
    """A database that cannot be reached is not named with its password."""
    url = "postgresql+psycopg://kefu:opensesame@127.0.0.1:1/kefu"
    patient.env |= {"KEFU_DB": url, "KEFU_GRADEBOOK": url}
    said = json.dumps([one.json() for one in examine(patient.site())])
    assert "opensesame" not in said
    assert {"fault"} == patient.states("vault")["vault"]
