"""The kernel provisioner `kefu-warm`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync
from traitlets import Float, List, Unicode

from kefu.kernels.pool import POOL, Cold, Recipe
from kefu.kernels.process import Forked

__all__ = ["WarmProvisioner", "prewarm"]

_LAUNCHER = "ipykernel_launcher"
_WITH_A_VALUE = ("-X", "-W")
# Flags that end in something else than a kernel, or talk while they start.
_NOT_FOR_US = frozenset("cimhVvx?")


class WarmProvisioner(LocalProvisioner):
    """Forks kernels of this very Python from a warm process; starts all others the ordinary way."""

    imports = List(Unicode(), help="Modules to import before a fork.").tag(config=True)
    unwanted = List(
        Unicode(),
        help="Packages or modules that must not be loaded before a fork; if one is, none is made.",
    ).tag(config=True)
    watched = List(
        Unicode(),
        default_value=None,
        allow_none=True,
        help="Packages whose change makes a new warm process; else those of `imports`.",
    ).tag(config=True)
    patience = Float(
        20.0, help="Seconds to wait for a fork before a kernel is started the ordinary way."
    ).tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it the ordinary way."""
        env = kwargs.get("env") or dict(os.environ)
        cwd = os.path.abspath(kwargs.get("cwd") or os.getcwd())
        recipe = self._recipe(cmd, env)
        if recipe is None or not _plain(kwargs) or not os.path.isdir(cwd):
            return await super().launch_kernel(cmd, **kwargs)
        argv = cmd[cmd.index(_LAUNCHER) + 1 :]
        try:
            forked = await POOL.fork(recipe, argv, env, cwd, self.patience)
        except Cold as cold:
            _say_once(self.log, str(cold))
            return await super().launch_kernel(cmd, **kwargs)
        self.process: Any = forked
        self.pid = self.pgid = forked.pid
        self.cwd = cwd
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if not isinstance(self.process, Forked):
            return await super().wait()
        code = await self.process.ended()
        self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send the kernel, and what it has started, a signal."""
        if isinstance(self.process, Forked):
            self.process.send_group(signum)
        else:
            await super().send_signal(signum)

    def _recipe(self, cmd: list[str], env: Mapping[str, str]) -> Recipe | None:
        flags = _flags(cmd)
        if flags is None or not _able():
            return None
        watched = None if self.watched is None else tuple(self.watched)
        return Recipe(flags, tuple(self.imports), tuple(self.unwanted), watched, Recipe.of_env(env))


def prewarm(spec: KernelSpec, env: Mapping[str, str] | None = None, patience: float = 0.0) -> bool:
    """Start the warm process of a kernelspec before the first kernel is asked for.

    Args:
        spec: its argv and its metadata say how.
        env: of the kernels to come; only what counts when Python starts is looked at.
        patience: seconds to wait until it may be forked; 0 returns while it imports.

    Returns:
        Whether kernels will be forked, as far as is known yet.
    """
    stanza = spec.metadata.get("kernel_provisioner", {})
    provisioner = WarmProvisioner(kernel_spec=spec, **stanza.get("config", {}))
    recipe = provisioner._recipe(list(spec.argv), os.environ if env is None else env)
    if recipe is None:
        return False
    try:
        if patience > 0:
            run_sync(POOL.ready)(recipe, patience)
        else:
            POOL.start(recipe)
    except Cold as cold:
        _say_once(provisioner.log, str(cold))
        return False
    return True


def _able() -> bool:
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(os, "memfd_create")


def _plain(kwargs: Mapping[str, Any]) -> bool:
    # Pipes and the like are for a child of the server itself.
    known = ("env", "cwd", "extra_arguments", "kernel_id")
    return not any(value for name, value in kwargs.items() if name not in known)


def _flags(cmd: list[str]) -> tuple[str, ...] | None:
    """Python's flags in the command of a kernel that can be forked; None for any other command."""
    if not cmd or cmd[0] != sys.executable or _LAUNCHER not in cmd:
        return None
    end = cmd.index(_LAUNCHER) - 1
    return tuple(cmd[1:end]) if cmd[end] == "-m" and _only_flags(iter(cmd[1:end])) else None


def _only_flags(words: Iterator[str]) -> bool:
    for word in words:
        if word in _WITH_A_VALUE:
            if next(words, None) is None:
                return False
        elif word[:2] not in _WITH_A_VALUE and (
            not word.startswith("-") or word.startswith("--") or set(word[1:]) & _NOT_FOR_US
        ):
            return False
    return True


_SAID: set[str] = set()


def _say_once(log: Any, why: str) -> None:
    if why not in _SAID:
        _SAID.add(why)
        log.warning("kernels are started the ordinary way: %s", why)
