"""The laws that every picture of the player keeps; each gives its findings, one line each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.stage import AXE

__all__ = ["LAWS", "axe", "axe_version", "enlarged", "focus", "law", "listen", "said", "settle"]

_OWN = Path(__file__).with_name("laws.js")

# Beyond what axe does by itself: rules that are still new to it, or only asked for. Targets are
# measured by a law of our own, which asks for more and knows that a label is hit with its input.
_ALSO = (
    "css-orientation-lock",
    "focus-order-semantics",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "td-has-header",
)

LAWS = {
    "sideways": "nothing is wider than the screen",
    "lost": "no words are cut off or stand over others",
    "targets": "what is aimed at is at least 44 px in its smaller side",
    "langs": "each text carries its language",
    "colour": "a verdict has a sign and words beside its colour",
}
"""The laws of every scene that are only a look at the page."""


def axe(page: Page, inside: str | None = None) -> list[str]:
    """What axe finds, one line each.

    Args:
        page: where.
        inside: look at the elements of this selector alone, where the page around is not ours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    options = json.dumps(
        {
            "resultTypes": ["violations"],
            "preload": False,  # or it would fetch a host's style sheets by itself
            "rules": {name: {"enabled": True} for name in _ALSO},
        }
    )
    where = json.dumps(inside) if inside else "document"
    found: list[dict[str, Any]] = page.evaluate(
        f"async () => (await axe.run({where}, {options})).violations"
    )
    return [f"axe {v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def axe_version() -> str:
    """Which axe it is."""
    return str(json.loads((AXE.parent / "package.json").read_text("utf-8"))["version"])


def law(page: Page, name: str) -> list[str]:
    """What one of the page's own laws finds."""
    return [f"{name}: {line}" for line in _ask(page, f"laws.{name}()")]


def enlarged(page: Page) -> list[str]:
    """With text at 200 % nothing is lost, and the page still does not scroll sideways."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = [*law(page, "sideways"), *law(page, "lost")]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return [f"200 %: {line}" for line in found]


def focus(page: Page, most: int = 150) -> tuple[list[str], int]:
    """Tab through everything: findings, and how many stops there were."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    found: list[str] = []
    seen: set[str] = set()
    outside = 0
    for _ in range(most):
        page.keyboard.press("Tab")
        here = _ask(page, "laws.focus()")
        if here is None:
            outside += 1
            if seen or outside > 3:
                break
            continue
        if here["wrong"]:
            found.append(here["wrong"])
        seen.add(here["id"])
    return found, len(seen)


def settle(page: Page) -> None:
    """Wait until nothing of the player moves any more.

    What is out of sight stands still, and never comes to its end: it is not waited for long.
    """
    page.evaluate("""() => Promise.race([
        new Promise((done) => setTimeout(done, 1000)),
        Promise.allSettled(document.getAnimations()
            .filter((one) => one.effect.target?.closest(".kefu"))
            .map((one) => one.finished)),
    ])""")


def listen(page: Page) -> None:
    """From now on write down what is announced."""
    _ask(page, "laws.listen()")


def said(page: Page) -> list[str]:
    """What was announced since, in places that were there before."""
    lines: list[str] = page.evaluate("window.said")
    return lines


def _ask(page: Page, what: str) -> Any:
    # One question as a rule, not two: tabbing through a page asks at every stop.
    said: list[Any] | None = page.evaluate(f"() => 'laws' in window ? [{what}] : null")
    if said is None:
        page.evaluate(_OWN.read_text("utf-8"))
        return _ask(page, what)
    return said[0]
