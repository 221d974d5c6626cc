"""Every kind in every state keeps the laws of hands, eyes and ears.

`make test` looks at a scene of each kind, drawn from a seed; `make soak` at all of them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kefu.text import LANGS, Lang
from tests.browser import hands, laws, scenes
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.scenes import Scene
from tests.browser.stage import Stage

Watch = Callable[..., Watched]

WIDTHS = (320, 390, 1280)
THEMES = ("light", "dark")


def stage(watch: Watch, scene: Scene, folder: Path, width: int, theme: str = "light") -> Stage:
    """A page that has come to the scene's state, on a phone or on a desktop."""
    profile = {**DESKTOP} if width > 700 else {**PHONE}
    profile["viewport"] = {**profile["viewport"], "width": width}
    page = watch({"kefu.test"}, **profile, color_scheme=theme).page()
    if scene.state == "late":
        page.clock.install()
    made = Stage(page, scenes.player(scene, folder))
    hand = hands.MOUSE if width > 700 else hands.TOUCH
    scenes.reach_state(made, scene, folder, hand)
    return made


def speak(page: Page, lang: Lang) -> None:
    """Turn the page to a language, with its own switch."""
    tag = "zh-CN" if lang == "zh" else "en"
    if page.locator(".kefu").get_attribute("lang") != tag:
        page.locator(".k-lang").click()
    expect(page.locator(".kefu")).to_have_attribute("lang", tag)


def look(page: Page, *, deep: bool) -> list[str]:
    """What the laws find in the page as it stands; `deep` also tabs through all of it."""
    laws.settle(page)
    found = laws.axe(page)
    for name in laws.LAWS:
        found += laws.law(page, name)
    found += laws.enlarged(page)
    if deep:
        lost, stops = laws.focus(page)
        found += lost
        if not stops:
            found.append("nothing can be reached by the Tab key")
        page.emulate_media(forced_colors="active")
        found += laws.law(page, "forced")
        page.emulate_media(forced_colors="none", reduced_motion="reduce")
        found += laws.law(page, "motion")
    return found


def sample() -> list[tuple[Scene, int, str]]:
    """A scene of each kind as a seed draws it; every other one has a verdict, where there is one.

    The kinds' own files look at them too, before and after.
    """
    draw = random.Random(os.environ.get("KEFU_SCENES", "1"))
    made = []
    for turn, (name, states) in enumerate(scenes.STATES.items()):
        late = [s for s in states if s in (*scenes.VERDICTS, "saved")]
        early = [s for s in states if s not in late]
        scene = Scene(name, draw.choice(late if turn % 2 and late else early), draw.choice(LANGS))
        made.append((scene, draw.choice(WIDTHS), draw.choice(THEMES)))
    return made


@pytest.mark.parametrize(
    ("scene", "width", "theme"), sample(), ids=lambda v: v.name if isinstance(v, Scene) else None
)
def test_a_scene_keeps_the_laws(
    watch: Watch, tmp_path: Path, scene: Scene, width: int, theme: str
) -> None:
    """axe, width, large text, targets, focus, language, colour and motion: nothing is found."""
    made = stage(watch, scene, tmp_path, width, theme)
    assert look(made.page, deep=True) == [], scene


@pytest.mark.parametrize("name", [n for n in scenes.ITEMS if n != "selfcheck"])
def test_what_happens_is_said(watch: Watch, tmp_path: Path, name: str) -> None:
    """Every move that the browser does not speak of itself, and every verdict, is announced."""
    scene = Scene(name, "unanswered", "zh")
    made = stage(watch, scene, tmp_path, 1280)
    page, box = made.page, hands.shown(made.page)
    laws.listen(page)
    worst = scenes.answers(name).get("wrong") or scenes.answers(name)["right"]
    hands.give(scene.card, box, worst, "zh")
    if scene.card["kind"] in ("order", "match", "dialogue"):
        assert any(laws.said(page)), "moves"
    before = len(laws.said(page))
    hands.press_submit(box)
    hands.kept(box)
    assert any("已保存" in line for line in laws.said(page)[before:])


@pytest.mark.soak
@pytest.mark.parametrize("host", ["phone", "desktop"])
@pytest.mark.parametrize(
    ("name", "state"), [(name, state) for name, all_ in scenes.STATES.items() for state in all_]
)
def test_every_scene_keeps_the_laws(
    watch: Watch,
    tmp_path: Path,
    soaked: Callable[..., None],
    name: str,
    state: str,
    host: str,
) -> None:
    """The same for every state of every kind, in both languages and themes, at every width."""
    lang = LANGS[len(name + state) % 2]
    scene = Scene(name, state, lang)
    widths = [w for w in WIDTHS if (w > 700) == (host == "desktop")]
    page = stage(watch, scene, tmp_path, widths[-1]).page
    found: list[str] = []
    for turned in (lang, *(other for other in LANGS if other != lang)):
        speak(page, turned)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844 if width < 700 else 900})
            for theme in THEMES:
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                deep = theme == "light"
                here = look(page, deep=deep)
                page.emulate_media(reduced_motion="no-preference")
                soaked("stage", name, state, turned, theme, width, here)
                found += [f"{turned} {theme} {width}: {line}" for line in here]
    assert found == [], "\n".join(sorted(set(found)))
