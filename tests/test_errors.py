"""Errors say where, what is wrong, and what to write."""

from kefu.errors import Fault, KefuError
from kefu.text import Text

WHAT, WRITE = Text("错了", "it is wrong"), Text("请改正", "mend it")


def test_an_error_is_one_sentence_in_each_language() -> None:
    """A language is never mixed with the other, save in the traceback, which has both."""
    error = KefuError(WHAT, WRITE)
    assert error.say("zh") == "错了；请改正"
    assert error.say("en") == "it is wrong; mend it"
    assert str(error) == "错了；请改正 · it is wrong; mend it"


def test_a_fault_names_its_place() -> None:
    """File and line come first, as editors like them."""
    fault = Fault("a.toml", 3, WHAT, WRITE)
    assert fault.say("zh") == "a.toml:3: 错了；请改正"
    assert fault.say("en") == "a.toml:3: it is wrong; mend it"
    assert fault.json("zh") == {"file": "a.toml", "line": 3, "what": "错了", "write": "请改正"}
