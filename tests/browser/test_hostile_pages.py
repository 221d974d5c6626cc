"""What learners put into answers, names, notebooks and code does nothing in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, Watched
from tests.hostile.arena import build
from tests.hostile.attack import ATTACKS
from tests.hostile.bank import CODE, PLAIN

pytestmark = pytest.mark.timeout(900)  # whoever comes first waits for all to be graded
EVIL = {
    PLAIN: ("writes-a-script", "writes-markdown", "writes-its-way-out", "writes-what-is-not-seen",
            "writes-a-formula", "number-is-markup", "claims-outputs", "notebook-with-attachments"),
    CODE: ("prints-a-script", "writes-to-stderr", "code-is-no-code"),
}  # fmt: skip


def opened(watched: Watched, file: Path) -> list[str]:
    """What a page does when it is opened: its dialogs, and what it asks for beside itself."""
    page, did = watched.page(), list[str]()

    def spoke(dialog: object) -> None:
        did.append(f"{dialog}")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", spoke)
    watched.requests.clear()
    page.goto(file.as_uri())
    page.mouse.move(150, 300)
    page.keyboard.press("Tab")
    page.wait_for_load_state("networkidle")
    if page.locator("script, iframe, form, object, embed, base, [onerror], [onload]").count():
        did.append("an element that does something")
    did += [url for url in watched.requests[1:] if not url.startswith("data:")]
    page.close()
    return did


@pytest.mark.parametrize("set_slug", [PLAIN, CODE])
def test_a_page_with_evil_in_it_does_nothing(
    set_slug: str,
    watch: Callable[..., Watched],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """No script runs, no dialog opens, nothing is asked for, and the evil can be read as text."""
    arena = build(tmp_path_factory.getbasetemp(), set_slug)
    watched = watch(set(), **PHONE)
    students = {attack.name: attack.student for attack in ATTACKS}
    for name in EVIL[set_slug]:
        folder = arena.kefu.course.root / "feedback" / students[name] / set_slug
        assert opened(watched, folder / f"{set_slug}.html") == [], name
    shown = (arena.kefu.course.root / "feedback" / "writes-a-script" / PLAIN) / f"{PLAIN}.html"
    if set_slug == PLAIN:
        page = watched.page()
        page.goto(shown.as_uri())
        assert "<script>alert(1)</script>" in page.locator("main").inner_text()


def test_a_script_would_be_noticed(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """A page that does run what it holds is found out."""
    watched = watch(set(), **PHONE)
    watched.forgive("ERR_FILE_NOT_FOUND")
    file = tmp_path / "page.html"
    for evil in ("<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<img src=x.png>",
                 "<iframe srcdoc=x></iframe>"):  # fmt: skip
        file.write_text(f"<!doctype html><main>{evil}</main>", "utf-8")
        assert opened(watched, file), evil
