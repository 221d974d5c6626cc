"""A learner's function is tried on the public examples, in the learner's own kernel.

It is a help and never a mark: what counts is worked out elsewhere, with other inputs.
"""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu.card import Card
from kefu.coursework import damaged, read
from kefu.errors import KefuError
from kefu.notebook import CARDS
from kefu.result import NotPlain, difference, plain
from kefu.text import Text

__all__ = ["Tried", "try_out"]

_MOST = 160
"""More characters than these of a value are not shown."""
_GIVEN, _GAVE, _DUE = Text("给它", "given"), Text("它给的", "it gave"), Text("该给", "expected")
_RIGHT, _OUT = Text("对", "right"), Text("对不对", "is it right")
_NONE = "—"
_STOPPED = Text("停下了，没有算完", "stopped before it was done")
_TO_WRITE = Text("这一格还没有写", "nothing is written here yet")
_ALL = Text(
    "例子都对了。批改时会换别的数，包括课文里说到的特殊情形，自己也多试几个。",
    "The examples all come out right. Other numbers are used for marking, the special cases in "
    "the text among them, so try some more of your own.",
)
_SOME = Text(
    "还有不对的。改一改，先运行上面那一格，再运行这一格。",
    "Some are not right yet. Change your code, run the cell above, then this one again.",
)
_CELL = "text-align:left;vertical-align:top;padding:6px 12px;border:1px solid rgba(128,128,128,.4)"
_CODE = "white-space:pre-wrap;overflow-wrap:anywhere;font-family:monospace"


@dataclass(frozen=True, slots=True)
class _Row:
    call: str
    gave: str
    due: str
    why: Text | None
    """What is not right; None if all is."""


class Tried:
    """What came of trying: a table in a notebook, lines elsewhere.

    Args:
        rows: the examples.
        said: one sentence on the whole.
    """

    def __init__(self, rows: list[_Row], said: Text) -> None:
        self._rows, self._said = rows, said

    @property
    def right(self) -> int:
        """How many examples came out right."""
        return sum(row.why is None for row in self._rows)

    def __repr__(self) -> str:
        lines = []
        for row in self._rows:
            lines.append(f"{_sign(row)}  {row.call}")
            lines.append(f"   {_GAVE.zh} · {_GAVE.en}: {row.gave}")
            if row.why is not None:
                lines.append(f"   {_DUE.zh} · {_DUE.en}: {row.due}")
        return "\n".join([*lines, self._said.zh, self._said.en])

    def _repr_html_(self) -> str:
        heads = "".join(
            f'<th scope="col" style="{_CELL}">{_both(head)}</th>'
            for head in (_GIVEN, _GAVE, _DUE, _OUT)
        )
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="{_CELL};{_CODE}">{html.escape(said)}</td>'
                for said in (row.call, row.gave, row.due)
            )
            + f'<td style="{_CELL}">{html.escape(_sign(row))}</td></tr>'
            for row in self._rows
        )
        table = (
            f'<table style="border-collapse:collapse;max-width:100%;font-size:inherit">'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )
        said = f'<p lang="zh-CN">{html.escape(self._said.zh)}</p>'
        said += f'<p lang="en">{html.escape(self._said.en)}</p>'
        return f'<div style="max-width:60em">{table if self._rows else ""}{said}</div>'


def try_out(
    ref: str, function: Callable[..., Any] | None = None, folder: Path | None = None
) -> Tried:
    """Try a function on the examples of a program.

    Args:
        ref: the program, `<slug>--program`.
        function: what to try; None takes what the notebook calls by the name that is asked for.
        folder: where the notebook lies; the working folder if None.
    """
    try:
        card = _card(ref, folder or Path.cwd())
        name = card["function"]
        if function is None:
            function = getattr(sys.modules["__main__"], name, None)
        if not callable(function):
            return Tried([], _not_there(name))
        rows = []
        for example in card["examples"]:
            rows.append(_try(function, name, example, card["tolerance"]))
            if rows[-1].why is _STOPPED:
                break
    except KefuError as error:
        return Tried([], _sentence(error))
    except (AttributeError, KeyError, TypeError):
        # JSON, but no longer what was unpacked.
        return Tried([], _sentence(damaged(CARDS)))
    return Tried(rows, _ALL if all(row.why is None for row in rows) else _SOME)


def _card(ref: str, folder: Path) -> Card:
    cards: list[Card] = read(folder / CARDS, "cards")["cards"]
    for card in cards:
        if card["item"] == ref and card["kind"] == "program":
            return card
    raise KefuError(
        Text(f"这里没有 {ref} 这道题", f"there is no question called {ref!r} here"),
        Text(
            "请从解压出来的课程文件夹里打开笔记本",
            "open the notebook from inside the unpacked course folder",
        ),
    )


def _not_there(name: str) -> Text:
    return Text(
        f"还没有 {name} 这个函数：先运行上面那一格，再运行这一格。",
        f"There is no function {name} yet: run the cell above, then this one.",
    )


def _try(
    function: Callable[..., Any], name: str, example: dict[str, Any], tolerance: float
) -> _Row:
    """One call; whatever the learner's function does, there is a row for it."""
    call = _short(f"{name}({', '.join(map(repr, example['given']))})")
    due = _short(repr(example["gives"]))
    # A copy: what a function does to its arguments stays its own.
    given = json.loads(json.dumps(example["given"]))
    try:
        result = function(*given)
    except KeyboardInterrupt:
        return _Row(call, _NONE, due, _STOPPED)
    except NotImplementedError:
        return _Row(call, _NONE, due, _TO_WRITE)
    except BaseException as error:  # whatever a learner's function raises, also SystemExit
        return _Row(call, _NONE, due, _raised(error))
    try:
        value = plain(result)
        why = difference(example["gives"], value, tolerance)
        shown = repr(value)
    except NotPlain as error:
        why, shown = error.why, _safe_repr(result)
    return _Row(call, _short(shown), due, why)


def _raised(error: BaseException) -> Text:
    kind = type(error).__name__
    try:
        words = " ".join(str(error).split())
    except Exception:  # an exception whose words cannot be had either
        words = ""
    said = _short(f"{kind}: {words}" if words else kind)
    return Text(f"出错了：{said}", f"it failed with {said}")


def _safe_repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # a value that cannot even be shown
        return f"<{type(value).__name__}>"


def _short(said: str) -> str:
    return said if len(said) <= _MOST else said[: _MOST - 1] + "…"


def _sign(row: _Row) -> str:
    if row.why is None:
        return f"✓ {_RIGHT.zh} · {_RIGHT.en}"
    return f"✗ {row.why.zh} · {row.why.en}"


def _both(text: Text) -> str:
    return f'{html.escape(text.zh)} · <span lang="en">{html.escape(text.en)}</span>'


def _sentence(error: KefuError) -> Text:
    zh, en = error.say("zh"), error.say("en")
    return Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}.")
