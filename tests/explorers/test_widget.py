"""The widget answers every request of its page calmly, and believes none of it."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.explorers.explorer import Explorer, Press, Seen, Slider, Values
from kefu.explorers.widget import Exploration, view
from kefu.plots import house
from kefu.text import LANGS, Lang, Text
from tests.pieces import any_json

NAME = Text("数", "number")


def _see(values: Values, lang: Lang) -> Seen:
    n = int(values["size"])
    if n == 13:
        raise KefuError(Text("十三不行", "13 will not do"), Text("换一个", "take another?"))
    if n == 14:
        raise ZeroDivisionError
    said = (Text(f"现在是 {n}。", f"It is {n} now."),)
    if n < 5:
        return Seen(None, said, (), frozenset({"again"}))
    with house.canvas(lang) as (figure, axes):
        axes.plot([0, n])
        plot = house.finish(figure, said[0][lang], f"alt {lang}", lang)
    return Seen(plot, said, ((NAME, Text("十", "ten")),))


DEMO = Explorer(
    "demo", NAME, NAME, (Slider("size", NAME, 0, 20, 1, 10), Press("again", NAME)), _see, NAME, NAME
)


class Heard(Exploration):
    """A widget whose page writes down what it is told."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self.told: list[Any] = []
        super().__init__(*args, **named)

    def send(self, content: Any, buffers: Any = None) -> None:
        """What the page is told."""
        self.told.append(content)


def _ask(n: int = 7, lang: object = "en", **values: object) -> dict[str, Any]:
    return {"do": "see", "n": n, "values": values, "lang": lang}


@pytest.mark.parametrize("lang", LANGS)
def test_it_opens_with_its_first_view(lang: Lang) -> None:
    """The page has picture and words before it asks, in the language asked for."""
    widget = Exploration(DEMO, lang=lang)
    assert widget.spec == DEMO.json()
    assert (
        widget.seen["view"]["said"][0][lang] == {"zh": "现在是 10。", "en": "It is 10 now."}[lang]
    )
    assert widget.seen["view"]["plot"]["lang"] == lang
    assert json.loads(json.dumps(widget.seen)) == widget.seen
    synced = {name for name in widget.trait_names(sync=True) if not name.startswith("_")}
    assert synced - {"layout", "tabbable", "tooltip", "comm"} == {"spec", "lang", "seen"}


def test_what_cannot_be_drawn_at_first_is_left_to_the_page() -> None:
    """An explorer whose start cannot be drawn still opens; the page then asks, and is told."""
    slider = Slider("size", NAME, 0, 20, 1, 14)
    assert Exploration(dataclasses.replace(DEMO, controls=(slider,))).seen == {}


def test_a_request_gets_its_view_under_its_number() -> None:
    """The reply has the number of the request, the picture as data, words, and what is hidden."""
    widget = Exploration(DEMO)
    reply = widget.reply(_ask(4711, size=12))
    assert (reply["did"], reply["n"]) == ("seen", 4711)
    seen = reply["view"]
    assert seen["plot"]["src"].startswith("data:image/svg+xml;base64,")
    assert (seen["plot"]["alt"], seen["plot"]["width"], seen["plot"]["height"]) == (
        "alt en", round(house.WIDE * 96), round(house.HIGH * 96),
    )  # fmt: skip
    assert seen["figures"] == [{"name": NAME.json(), "value": {"zh": "十", "en": "ten"}}]
    bare = widget.reply(_ask(size=2))["view"]
    assert (bare["plot"], bare["hidden"]) == (None, ["again"])


def test_the_same_values_give_the_same_view() -> None:
    """Asked twice, the page gets the same bytes."""
    assert Exploration(DEMO).reply(_ask(size=12)) == Exploration(DEMO).reply(_ask(size=12))


def test_what_went_wrong_is_said_in_both_languages(caplog: pytest.LogCaptureFixture) -> None:
    """A refusal keeps its words; anything else is one calm line, and the trace is in the log."""
    widget = Exploration(DEMO)
    assert widget.reply(_ask(size=13)) == {
        "did": "failed", "n": 7,
        "why": {"zh": "十三不行；换一个。", "en": "13 will not do; take another."},
    }  # fmt: skip
    why = widget.reply(_ask(size=14))["why"]
    assert "ZeroDivision" in caplog.text
    for said in why.values():
        assert not re.search(r"Zero|Error|Traceback|[!！]", said)
    assert widget.reply(_ask(size=12))["did"] == "seen"


@pytest.mark.parametrize(
    "content",
    [
        {"n": 1}, {"n": 1, "do": "see"}, {**_ask(), "lang": "fr"}, {**_ask(), "values": []},
        _ask(lang=["zh"]), {**_ask(), "do": "run"}, _ask(other=1), _ask(size="12"),
    ],
)  # fmt: skip
def test_a_request_that_is_none_is_refused(content: dict[str, Any]) -> None:
    """What no page of ours would ask gets a reply as well, never a trace."""
    reply = Exploration(DEMO).reply(content)
    assert reply["did"] == "failed"
    assert reply["why"]["zh"]
    assert reply["why"]["en"]


def test_messages_come_in_and_go_out() -> None:
    """A message with a number is answered, any other is none of this widget's business."""
    widget = Heard(DEMO)
    for content in (_ask(3, size=4), {"do": "see"}, {"n": True}, {"n": "3"}, [], "see", None, 7):
        widget._handle_custom_msg(content, [])
    widget._handle_custom_msg(_ask(4, size=13), [])
    assert [(one["did"], one["n"]) for one in widget.told] == [("failed", 4)]
    assert (widget.seen["did"], widget.seen["n"]) == ("seen", 3)


def test_a_page_drawn_anew_finds_the_settings_of_the_newest_view() -> None:
    """View, settings and language are kept together; a refusal leaves them as they were."""
    widget = Heard(DEMO)
    assert {"values", "lang"}.isdisjoint(widget.seen)
    for content in (_ask(3, size=4), _ask(4, "zh", size=12), _ask(5, size=13)):
        widget._handle_custom_msg(content, [])
    kept = widget.get_state("seen")["seen"]
    assert (kept["n"], kept["values"], kept["lang"]) == (4, {"size": 12}, "zh")
    assert kept["view"] == widget.reply(_ask(0, "zh", size=12))["view"]


def test_per_cents_are_written_as_plots_write_them() -> None:
    """Words for the page have a no-break space before the sign, whoever wrote them."""
    said = Text("要 85%，100% 不行", "85% or a 5–6% rise")
    told = {"zh": "要 85\xa0%，100\xa0% 不行", "en": "85\xa0% or a 5–6\xa0% rise"}
    assert view(Seen(None, (said,), ((said, said),)))["figures"] == [{"name": told, "value": told}]
    assert dataclasses.replace(DEMO, question=said).json()["question"] == told


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(["do", "n", "values", "lang"]), any_json))
def test_whatever_comes_is_answered_calmly(content: dict[str, Any]) -> None:
    """No message breaks the widget."""
    widget = Heard(dataclasses.replace(DEMO, controls=(Slider("size", NAME, 0, 4, 1, 2),)))
    widget._handle_custom_msg(content, [])
    json.dumps([widget.told, widget.seen])
    assert all(one["did"] == "failed" for one in widget.told)


def test_what_the_page_sets_is_not_read_back() -> None:
    """A page that changes its traits changes nothing in the kernel."""
    widget = Exploration(DEMO)
    widget.spec, widget.seen, widget.lang = {"controls": []}, {}, "xx"
    assert widget.reply(_ask(size=12))["did"] == "seen"


def test_a_view_can_be_all_words() -> None:
    """Where nothing is drawn there is no picture, and the rest is there."""
    assert view(Seen(None, (NAME,))) == {
        "plot": None, "said": [NAME.json()], "figures": [], "hidden": [],
    }  # fmt: skip
