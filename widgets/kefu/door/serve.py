"""`kefu floor`: everything the floor needs, started in order and stopped in order."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import ssl
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import NoReturn

from tornado.netutil import bind_sockets

from kefu.door.keeper import Keeper
from kefu.errors import KefuError
from kefu.text import Text
from kefu.unseen import be_unseen

__all__ = ["serve"]


def serve(
    *,
    database: str,
    root: Path,
    say: Callable[[Text], None],
    ip: str = "127.0.0.1",
    port: int = 8866,
    browser: bool = True,
    lapse: float = 15 * 60,
    most: int = 64,
    share: float = 0.5,
    proxies: Sequence[str] = (),
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Open the floor, and keep it open until Ctrl-C or SIGTERM.

    Args:
        database: SQLAlchemy URL of the house's database.
        root: the house's folder; its `floor/`, if there is one, is laid over the pages of kefu.
        say: tells the person at the console one line.
        ip: where to listen; 0.0.0.0 lets the local network in.
        port: where to listen; 0 takes a free one.
        browser: open the page here as well.
        lapse: seconds after which an idle visit is over.
        most: how many pages may be open at once, at some 20 MB each.
        share: the part of them that one address may hold.
        proxies: addresses that are believed when they say for whom they ask.
        certificate: PEM, with the chain; the pages are then served by https.
        key: PEM, where the certificate's file does not hold it.

    Raises:
        KefuError: the port is taken, the vault is empty, the certificate cannot be read,
            or the house does not start.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise KefuError(
            Text("这个系统开不了一线页面", "the floor cannot run on this system"),
            Text("请在 Linux 或 macOS 上运行", "run it on Linux or macOS"),
        )
    be_unseen()
    tls = _tls(certificate, key) if certificate else None
    _let_many_files_be_open()
    listening = _listen(ip, port)
    port = listening[0].getsockname()[1]
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    # The path of a unix socket may have about 100 characters: not every TMPDIR leaves that many.
    short = "/tmp" if os.access("/tmp", os.W_OK) else None
    scratch = Path(tempfile.mkdtemp(prefix="kefu-", dir=short))
    keeper = Keeper(scratch, database, lapse, say)
    try:
        if keeper.start() == 0:
            raise KefuError(
                Text("题库是空的", "there is nothing to ask yet"),
                Text("请先运行 kefu weave", "run kefu weave first"),
            )
        pages = _pages(scratch, root)
        templates = str(resources.files("kefu.door") / "share")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(
            [templates, *filter(None, [os.environ.get("JUPYTER_PATH")])]
        )
        from kefu.door.app import build

        floor = build(
            keeper=keeper,
            pages=pages,
            scratch=scratch,
            listening=listening,
            lapse=lapse,
            most=most,
            share=share,
            proxies=proxies,
            tls=tls,
        )
        for address in _addresses(ip, port, "https" if tls else "http"):
            say(Text(f"每日五题：{address}", f"The daily five: {address}"))
        say(Text("停止：按 Ctrl-C", "To stop: press Ctrl-C"))
        if browser:
            webbrowser.open(_addresses(ip, port, "https" if tls else "http")[0])
        floor.start()
    except KeyboardInterrupt:
        pass
    finally:
        for one in listening:
            one.close()
        keeper.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def _stop(_signal: int, _frame: object) -> NoReturn:
    # Before Voila takes over the signal, and for the hangup of a closed terminal.
    raise KeyboardInterrupt


def _let_many_files_be_open() -> None:
    """Each page takes some twenty of them; a shell often allows 1,024."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or soft < hard):
        with suppress(ValueError, OSError):  # macOS allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, hard), hard))


def _tls(certificate: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise KefuError(
            Text(f"证书 {certificate} 读不出来：{error}", f"cannot read {certificate}: {error}"),
            Text(
                "请用 --certificate 给出 PEM 证书，私钥另有文件时再加 --key",
                "name a PEM certificate with --certificate, and its key with --key if it is apart",
            ),
        ) from error
    return context


def _listen(ip: str, port: int) -> list[socket.socket]:
    try:
        return bind_sockets(port, ip)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise KefuError(
                Text(f"端口 {port} 已经有程序在用", f"port {port} is already in use"),
                Text(
                    f"换一个，例如 kefu floor --port {port + 1}",
                    f"take another, as in kefu floor --port {port + 1}",
                ),
            ) from error
        raise KefuError(
            Text(f"不能在 {ip}:{port} 上打开页面", f"cannot listen on {ip}:{port}"),
            Text(
                "请检查 --ip 和 --port（1024 以下的端口要管理员权限）",
                "check --ip and --port (ports below 1024 need an administrator)",
            ),
        ) from error


def _pages(scratch: Path, root: Path) -> Path:
    """A folder with the pages alone: nothing of the house lies beside what is served."""
    pages = scratch / "pages"
    pages.mkdir()
    (scratch / "home").mkdir()  # of the kernels: what IPython leaves behind is not served either
    own = Path(str(resources.files("kefu.door") / "pages"))
    for folder in (own, root / "floor"):
        for page in sorted(folder.glob("*.ipynb")):
            shutil.copyfile(page, pages / page.name)
    return pages


def _addresses(ip: str, port: int, scheme: str) -> list[str]:
    if ip not in ("", "0.0.0.0", "::"):
        return [f"{scheme}://{f'[{ip}]' if ':' in ip else ip}:{port}/"]
    names = ["localhost", socket.gethostname()]
    # The address that phones on the network can use; nothing is sent to find it out.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        names.append(probe.getsockname()[0])
    return [f"{scheme}://{name}:{port}/" for name in names]
