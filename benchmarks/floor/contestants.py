"""Who is measured: how each is started, and where on its page an option and its button are."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = ["CONTESTANTS", "KEFU", "PEERS", "Contestant", "notebook"]

HOST = "bench.test"
_PEERS = Path(__file__).parent / "peers"
_VOILA = (
    "-m", "voila", "daily.ipynb", "--no-browser", "--port={port}", "--Voila.ip=127.0.0.1",
    "--show_tracebacks=False",
    # So that its own page may free its kernel when it is left (it is refused otherwise), and
    # kernels that nobody needs do not pile up during the run.
    "--Voila.tornado_settings={{'disable_check_xsrf': True}}",
)  # fmt: skip


@dataclass(frozen=True)
class Contestant:
    """One way to ask the five questions.

    Args:
        name: its row in the tables.
        command: what starts it, with `{port}` and `{peers}` to be filled in.
        option: CSS selector of an option that can be picked.
        send: CSS selector of the button that sends it.
        python: whose Python runs it.
        package: the distribution whose version is noted.
        env: more environment, filled in like the command.
    """

    name: str
    command: tuple[str, ...]
    option: str
    send: str
    python: Literal["kefu", "peers"] = "peers"
    package: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def argv(self, python: Path, port: int) -> list[str]:
        """The command for a port; `python` is the one that has the peers."""
        first = sys.executable if self.python == "kefu" else str(python)
        return [first, *(part.format(port=port, peers=_PEERS) for part in self.command)]

    def environment(self, port: int) -> dict[str, str]:
        """What the command finds in its environment beside the machine's own."""
        said = {name: value.format(port=port, peers=_PEERS) for name, value in self.env.items()}
        return {"PYTHONPATH": str(_PEERS), **said} if self.python == "peers" else said


KEFU = Contestant(
    "kefu",
    ("-m", "kefu", "floor", "--no-browser", "--port={port}", "--most=64"),
    ".k-opt label",
    ".k-card button[type=submit]",
    python="kefu",
    package="kefu",
    env={"KEFU_DB": "sqlite:///kefu.db", "KEFU_CONTENT": ""},
)
VOILA = Contestant(
    "Voila", _VOILA, ".widget-radio-box label", ".widget-button", package="voila"
)  # fmt: skip
HEATED = Contestant(
    "Voila, preheated",
    (
        *_VOILA,
        "--VoilaConfiguration.preheat_kernel=True",
        "--VoilaConfiguration.default_pool_size=3",
    ),
    VOILA.option,
    VOILA.send,
    package="voila",
)
NICEGUI = Contestant(
    "NiceGUI",
    ("{peers}/nicegui_page.py",),
    ".q-radio",
    ".q-btn",
    package="nicegui",
    env={"BENCH_PORT": "{port}"},
)
GRADIO = Contestant(
    "Gradio",
    ("{peers}/gradio_page.py",),
    "label:has(input[type=radio])",
    "#send",
    package="gradio",
    env={"BENCH_PORT": "{port}", "GRADIO_ANALYTICS_ENABLED": "False"},
)
PANEL = Contestant(
    "Panel",
    (
        "-m", "panel", "serve", "{peers}/panel_page.py", "--port={port}", "--address=127.0.0.1",
        f"--allow-websocket-origin={HOST}:{{port}}", "--index=panel_page",
    ),
    "label:has(input[type=radio])",
    ".bk-btn",
    package="panel",
)  # fmt: skip
STREAMLIT = Contestant(
    "Streamlit",
    (
        "-m", "streamlit", "run", "{peers}/streamlit_page.py", "--server.port={port}",
        "--server.address=127.0.0.1", "--server.headless=true", f"--browser.serverAddress={HOST}",
        "--browser.gatherUsageStats=false", "--server.fileWatcherType=none",
    ),
    "[data-testid=stRadio] label:has(input)",
    "[data-testid=stFormSubmitButton] button",
    package="streamlit",
)  # fmt: skip
PEERS = (VOILA, HEATED, NICEGUI, GRADIO, PANEL, STREAMLIT)
CONTESTANTS = (KEFU, *PEERS)
"""kefu first."""


def notebook() -> str:
    """The notebook that stock Voila serves: one cell."""
    source = (_PEERS / "voila_page.py").read_text("utf-8")
    cell: dict[str, object] = {"cell_type": "code", "id": "daily", "metadata": {}}
    cell |= {"outputs": [], "execution_count": None, "source": source}
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": spec},
                       "nbformat": 4, "nbformat_minor": 5})  # fmt: skip
