"""Every kind where it lives: in JupyterLab, on the floor's page, in stock Voila.

`make test` looks at two kinds in JupyterLab and on the floor, each language in one theme before an
answer and in the other after it, and at one kind in Voila; `make soak` at all kinds and all pairs.
A self-check never comes to the floor by the daily draw.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from kefu.text import LANGS, Lang
from tests.browser import hands, hosts, laws, scenes
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.servers import TOKEN, jupyterlab

Watch = Callable[..., Watched]
Soaked = Callable[..., None]

# All kinds in one go take their time on a busy machine.
pytestmark = pytest.mark.timeout(1800)

THEMES = ("light", "dark")
FEW = ["dialogue", "pairs"]
ALL = list(scenes.ITEMS)
ON_THE_FLOOR = [name for name in ALL if name != "selfcheck"]
some_and_all = pytest.mark.parametrize(
    "names", [pytest.param(FEW, id="few"), pytest.param(ALL, id="all", marks=pytest.mark.soak)]
)


def pairs(
    names: Sequence[str], state: str, themes: Sequence[str] = THEMES
) -> list[tuple[Lang, str]]:
    """Which languages to look at in which themes.

    All pairs; of a few kinds each language in one theme, before an answer in another than after.
    """
    if len(themes) > 1 and len(names) <= len(FEW):
        return list(zip(LANGS, themes if "unanswered" in state else themes[::-1], strict=True))
    return [(lang, theme) for lang in LANGS for theme in themes]


def look(page: Page, wanted: Sequence[str] = ("targets", "langs", "colour")) -> list[str]:
    """What axe and some of the page's own laws find in the players of a page."""
    laws.settle(page)
    found = laws.axe(page, ".kefu")
    for name in wanted:
        found += laws.law(page, name)
    return found


def turn_to(page: Page, lang: str) -> None:
    """Turn every player of a page to a language."""
    for player in page.locator(".kefu").all():
        if not (player.get_attribute("lang") or "").startswith(lang):
            player.locator(".k-lang").click()


def in_both(
    page: Page,
    host: str,
    names: Sequence[str],
    state: str,
    soaked: Soaked,
    themes: Sequence[str] = THEMES,
) -> list[str]:
    """Look at it in both languages, light and dark; see `pairs`."""
    found = []
    size = page.viewport_size
    assert size
    for lang, theme in pairs(names, state, themes):
        turn_to(page, lang)
        follow(page, theme)
        here = look(page)
        for name in names:
            told = here if name is names[0] else []
            soaked(host, name, state, lang, theme, size["width"], told)
        found += [f"{host} {state} {lang} {theme}: {line}" for line in here]
    follow(page, themes[0])
    turn_to(page, "zh")
    return found


def follow(page: Page, theme: str) -> None:
    """Turn the system's theme, and wait until the host has followed."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    light = "true" if theme == "light" else "false"
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light, timeout=20_000)


def open_lab(page: Page, base: str, notebook: str, players: int) -> list[Locator]:
    """Open a notebook that starts by itself; gives its questions in their order."""
    page.goto(f"{base}/lab/tree/{notebook}?token={TOKEN}&reset")
    panel = page.locator(".jp-NotebookPanel:visible")
    expect(panel).to_have_attribute("data-kefu", "ready", timeout=120_000)
    boxes = panel.locator("article.k-card")
    expect(boxes).to_have_count(players, timeout=60_000)
    return [boxes.nth(at) for at in range(players)]


@some_and_all
def test_in_jupyterlab(watch: Watch, tmp_path: Path, soaked: Soaked, names: list[str]) -> None:
    """Practice and graded, before and after, in both languages and themes: axe finds nothing."""
    folder = hosts.learners_folder(tmp_path / "kefu", names, "zh", kernel="kefu")
    settings = tmp_path / "settings"
    theme = settings / "lab/user-settings/@jupyterlab/apputils-extension"
    theme.mkdir(parents=True)
    # Lab's theme then follows the system's, which the browser can be told.
    (theme / "themes.jupyterlab-settings").write_text('{"adaptive-theme": true}', "utf-8")
    watched = watch({"127.0.0.1"}, **DESKTOP)
    # Lab's own: it takes a theme's style sheet away twice when themes change quickly.
    watched.forgive(r"removeChild[\s\S]*/static/lab/jlab_core")
    found: list[str] = []
    with jupyterlab(folder, settings, grading=False) as base:
        for room, notebook, asked in (
            ("practice", "course/zh/practice.ipynb", names),
            (
                "graded",
                f"exercises/{hosts.SET}/graded.ipynb",
                [n for n in names if n in ON_THE_FLOOR],
            ),
        ):
            page = watched.page()
            boxes = open_lab(page, base, notebook, len(asked))
            found += in_both(page, "lab", asked, f"{room} unanswered", soaked)
            for name, box in zip(asked, boxes, strict=True):
                card = hosts.card_of(name)
                card = scenes.graded(card) if room == "graded" else card
                given = scenes.answers(name).get("partly") or scenes.answers(name)["right"]
                hands.answer(card, box, given, "zh")
                hands.kept(box)
            found += in_both(page, "lab", asked, f"{room} answered", soaked)
            page.close()
    assert found == [], "\n".join(sorted(set(found)))


@pytest.mark.parametrize(
    "names",
    [pytest.param(FEW, id="few"), pytest.param(ON_THE_FLOOR, id="all", marks=pytest.mark.soak)],
)
def test_on_the_floor(watch: Watch, tmp_path: Path, soaked: Soaked, names: list[str]) -> None:
    """On a phone, each kind comes, is answered by touch, and the whole page is accessible."""
    watched = watch({"kefu.test"}, **PHONE)
    watched.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")
    page = watched.page()
    found: list[str] = []
    # Five are asked a day; more than that are put into the day by the tests alone.
    with hosts.floor(tmp_path / "floor", names) as floor:
        page.goto(floor.url)
        for name in names:
            box, card = hands.shown(page), hosts.card_of(name)
            expect(box.locator("legend").first).to_have_text(card["prompt"]["zh"], timeout=30_000)
            found += whole(page, name, "unanswered", soaked, names)
            given = scenes.answers(name).get("partly") or scenes.answers(name)["right"]
            hands.give(card, box, given, "zh", hands.TOUCH)
            if name is names[0]:
                watched.context.set_offline(True)
                expect(page.locator("#line")).to_contain_text("没有网络")
                hands.press_submit(box, hands.TOUCH)
                found += whole(page, name, "offline", soaked, names)
                watched.context.set_offline(False)
            else:
                hands.press_submit(box, hands.TOUCH)
            expect(box.locator(".k-saved").first).to_be_visible(timeout=30_000)
            found += whole(page, name, "answered", soaked, names)
            page.get_by_role("button", name=re.compile("下一题|看小结")).tap()
        if len(names) >= 5:  # a quiz of fewer is filled up with others
            found += whole(page, names[-1], "summary", soaked, names)
        page.close()
    assert found == [], "\n".join(sorted(set(found)))


def whole(page: Page, name: str, state: str, soaked: Soaked, names: Sequence[str]) -> list[str]:
    """What is found in the floor's page, the words around the player included; see `pairs`."""
    found = []
    for lang, theme in pairs(names, state):
        turn_to(page, lang)
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        laws.settle(page)
        here = laws.axe(page)
        for law in ("sideways", "targets", "langs", "colour"):
            here += laws.law(page, law)
        soaked("floor", name, state, lang, theme, 390, here)
        found += [f"{name} {state} {lang} {theme}: {line}" for line in here]
    page.emulate_media(color_scheme="light")
    turn_to(page, "zh")
    return found


@pytest.mark.parametrize(
    ("names", "theme"),
    [
        pytest.param(["choice"], "light", id="one"),
        *(pytest.param(ALL, theme, id=f"all-{theme}", marks=pytest.mark.soak) for theme in THEMES),
    ],
)
def test_in_stock_voila(
    watch: Watch, tmp_path: Path, soaked: Soaked, names: list[str], theme: str
) -> None:
    """Each kind is shown, answered and kept in Voila as it comes, and asks no other host.

    Voila's own template asks a public host for icons; that is its business and named here.
    """
    folder = hosts.learners_folder(tmp_path / "kefu", names, "zh", kernel="python3")
    watched = watch({"127.0.0.1", "cdn.jsdelivr.net"}, **DESKTOP)
    # Voila loads what JupyterLab's extensions would need from a Lab that is not there.
    watched.forgive("ERR_NAME_NOT_RESOLVED|ERR_INTERNET|shared module|Shared module|shared scope")
    page = watched.page()
    with hosts.voila(folder / "course/zh/practice.ipynb", tmp_path / "voila.log", theme) as base:
        page.goto(base, timeout=120_000)
        boxes = page.locator("article.k-card")
        expect(boxes).to_have_count(len(names), timeout=90_000)
        found = in_both(page, "voila", names, "unanswered", soaked, [theme])
        for at, name in enumerate(names):
            given = scenes.answers(name).get("partly") or scenes.answers(name)["right"]
            hands.answer(hosts.card_of(name), boxes.nth(at), given, "zh")
            hands.kept(boxes.nth(at))
        found += in_both(page, "voila", names, "answered", soaked, [theme])
        page.close()
        elsewhere = {urlsplit(url).path for url in watched.requests if "cdn.jsdelivr.net" in url}
    assert found == [], "\n".join(sorted(set(found)))
    assert all("fontawesome" in path for path in elsewhere), elsewhere
