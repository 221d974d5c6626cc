"""What takes long to import is imported when it is needed, and does then what it always did."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# Says which of the two modules was imported, and what jsonschema says of two addresses.
LOOK = """
import json, sys
import jsonschema
early = "lark" in sys.modules
check = jsonschema.FormatChecker()
said = [check.conforms(each, "iri") for each in ("https://例子.中国/服务", "no address")]
print(json.dumps([early, said, "lark" in sys.modules]))
"""


def _seen(*before: str) -> list[object]:
    code = "\n".join((*before, LOOK))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


def test_the_grammar_is_built_when_an_address_is_checked() -> None:
    """Spared, jsonschema starts without the grammar, and judges addresses as it does with it."""
    early, said, late = _seen("from kefu.late import spare; spare()")
    assert (early, said, late) == (False, [True, False], True)
    assert _seen()[:2] == [True, [True, False]]


def test_the_commands_start_without_it() -> None:
    """`import kefu.cli`, and a module that is run by `python -m kefu.late`, are spared."""
    assert _seen("import kefu.cli")[0] is False
    done = subprocess.run(
        [sys.executable, "-m", "kefu.late", "json.tool", "--help"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "json" in done.stdout


@pytest.mark.parametrize("there", [False, True])
def test_what_is_there_or_missing_is_left_alone(there: bool) -> None:
    """Where the library is read already, or is not installed, nothing is put in its place."""
    name = "rfc3987_syntax"
    before = (
        f"import {name} as was"
        if there
        else "import importlib.util as u; u.find_spec = lambda name: None; was = None"
    )
    then = f"from kefu.late import spare; spare(); assert sys.modules.get({name!r}) is was"
    code = f"import sys; {before}; {then}"
    subprocess.run([sys.executable, "-c", code], check=True)
