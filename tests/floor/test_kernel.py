"""What a page's real kernel knows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat

from tests.floor.running import start, stop

_PROBE = """
import json, os, sys
import kefu.floor
player = kefu.floor.daily()
known = {{"env": dict(os.environ), "modules": sorted(sys.modules), "path": sys.path,
         "here": os.listdir(), "argv": sys.argv}}
with open({file!r}, "w") as out:
    json.dump(known, out)
player
"""

# Python, Jupyter and the shell of the kernel; of ours, a socket and a token.
_KNOWN = {
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH",
    "HOME", "IPYTHONDIR", "OPENBLAS_NUM_THREADS", "KEFU_SOCKET", "KEFU_TOKEN",
    "JPY_PARENT_PID", "JPY_SESSION_NAME", "VOILA_KERNEL_ID",
    "PYDEVD_USE_FRAME_EVAL", "PYDEVD_DISABLE_FILE_VALIDATION",
    "TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR",
    "PAGER", "GIT_PAGER", "MPLBACKEND",
}  # fmt: skip


def test_a_kernel_knows_a_socket_and_a_token(tmp_path: Path) -> None:
    """No key, no database, no secret, no cookie, and no module that could open the vault."""
    out = tmp_path / "known.json"
    root = tmp_path / "house"
    (root / "floor").mkdir(parents=True)
    probe = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(_PROBE.format(file=str(out)))],
        metadata={"kefu": {"title": {"zh": "探", "en": "Probe"}}},
    )
    nbformat.write(probe, root / "floor" / "probe.ipynb")
    floor = start(root)
    try:
        cookie = "ab" * 16
        headers = {"Cookie": f"kefu-visit={cookie}", "X-Password": "hunter2"}
        address = f"http://127.0.0.1:{floor.port}"
        with urlopen(Request(f"{address}/probe?secret=1", headers=headers)) as reply:
            html = reply.read().decode()
        place = dict(re.findall(r'data-(page|visit|day)="([^"]*)"', html))
        body = json.dumps(place).encode()
        with urlopen(Request(f"{address}/kernels?secret=1", body, headers)) as reply:
            assert len(json.loads(reply.read())["views"]) == 1
    finally:
        assert stop(floor) == []
    known = json.loads(out.read_text())
    assert set(known["env"]) <= _KNOWN
    values = " ".join(known["env"].values()) + " ".join(known["argv"])
    for hidden in (cookie, floor.database, "hunter2", "secret=1"):
        assert hidden not in values
    loaded = {name.partition(".")[0] for name in known["modules"]}
    assert not loaded & {"sqlalchemy", "pydantic", "starlette", "voila", "typer", "matplotlib"}
    ours = {name for name in known["modules"] if name.startswith("kefu.")}
    assert not {n for n in ours if n.split(".")[1] in {"vault", "house", "door", "bank", "publish"}}
    assert sorted(known["here"]) == ["daily.ipynb", "probe.ipynb"]
    assert "" not in known["path"]
    for told in ("KEFU_TOKEN", "KEFU_SOCKET"):
        assert known["env"][told] not in html
