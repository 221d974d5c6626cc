"""The player's real module in a real browser, joined to a real Python `Player`, without Jupyter.

What Jupyter would carry over a websocket is carried by a function that the page may call.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from kefu.player import Player

ORIGIN = "http://kefu.test"
STATIC = Path(__file__).resolve().parents[2] / "widgets" / "kefu" / "static"
AXE = Path(__file__).resolve().parents[2] / "widgets/frontend/node_modules/axe-core/axe.min.js"
SYNCED = ("cards", "receipts", "pace", "lang", "title", "notice", "handin", "seed", "progress",
          "map")  # fmt: skip

LOOKS = pytest.mark.parametrize(
    ("width", "lang", "scheme", "graded"),
    [
        (320, "zh", "light", False),
        (320, "en", "dark", False),
        (1280, "zh", "dark", False),
        (1280, "en", "light", True),
    ],
)
"""A sample of widths, languages, themes and rooms; the soak sees them all."""


def by_turns(*names: str, **values: Sequence[Any]) -> pytest.MarkDecorator:
    """All combinations of two values each in the soak; in the gate every other one of them.

    Of three names or more, every two values still meet in the gate.

    Args:
        names: how those values are called in a test's id that have no name of their own.
        values: the two values of each parameter, by its name.
    """
    called = iter(names)
    ids = {name: [v if isinstance(v, str) else next(called) for v in two]
           for name, two in values.items()}  # fmt: skip
    made = [
        pytest.param(
            *(two[at] for two, at in zip(values.values(), turn, strict=True)),
            id="-".join(two[at] for two, at in zip(ids.values(), turn, strict=True)),
            marks=pytest.mark.soak if sum(turn) % 2 else (),
        )
        for turn in product((0, 1), repeat=len(values))
    ]
    return pytest.mark.parametrize(list(values), made)


PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>kefu</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/player.css"></head>
<body style="margin:0"><main><h1 style="position:absolute;opacity:0">kefu</h1>
<div id="stage"></div></main>
<script type="module">
import player from "/player.js";
const state = STATE, heard = {};
const fire = (event, ...args) => (heard[event] ?? []).forEach((f) => f(...args));
const model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; },
  save_changes() {},
  on: (event, f) => (heard[event] ??= []).push(f),
  off: (event, f) => { heard[event] = (heard[event] ?? []).filter((g) => g !== f); },
  async send(content) {
    const answer = await window.python(content);
    if (answer) {
      for (const [name, value] of Object.entries(answer.state)) {
        if (JSON.stringify(state[name]) === JSON.stringify(value)) continue;
        state[name] = value;
        fire(`change:${name}`);
      }
      fire("msg:custom", answer.reply, []);
    }
  },
};
await player.render({ model, el: document.getElementById("stage") });
document.body.dataset.ready = "yes";
</script></body></html>"""


class Stage:
    """A page that shows one player.

    Args:
        page: a page of any profile.
        player: answers what the page sends; set `deaf` and it does not.
    """

    def __init__(self, page: Page, player: Player) -> None:
        self.page = page
        self.player = player
        self.deaf = False
        self.sent: list[dict[str, Any]] = []
        page.expose_function("python", self._python)
        page.route(f"{ORIGIN}/**", self._serve)
        self.open()

    def open(self) -> None:
        """Open the page, or open it again with what Python knows now."""
        self.page.goto(f"{ORIGIN}/")
        self.page.locator("body[data-ready]").wait_for()

    def axe(self) -> list[str]:
        """What axe finds, one line each."""
        self.page.evaluate(AXE.read_text("utf-8"))
        # Half faded in, words have half their contrast.
        self.page.evaluate("Promise.allSettled(document.getAnimations().map((a) => a.finished))")
        found = self.page.evaluate("async () => (await axe.run()).violations")
        return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]

    def _state(self) -> dict[str, Any]:
        return {name: getattr(self.player, name) for name in SYNCED}

    def _python(self, content: dict[str, Any]) -> dict[str, Any] | None:
        self.sent.append(content)
        if self.deaf:
            return None
        return {"reply": self.player.reply(content), "state": self._state()}

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        if name:
            kind = "text/css" if name.endswith(".css") else "text/javascript"
            route.fulfill(body=(STATIC / name).read_bytes(), content_type=f"{kind}; charset=utf-8")
        else:
            state = json.dumps(self._state(), ensure_ascii=False).replace("<", "\\u003c")
            route.fulfill(
                body=PAGE.replace("STATE", state), content_type="text/html; charset=utf-8"
            )
