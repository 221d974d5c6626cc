"""A house's own notebook over raw HTTP: what is served beside it, and to whom."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kefu.door.plain import Front, title_of
from tests.floor.running import Floor, start, stop

Reply = tuple[int, http.client.HTTPMessage, str]


def lay(root: Path, name: str, *cells: nbformat.NotebookNode) -> None:
    """A notebook in the house's folder of pages."""
    folder = root / "floor"
    folder.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells)), folder / f"{name}.ipynb")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """A floor with three such notebooks."""
    root = tmp_path_factory.mktemp("plain")
    lay(root, "queue", new_markdown_cell("# Who <waits>?"), new_code_cell("print(6 * 7)"))
    lay(root, "排班", new_markdown_cell("## 排班"))
    lay(
        root,
        "env",
        new_code_cell("import os\nprint('names', *sorted(os.environ))"),
        new_code_cell("raise RuntimeError('the reason')"),
    )
    (root / "floor" / "secret.txt").write_text("a key", "utf-8")
    running = start(root)
    yield running
    assert stop(running) == []


def ask(floor: Floor, path: str, method: str = "GET", **headers: str) -> Reply:
    """One request, its path sent as it stands here."""
    line = http.client.HTTPConnection("127.0.0.1", floor.port, timeout=60)
    line.request(method, path, headers={"Host": "kefu.test", **headers})
    reply = line.getresponse()
    body = reply.read().decode("utf-8", "replace")
    line.close()
    return reply.status, reply.headers, body


def enter(floor: Floor, page: str) -> tuple[str, str, str]:
    """Open a page: its text, its kernel, and the visitor's cookie."""
    status, headers, html = ask(floor, page)
    assert status == 200
    cookie = str(headers["Set-Cookie"]).partition(";")[0]
    return html, config(html)["kernelId"], cookie


def config(html: str) -> dict[str, str]:
    """What the page tells Voila's front end."""
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found
    told: dict[str, str] = json.loads(found[1])
    return told


def test_the_page_names_itself_and_no_other_host(floor: Floor) -> None:
    """Title, language and viewport stand in the page; every link of it stays here."""
    html, _, _ = enter(floor, "/queue")
    assert "<title>Who &lt;waits&gt;?</title>" in html
    assert '<html lang="zh-CN">' in html
    assert '<main id="cells" lang="en">' in html
    assert 'name="viewport" content="width=device-width' in html
    links = re.findall(r'(?:src|href|action)="([^"]*)"', html)
    assert len(links) >= 7
    assert [x for x in links if not x.startswith(("/", "data:", "#"))] == []
    assert "42" in html
    assert re.search(r"<script(?![^>]*(?: src=|type=\"application/))", html) is None


def test_the_policy_lets_nothing_in_from_elsewhere(floor: Floor) -> None:
    """No source of the policy is another host, and no script is run that stands in the page."""
    _, headers, _ = ask(floor, "/queue")
    rules = dict(r.strip().split(" ", 1) for r in headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' blob:"
    assert rules["connect-src"] == "'self' ws://kefu.test wss://kefu.test"
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    others = {s for name, rule in rules.items() if name != "connect-src" for s in rule.split()}
    assert others <= allowed
    assert "no-store" in headers["Cache-Control"]


def test_a_page_may_have_a_chinese_name(floor: Floor) -> None:
    """The name of a file is the page's address, whatever it is written in."""
    html, _, _ = enter(floor, "/%E6%8E%92%E7%8F%AD")
    assert "<title>排班</title>" in html
    assert '<main id="cells" lang="zh-CN">' in html


def test_a_kernel_finds_no_more_than_any_pages_does(floor: Floor) -> None:
    """Its environment holds the house's socket and a token, and neither database nor folder."""
    html, _, _ = enter(floor, "/env")
    found = re.search(r"names ([A-Z0-9_ a-z]*)", html)
    assert found
    names = set(found[1].split())
    assert {"KEFU_SOCKET", "KEFU_TOKEN"} <= names
    assert not {n for n in names if n.startswith(("KEFU_", "VOILA_", "HTTP_"))} - {
        "KEFU_SOCKET",
        "KEFU_TOKEN",
        "VOILA_KERNEL_ID",
    }


def test_a_cell_that_fails_is_said_calmly(floor: Floor) -> None:
    """The visitor reads that a cell did not run, and neither its reason nor its code."""
    html, _, _ = enter(floor, "/env")
    assert "这一格没有运行成功" in html
    assert "the reason" not in html
    assert "RuntimeError" not in html


def test_the_front_end_is_kept_for_good(floor: Floor) -> None:
    """Its files stand under a mark that changes with them, and are asked for once."""
    static = config(enter(floor, "/queue")[0])["fullStaticUrl"]
    for name, kind in (("voila.js", "text/javascript"), ("index.css", "text/css")):
        status, headers, body = ask(floor, f"{static}/{name}")
        assert status == 200
        assert headers["Content-Type"].startswith(kind)
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert len(body) > 1000
    old = re.sub(r"[0-9a-f]{12}", "0" * 12, static)
    assert ask(floor, f"{old}/voila.js")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "voila/tree",
        "voila/render/queue.ipynb",
        "voila/files/secret.txt",
        "voila/files/queue.ipynb",
        "voila/static/voila.js",
        "voila/templates/kefu-plain/static/plain.js",
        "voila/templates/lab/index.html.j2",
        "voila/labextensions/anywidget/package.json",
        "voila/api/themes/@jupyterlab/theme-light-extension/index.css",
        "voila/api/contents",
        "voila/query/0-0-0-0-0",
        "voila/execution/0-0-0-0-0",
        "api/contents",
        "api/kernels",
        "api/kernelspecs",
        "api/sessions",
        "api/terminals",
        "files/secret.txt",
        "secret.txt",
        "queue.ipynb",
        "login",
    ],
)
def test_nothing_else_of_voila_is_served(floor: Floor, path: str) -> None:
    """Neither tree nor files, contents, themes, templates or Jupyter's own calls are there."""
    assert ask(floor, f"/{path}")[0] == 404


@pytest.mark.parametrize(
    "name",
    [
        "static/../labextensions/anywidget/package.json",
        "labextensions/anywidget/package.json",
        "labextensions/anywidget/static/../package.json",
        "labextensions/@jupyter/nbgrader/static/style.js",
        "static/../../../../../../../../../etc/passwd",
        "static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "static//etc/passwd",
        "static/index.html.j2",
        "static/conf.json",
        "static/",
        "static",
        "",
    ],
)
def test_the_front_end_is_a_list_of_names(floor: Floor, name: str) -> None:
    """Whatever is not a file of it is not found, however the path is written."""
    mark = config(enter(floor, "/queue")[0])["fullStaticUrl"].split("/")[2]
    status, _, body = ask(floor, f"/voila/{mark}/{name}")
    assert status == 404
    assert "root:" not in body


def test_a_kernel_is_told_to_its_visitor_alone(floor: Floor) -> None:
    """Whoever knows its id learns nothing of it, and can neither interrupt nor end it."""
    _, kernel, cookie = enter(floor, "/queue")
    status, _, body = ask(floor, f"/api/kernels/{kernel}", Cookie=cookie)
    assert (status, json.loads(body)) == (200, {"id": kernel, "name": "python3"})
    assert ask(floor, f"/api/kernels/{kernel}")[0] == 404
    assert ask(floor, f"/api/kernels/{kernel}", Cookie=f"kefu-visit={'0' * 32}")[0] == 404
    for method in ("DELETE", "POST", "PATCH"):
        assert ask(floor, f"/api/kernels/{kernel}", method, Cookie=cookie)[0] == 405
    assert ask(floor, f"/api/kernels/{kernel}/interrupt", "POST", Cookie=cookie)[0] == 404
    assert ask(floor, f"/voila/api/shutdown/{kernel}", "POST", Cookie=cookie)[0] == 404
    assert ask(floor, f"/kernels/{kernel}", Cookie=cookie)[0] == 204


def test_leaving_frees_the_kernel(floor: Floor) -> None:
    """The page's farewell ends its kernel at once."""
    _, kernel, cookie = enter(floor, "/queue")
    assert ask(floor, f"/kernels/{kernel}/leave", "POST", Cookie=cookie)[0] == 204
    assert ask(floor, f"/kernels/{kernel}", Cookie=cookie)[0] == 404


def test_a_full_floor_says_so(tmp_path: Path) -> None:
    """With no place left a visitor gets the calm page, and no process is started."""
    lay(tmp_path, "queue", new_code_cell("1"))
    floor = start(tmp_path, "--most", "1")
    try:
        enter(floor, "/queue")
        before = len(psutil.Process(floor.process.pid).children(recursive=True))
        status, _, body = ask(floor, "/queue")
        assert status == 503
        assert "现在人比较多" in body
        assert len(psutil.Process(floor.process.pid).children(recursive=True)) == before
    finally:
        assert stop(floor) == []


def test_without_such_a_notebook_nothing_of_it_is_served(tmp_path: Path, floor: Floor) -> None:
    """A floor of kefu's own pages has none of these addresses."""
    static = config(enter(floor, "/queue")[0])["fullStaticUrl"]
    other = start(tmp_path)
    try:
        assert ask(other, f"{static}/voila.js")[0] == 404
    finally:
        assert stop(other) == []


def test_widgets_of_other_packages_are_brought_along() -> None:
    """Extensions for widgets are loaded, others are not, and each is served from `static` alone."""
    front = Front()
    names = {told["name"] for told in front.extensions}
    assert {"anywidget", "@jupyter-widgets/jupyterlab-manager"} <= names
    assert "@jupyter/nbgrader" not in names
    assert "@voila-dashboards/widgets-manager7" not in names
    assert all("static" in name.split("/") for name in front.files)
    assert Front().mark == front.mark


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# One", "One"),
        ("words\n\n### `Three` **of** them ##\n# One", "Three of them"),
        ("```\n# a comment\n```\n\n# One", "One"),
        ("#no heading", None),
        ("words", None),
    ],
)
def test_the_title_is_the_first_heading(source: str, title: str | None) -> None:
    """Of whatever level, without its marks; a comment in code is none."""
    cells = [new_code_cell("# code"), new_markdown_cell(source)]
    assert title_of(new_notebook(cells=cells)) == title
