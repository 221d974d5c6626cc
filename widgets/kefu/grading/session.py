"""One process that runs a learner's notebook, asked and answered; and its end, whatever it does.

Nothing that comes out is believed: an answer is one line of strict JSON of bounded size that
names the question, and what was printed is bytes of bounded size.
"""

from __future__ import annotations

import marshal
import os
import secrets
import select
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kefu.grading import jail
from kefu.grading.family import children, end_group, family, resident
from kefu.grading.limits import Limits
from kefu.grading.strict import strict
from kefu.text import Text

__all__ = ["Ended", "Session"]

# Compiled once, and read there by the same Python.
_RUNNER = marshal.dumps(
    compile(Path(__file__).with_name("runner.py").read_text(encoding="utf-8"), "runner", "exec")
)
_WATCH = 0.1  # seconds between two looks at all processes together
_FLOOD = 256  # so many times the output that is shown may be printed
_FILES = 20_000  # each takes memory, even an empty one
_OURS = 1 << 16  # bytes of an answer around a result, or of an error


class Ended(Exception):  # noqa: N818 - the end of a process is no error here
    """The process is no more, or no longer of use.

    Args:
        why: in words that are the house's own.
        late: whether its time was up.
    """

    def __init__(self, why: Text, *, late: bool = False) -> None:
        self.why, self.late = why, late
        super().__init__(f"{why.zh} · {why.en}")


class Session:
    """A started process, ready for a learner's code; use it in a `with`.

    Raises:
        Ended: it did not start, which is never a learner's doing.
    """

    def __init__(self, files: dict[str, bytes], limits: Limits, sandboxed: bool) -> None:
        self._limits, self._sandboxed = limits, sandboxed
        self._printed, self._count, self._heard = bytearray(), 0, b""
        self._folder: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._init: int | None = None  # process 1 inside
        self._process_fd = self._init_fd = -1
        self._fds: list[int] = []
        try:
            self._start()
            self._settle(files)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        asked, self._to = os.pipe2(os.O_CLOEXEC)
        self._fds += [asked, self._to]
        self._from, report = os.pipe2(os.O_CLOEXEC)
        self._fds += [self._from, report]
        self._out, printed = os.pipe2(os.O_CLOEXEC)
        self._fds += [self._out, printed]
        code = self._held(_RUNNER)
        theirs = [asked, printed, report, code]
        line: list[str] = []
        environment = {**jail.ENVIRONMENT}
        if self._sandboxed:
            filters = self._held(jail.filter_program())
            theirs.append(filters)
            line = jail.command(self._limits.disk, filters)
        else:
            self._folder = tempfile.mkdtemp(prefix="kefu-")
            environment |= {"HOME": self._folder, "TMPDIR": self._folder}
        start = f"import marshal; exec(marshal.load(open({code}, 'rb')))"
        line += [jail.python(), "-P", "-s", "-S", "-B", "-X", "utf8", "-c", start, str(report)]
        try:
            self._process = subprocess.Popen(
                line, stdin=asked, stdout=printed, stderr=printed, env=environment,
                pass_fds=theirs[2:], start_new_session=True, cwd=self._folder or "/",
            )  # fmt: skip
        except OSError as error:
            raise Ended(Text(f"启动不了（{error}）", f"cannot be started ({error})")) from None
        finally:
            for fd in theirs:
                self._drop(fd)
        self._process_fd = os.pidfd_open(self._process.pid)
        self._fds.append(self._process_fd)
        for fd in (self._to, self._from, self._out):
            os.set_blocking(fd, False)

    def _settle(self, files: dict[str, bytes]) -> None:
        try:
            said = self.ask(
                {
                    "do": "settle",
                    "uid": jail.nobody() if self._sandboxed else 0,
                    "limits": self._limits.resources(self._sandboxed),
                    "folder": self._folder or jail.FOLDER,
                    "files": files,
                    "path": jail.packages(self._sandboxed),
                },
                60,
            )
        except Ended as ended:
            told = self.printed().decode("utf-8", "replace").strip()[-500:]
            raise Ended(ended.why.map(lambda why: f"{why} {told}".strip())) from None
        assert said.get("ready") is True
        assert self._process
        self._init = self._process.pid
        if self._sandboxed:
            # Bubblewrap's own process has one child: the first process inside, with which all end.
            self._init = next(iter(children(self._process.pid)), self._init)
            self._init_fd = os.pidfd_open(self._init)
            self._fds.append(self._init_fd)

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and wait for its answer.

        Raises:
            Ended: there is no answer: the time is up, the process has gone, or what came is
                none. Nothing more can be asked then.
        """
        name = secrets.randbits(60)
        data = marshal.dumps({**request, "id": name})
        pending = memoryview(len(data).to_bytes(4, "big") + data)
        end = time.monotonic() + seconds
        watched = time.monotonic()
        poll = select.poll()
        poll.register(self._from, select.POLLIN)
        if self._out in self._fds:
            poll.register(self._out, select.POLLIN)
        poll.register(self._to, select.POLLOUT)
        while b"\n" not in self._heard:
            now = time.monotonic()
            if now >= end:
                limit = f"{seconds:.3g}"
                why = Text(f"{limit} 秒没有运行完", f"not finished after {limit} seconds")
                raise Ended(why, late=True)
            if now - watched >= _WATCH:
                self._watch()
                watched = now
            for fd, event in poll.poll(1000 * min(end - now, _WATCH)):
                if fd == self._to:
                    pending = pending[self._send(pending, event) :]
                    if not pending:
                        poll.unregister(fd)
                elif fd == self._out:
                    if not self._take():
                        poll.unregister(fd)
                    if self._count > _FLOOD * self._limits.output:
                        raise Ended(Text("输出没完没了", "endless output"))
                elif not self._listen():
                    raise Ended(self._autopsy())
        line, self._heard = self._heard.split(b"\n", 1)
        try:
            said = strict(line)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or said.get("id") != name or self._heard:
            raise Ended(Text("代码扰乱了结果的通道", "the code disturbed the channel of results"))
        return said

    def printed(self) -> bytes:
        """What was printed since the last time, up to a little more than `output` bytes."""
        if self._out in self._fds:
            for _ in range(16):  # whoever prints without end would keep us here
                if not self._take():
                    break
        printed, self._printed, self._count = bytes(self._printed), bytearray(), 0
        return printed

    def deafen(self) -> None:
        """Hear nothing that is printed from now on."""
        self._drop(self._out)

    def close(self) -> None:
        """End every process inside and give back all that was taken."""
        self._kill()
        for fd in list(self._fds):
            self._drop(fd)
        if self._folder:
            jail.clear(self._folder)
            self._folder = None

    def _kill(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if self._init_fd in self._fds:
            # The first process inside is gone only when all others are.
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init_fd, signal.SIGKILL)
            select.select([self._init_fd], [], [], 10)
        elif not self._sandboxed:
            end_group(process.pid)
        process.kill()
        process.wait()

    def _send(self, pending: memoryview, event: int) -> int:
        try:
            return os.write(self._to, pending)
        except BlockingIOError:
            return 0
        except BrokenPipeError:  # the report's end will tell
            return len(pending)

    def _take(self) -> bool:
        """Take a piece of what was printed; whether there was one."""
        try:
            piece = os.read(self._out, 1 << 16)
        except BlockingIOError:
            return False
        self._count += len(piece)
        self._printed += piece[: max(0, self._limits.output + 1 - len(self._printed))]
        return bool(piece)

    def _listen(self) -> bool:
        """Hear a piece of an answer; False if there will be none any more."""
        try:
            piece = os.read(self._from, 1 << 20)
        except BlockingIOError:
            return True
        self._heard += piece
        if len(self._heard) > self._limits.result + _OURS:
            raise Ended(Text("结果太大", "the result is too large"))
        return bool(piece)

    def _watch(self) -> None:
        """Stop processes that together hold too much; each by itself has its own limit."""
        if self._init is None:
            return
        held = sum(resident(pid) for pid in family(self._init))
        if held > 2 * self._limits.memory:
            raise Ended(Text("占用的内存太多", "too much memory in use"))
        if self._sandboxed:
            try:
                told = os.statvfs(f"/proc/{self._init}/root/tmp")
            except OSError:  # gone, or not ours to look at
                return
            if told.f_files - told.f_ffree > _FILES:
                raise Ended(Text("文件太多", "too many files"))

    def _autopsy(self) -> Text:
        """Why nobody answers any more."""
        assert self._process
        if not select.select([self._process_fd], [], [], 0.5)[0]:
            return Text("代码关掉了结果的通道", "the code closed the channel of results")
        self._kill()
        code = self._process.returncode
        number = code - 128 if code > 128 else -code
        if number in (signal.SIGKILL, signal.SIGXCPU):
            return Text(
                "用完了计算时间，或被强行停下", "computing time was used up, or it was killed"
            )
        if number > 0:
            return Text("进程崩溃", "the process crashed")
        return Text("代码自己结束了进程", "the code ended the process itself")

    def _held(self, data: bytes) -> int:
        """A file in memory, for those inside to read."""
        fd = os.memfd_create("kefu")
        self._fds.append(fd)
        os.write(fd, data)
        os.lseek(fd, 0, os.SEEK_SET)
        return fd

    def _drop(self, fd: int) -> None:
        if fd in self._fds:
            self._fds.remove(fd)
            os.close(fd)
