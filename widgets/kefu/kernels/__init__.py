"""A Jupyter kernel provisioner that forks kernels from a warm process on Linux.

It is a package of its own: it imports nothing else of kefu. Name it in a kernelspec's metadata,
or in the environment of any Jupyter server as JUPYTER_DEFAULT_PROVISIONER_NAME=kefu-warm.
`docs/kernels.md` says how, and what its limits are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["WarmProvisioner", "prewarm"]

if TYPE_CHECKING:
    from kefu.kernels.provisioner import WarmProvisioner, prewarm


def __getattr__(name: str) -> Any:
    # Lazily: the warm process imports this package, and needs none of the server's side.
    if name in __all__:
        from kefu.kernels import provisioner

        return getattr(provisioner, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
