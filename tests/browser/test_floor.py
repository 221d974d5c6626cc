from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Watched
from tests.floor.running import Floor, start, stop

# A kernel is missed after three seconds, and a new one takes its time on a busy machine.
expect.set_options(timeout=20_000)

KINDS = (".k-opt input", ".k-steps", ".k-field input")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """One floor for all of them."""
    running = start(tmp_path_factory.mktemp("floor"))
    yield running
    assert stop(running) == []


@pytest.fixture
def phone(watch: Callable[..., Watched]) -> Watched:
    """A visitor's phone."""
    return watch({"kefu.test"}, **PHONE)


def enter(phone: Watched, floor: Floor) -> Page:
    """Open the page, and wait for its question."""
    page = phone.page()
    page.goto(floor.url)
    expect(page.locator(".k-card")).to_be_visible()
    return page


def hold_kernels(page: Page) -> list[Route]:
    """The page's first asking for a kernel is held back here."""
    held: list[Route] = []
    page.route("**/kernels", lambda one: one.continue_() if held else held.append(one))
    return held


def kernel_of(page: Page) -> str:
    """The id of a page's kernel, once it has one."""
    expect(page.locator("#app")).to_have_attribute("data-kernel", re.compile("."))
    return str(page.locator("#app").get_attribute("data-kernel"))


def asked_for_all(page: Page) -> list[bool]:
    """One for each time the page asks its kernel for everything that its widgets hold."""
    asked: list[bool] = []

    def sent(frame: str | bytes) -> None:
        said = frame if isinstance(frame, bytes) else frame.encode()
        asked.extend([True] * said.count(b"request_states"))

    page.on("websocket", lambda line: line.on("framesent", sent))
    return asked


def answer(page: Page) -> None:
    """Any whole answer to the question on the screen, given by touch."""
    if page.locator(".k-opt").count():
        page.locator(".k-opt label").first.tap()
    elif page.locator(".k-field input").count():
        page.locator(".k-field input").fill("１５")
    page.get_by_role("button", name="看看如何").tap()


def test_five_are_answered_and_found_again(phone: Watched, floor: Floor) -> None:
    """On a phone, over plain http: five answers, five verdicts with reasons, kept by a reload."""
    page = enter(phone, floor)
    before = floor.attempts()
    for n in range(5):
        assert page.locator(", ".join(KINDS)).count() > 0
        answer(page)
        expect(page.locator(".k-saved")).to_have_text(re.compile("已保存"))
        expect(page.locator(".k-why").first).to_be_visible()
        assert floor.attempts() == before + n + 1
        page.get_by_role("button", name="看小结" if n == 4 else "下一题").tap()
    expect(page.get_by_text("共 5 题，答了 5 题")).to_be_visible()
    page.reload()
    expect(page.get_by_text("共 5 题，答了 5 题")).to_be_visible()
    assert floor.attempts() == before + 5


def test_the_next_person_starts_afresh(phone: Watched, floor: Floor) -> None:
    """After “Next person” nothing of the colleague before is on the page, or comes back to it."""
    page = enter(phone, floor)
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    cookie = phone.context.cookies()[0]["value"]
    page.get_by_role("button", name="换人").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="接着答").tap()
    expect(page.locator(".k-saved")).to_be_visible()
    page.get_by_role("button", name="换人").tap()
    page.get_by_role("dialog").get_by_role("button", name="换人").tap()
    expect(page.locator(".k-card")).to_be_visible()
    expect(page.locator(".k-marks .k-done")).to_have_count(0)
    assert phone.context.cookies()[0]["value"] != cookie
    page.go_back()
    expect(page.locator(".k-saved")).to_have_count(0)


def test_the_browsers_drawer_holds_no_answer(phone: Watched, floor: Floor) -> None:
    """A page that is left is empty, so that “back” shows nobody the last person's answer."""
    page = enter(phone, floor)
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(page.locator("#app")).to_be_empty()


def test_the_page_speaks_the_readers_language(phone: Watched, floor: Floor) -> None:
    """The switch turns the page's own words too, and the device remembers it."""
    page = enter(phone, floor)
    expect(page).to_have_title("每日五题")
    page.get_by_role("button", name="EN").tap()
    expect(page.get_by_role("button", name="Next person")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Daily five")
    page.reload()
    expect(page.get_by_role("button", name="Check")).to_be_visible()
    expect(page.get_by_role("button", name="Next person")).to_be_visible()


def test_a_dead_house_loses_nothing(phone: Watched, floor: Floor) -> None:
    """The house is killed while a page is open: it is started again, and the answer is saved."""
    page = enter(phone, floor)
    kernel_of(page)
    before = floor.attempts()
    floor.child("kefu.house").kill()
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 1


def test_a_dead_kernel_loses_nothing(phone: Watched, floor: Floor) -> None:
    """The page gets another kernel, and the answer given meanwhile is saved without a reload.

    The first kernel had nothing to say that did not come with the page; the second is asked.
    """
    phone.forgive("404|WebSocket")
    page = phone.page()
    asked = asked_for_all(page)
    page.goto(floor.url)
    before = floor.attempts()
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    assert asked == []
    floor.kernel(kernel_of(page)).kill()
    page.get_by_role("button", name="下一题").tap()
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 2
    assert asked


def test_a_lost_connection_keeps_the_answer(phone: Watched, floor: Floor) -> None:
    """Without a network the page says so and keeps the answer; back again, it is saved once."""
    phone.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")
    page = enter(phone, floor)
    before = floor.attempts()
    phone.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="没有网络，已替您留着")).to_be_visible()
    answer(page)
    expect(page.locator(".k-saved")).to_have_count(0)
    phone.context.set_offline(False)
    expect(page.locator(".k-saved")).to_be_visible()
    expect(page.get_by_text("没有网络")).to_have_count(0)
    assert floor.attempts() == before + 1


def test_a_house_that_hangs_is_waited_for(phone: Watched, floor: Floor) -> None:
    """The page says that the answer is not saved yet, keeps it, and sends it once more."""
    page = enter(phone, floor)
    kernel_of(page)
    before = floor.attempts()
    house = floor.child("kefu.house")
    house.suspend()
    try:
        answer(page)
        expect(page.get_by_text("答案替您留着")).to_be_visible()
        expect(page.locator(".k-saved")).to_have_count(0)
    finally:
        house.resume()
    page.get_by_role("button", name="再试一次").tap()
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 1


def test_a_page_waits_for_the_house(phone: Watched, floor: Floor) -> None:
    """A page that cannot open says so calmly, and opens by itself when the house is back."""
    phone.forgive("503")
    page = phone.page()
    house = floor.child("kefu.house")
    house.suspend()
    try:
        page.goto(floor.url)
        expect(page.get_by_role("heading", name="现在打不开")).to_be_visible()
        expect(page.get_by_role("button", name="再试一次")).to_be_visible()
    finally:
        house.resume()
    expect(page.locator(".k-card")).to_be_visible()


def test_a_restarted_floor_is_found_again(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """The whole floor is started again: the open page finds it, and the answer is saved once."""
    phone = watch({"kefu.test"}, **PHONE)
    phone.forgive("ERR_CONNECTION_REFUSED|WebSocket|404|503")
    floor = start(tmp_path)
    page = enter(phone, floor)
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    page.get_by_role("button", name="下一题").tap()
    assert stop(floor) == []
    answer(page)
    expect(page.get_by_text("已替您留着")).to_be_visible()
    again = start(tmp_path, port=floor.port)
    try:
        expect(page.locator(".k-saved")).to_be_visible()
        expect(page.locator(".k-marks .k-done")).to_have_count(2)
        assert again.attempts() == 2
    finally:
        assert stop(again) == []


def test_a_full_house_lets_the_next_one_in(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """With no room left a visitor is told so, and the page opens when somebody leaves."""
    floor = start(tmp_path, "--most", "1")
    try:
        first, second = (watch({"kefu.test"}, **PHONE) for _ in range(2))
        second.forgive("503")
        inside = enter(first, floor)
        kernel_of(inside)
        page = second.page()
        page.goto(floor.url)
        expect(page.get_by_text("现在人比较多")).to_be_visible()
        inside.reload()
        expect(inside.locator(".k-card")).to_be_visible()
        inside.goto("about:blank")
        expect(page.locator(".k-card")).to_be_visible()
        kernel_of(page)
    finally:
        assert stop(floor) == []


SEEN = """() => [...document.querySelectorAll(
    ".k-top b, .k-marks i, .k-story p, legend, .k-opt, .k-opt input, .k-hint"
)].map((one) => [one.innerText, ...Object.values(one.getBoundingClientRect().toJSON())])"""


@pytest.mark.parametrize(("locale", "check"), [("zh-CN", "看看如何"), ("en-GB", "Check")])
def test_the_question_is_there_before_its_script(
    watch: Callable[..., Watched], floor: Floor, locale: str, check: str
) -> None:
    """It can be picked from while the script is on its way; then nothing moves, nothing is lost."""
    page = watch({"kefu.test"}, **{**PHONE, "locale": locale}).page()
    held: list[Route] = []
    page.route("**/page.*.js", lambda route: held.append(route))
    page.goto(floor.url, wait_until="commit")
    picked = page.locator(".k-opt input").nth(1)
    page.locator(".k-opt label").nth(1).tap()
    expect(picked).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".kefu button:visible")).to_have_count(0)
    expect(page.locator("#wait")).to_be_visible()
    before = page.evaluate(SEEN)
    assert page.url == floor.url
    held[0].continue_()
    expect(page.get_by_role("button", name=check)).to_be_visible()
    assert page.evaluate(SEEN) == before
    expect(picked).to_be_checked()
    expect(picked).to_be_focused()
    page.get_by_role("button", name=check).tap()
    expect(page.locator(".k-saved")).to_be_visible()


def test_a_script_that_does_not_come_is_said(phone: Watched, floor: Floor) -> None:
    """A question without its script looks alive and is not: the page says so, and tries again."""
    phone.forgive("ERR_FAILED")
    page = phone.page()
    page.route("**/page.*.js", lambda route: route.abort())
    page.goto(floor.url)
    again = page.get_by_role("button", name="再试一次")
    expect(again).to_be_visible()
    expect(page.locator(".k-card, #wait")).to_have_count(0)
    page.unroute("**/page.*.js")
    again.tap()
    expect(page.get_by_role("button", name="看看如何")).to_be_visible()


def test_the_question_is_there_before_any_kernel(phone: Watched, floor: Floor) -> None:
    """While no kernel comes the question may be answered; the answer is sent when one is there."""
    page = phone.page()
    held = hold_kernels(page)
    page.goto(floor.url)
    before = floor.attempts()
    answer(page)
    expect(page.get_by_text("正在保存")).to_be_visible()
    page.wait_for_timeout(300)
    assert (len(held), floor.attempts()) == (1, before)
    held[0].continue_()
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 1


def test_a_reload_loses_no_answer_on_its_way(phone: Watched, floor: Floor) -> None:
    """An answer that was not acknowledged before a reload is shown, sent, and taken once."""
    phone.forgive("ERR_FAILED|404")
    page = enter(phone, floor)
    before = floor.attempts()
    kernel = floor.kernel(kernel_of(page))
    page.route("**/kernels", lambda route: route.abort())
    kernel.suspend()
    answer(page)
    expect(page.get_by_text("正在保存")).to_be_visible()
    page.reload()
    expect(page.get_by_text("正在保存")).to_be_visible()
    page.unroute("**/kernels")
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 1
    page.reload()
    expect(page.locator(".k-marks .k-done")).to_have_count(1)
    assert floor.attempts() == before + 1


def test_the_next_person_sends_nothing_of_the_last(phone: Watched, floor: Floor) -> None:
    """What was not acknowledged goes with its person: the next one neither sees nor sends it."""
    phone.forgive("ERR_FAILED|404")
    page = phone.page()
    page.route("**/kernels", lambda route: route.abort())
    page.goto(floor.url)
    before = floor.attempts()
    answer(page)
    expect(page.get_by_text("正在保存")).to_be_visible()
    page.get_by_role("button", name="换人").tap()
    page.get_by_role("dialog").get_by_role("button", name="换人").tap()
    page.unroute("**/kernels")
    kernel_of(page)
    expect(page.get_by_text("正在保存")).to_have_count(0)
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 1


def test_a_page_that_found_no_room_waits_for_it(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    """Two open the page at once and there is one place: both may answer, and both are saved."""
    floor = start(tmp_path, "--most", "1")
    try:
        first, second = (watch({"kefu.test"}, **PHONE) for _ in range(2))
        second.forgive("503")
        waiting = first.page()
        held = hold_kernels(waiting)
        waiting.goto(floor.url)
        inside = enter(second, floor)
        kernel_of(inside)
        first.forgive("503")
        held[0].continue_()
        answer(waiting)
        expect(waiting.get_by_text("有空位就接上")).to_be_visible()
        inside.goto("about:blank")
        expect(waiting.locator(".k-saved")).to_be_visible()
        assert floor.attempts() == 1
    finally:
        assert stop(floor) == []


def test_a_phone_that_slept_goes_on(phone: Watched, floor: Floor) -> None:
    """A page that the phone froze, and whose kernel went meanwhile, takes the next answer."""
    phone.forgive("404|WebSocket")
    page = enter(phone, floor)
    kernel = floor.kernel(kernel_of(page))
    before = floor.attempts()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
    kernel.kill()
    cdp.send("Page.setWebLifecycleState", {"state": "active"})
    answer(page)
    expect(page.locator(".k-saved")).to_be_visible()
    assert floor.attempts() == before + 1


def test_closing_the_page_frees_its_kernel(phone: Watched, floor: Floor) -> None:
    """A kernel ends with the page that it was started for."""
    page = enter(phone, floor)
    kernel = kernel_of(page)
    mine = floor.kernel(kernel)
    page.goto("about:blank")
    assert psutil.wait_procs([mine], timeout=10)[1] == []


def test_a_kernel_is_its_visitors_alone(
    watch: Callable[..., Watched], phone: Watched, floor: Floor
) -> None:
    """Who knows the id of a colleague's kernel can neither reach nor end it."""
    kernel = kernel_of(enter(phone, floor))
    stranger = watch({"kefu.test"}, **PHONE)
    stranger.forgive("WebSocket|404")
    page = enter(stranger, floor)
    opened = page.evaluate(
        """(path) => new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}${path}`);
            socket.onopen = () => done(true);
            socket.onerror = () => done(false);
        })""",
        f"/api/kernels/{kernel}/channels?session_id=1",
    )
    assert opened is False
    page.evaluate("(id) => fetch(`/kernels/${id}/leave`, {method: 'POST'})", kernel)
    assert floor.kernel(kernel).is_running()


def test_an_unknown_page_is_said_calmly(phone: Watched, floor: Floor) -> None:
    """A wrong address leads back to the front page, and shows no traceback."""
    phone.forgive("404")
    page = phone.page()
    reply = page.goto(f"{floor.url}voila/tree")
    assert reply
    assert reply.status == 404
    page.get_by_role("button", name="去首页").tap()
    expect(page.locator(".k-card")).to_be_visible()


def test_an_idle_page_is_put_away(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """A page that nobody touches for a visit's time is put away; the next one starts afresh."""
    floor = start(tmp_path, "--lapse", "0.05")
    phone = watch({"kefu.test"}, **PHONE)
    try:
        page = enter(phone, floor)
        answer(page)
        expect(page.get_by_text("这一轮先收起来了")).to_be_visible()
        expect(page.locator(".k-card")).to_have_count(0)
        page.get_by_role("button", name="重新开始").tap()
        expect(page.locator(".k-card")).to_be_visible()
        expect(page.locator(".k-marks .k-done")).to_have_count(0)
        page.close()  # or it is put away again while the floor is being stopped
    finally:
        assert stop(floor) == []
