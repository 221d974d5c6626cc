"""Every explorer opens, says what its numbers say, and ends in a question, in both languages."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import kefu
from kefu.explorers import SLUGS, explorer
from kefu.explorers.explorer import (
    Choice,
    Control,
    Explorer,
    Press,
    Seen,
    Slider,
    Switch,
    Values,
    sound,
    start,
)
from kefu.explorers.widget import view
from kefu.text import LANGS, Lang, Text

HAN_ASCII = re.compile(r"[\u4e00-\u9fff][,:;?!]|[,:;?!][\u4e00-\u9fff]")
BROKEN = re.compile(r"\b(?:nan|inf|None)\b|[{}]|[!！]|  |-0%")
SLOW = ("pandas", "statsmodels", "scipy", "matplotlib.pyplot", "shewhart")
ROOT = Path(kefu.__file__).parent


def texts(made: Explorer) -> Iterator[Text]:
    """Every word of an explorer that does not depend on its values."""
    yield from (made.title, made.lead, made.question, made.answer)
    for control in made.controls:
        yield control.label
        if isinstance(control, Choice):
            yield from (text for _, text in control.options)
        if isinstance(control, Slider) and control.unit:
            yield control.unit


def spoken(seen: Seen) -> Iterator[Text]:
    """Every word of a view."""
    yield from seen.said
    for name, value in seen.figures:
        yield from (name, value)


def check_words(text: Text) -> None:
    """Both languages, their own punctuation, nothing left over from a program."""
    assert not HAN_ASCII.search(text.zh), text.zh
    assert not re.search(r"[\u4e00-\u9fff]", text.en.replace("“客服”", "")), text.en
    for said in (text.zh, text.en):
        assert not BROKEN.search(said), said
        assert said == said.strip()


def settable(control: Control) -> st.SearchStrategy[object]:
    """What someone may set a control to."""
    if isinstance(control, Slider):
        return st.floats(control.low, control.high) | st.sampled_from([control.low, control.high])
    if isinstance(control, Choice):
        return st.sampled_from([name for name, _ in control.options])
    return st.booleans() if isinstance(control, Switch) else st.integers(0, 5)


def ends(made: Explorer, side: str) -> Values:
    """Every slider at one of its ends."""
    return {c.name: getattr(c, side) for c in made.controls if isinstance(c, Slider)}


def check(made: Explorer, values: Values, lang: Lang) -> None:
    """What is seen at some values is whole."""
    seen = made.see(sound(made, values), lang)
    assert 1 <= len(seen.said) <= 4
    for text in spoken(seen):
        check_words(text)
    for text in seen.said:
        assert text.zh.endswith(("。", "？")), text.zh
        assert text.en.endswith((".", "?")), text.en
    for side in LANGS:
        names = [name[side] for name, _ in seen.figures]
        assert len(names) == len(set(names))
    assert seen.hidden <= {control.name for control in made.controls}
    assert len(seen.hidden) < len(made.controls)
    if seen.plot:
        assert seen.plot.lang == lang
        for words in (seen.plot.alt, seen.plot.title):
            assert words
            assert not BROKEN.search(words), words
            assert not (HAN_ASCII.search(words) and lang == "zh"), words
            assert bool(re.search(r"[\u4e00-\u9fff]", words)) == (lang == "zh"), words


@pytest.mark.parametrize("slug", SLUGS)
def test_it_is_whole(slug: str) -> None:
    """It has its own name, labels of its own, a start that is sound, a question and an answer."""
    made = explorer(slug)
    assert made.slug == slug
    for text in texts(made):
        check_words(text)
    assert made.question.zh.endswith("？")
    assert made.question.en.endswith("?")
    assert len(made.answer.en) > 200
    assert sound(made, start(made)) == start(made)
    for control in made.controls:
        assert isinstance(control, Press) or control.take(control.start) == control.start
    for side in LANGS:
        labels = [control.label[side] for control in made.controls]
        assert len(labels) == len(set(labels))
        assert all(labels)
    assert len({control.name for control in made.controls}) == len(made.controls)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("slug", SLUGS)
def test_it_opens(slug: str, lang: Lang) -> None:
    """At its start, and with its sliders at either end, it shows and says something whole."""
    made = explorer(slug)
    check(made, start(made), lang)
    check(made, ends(made, "low" if lang == "zh" else "high"), lang)
    check(made, ends(made, "high" if lang == "zh" else "low"), lang)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_values_are_seen_alike(slug: str) -> None:
    """Asked twice it shows the same bytes; what looks like chance is drawn from the presses."""
    made = explorer(slug)
    first, again = (view(made.see(start(made), "zh")) for _ in range(2))
    assert first == again
    for press in (one for one in made.controls if isinstance(one, Press)):
        assert view(made.see(sound(made, {press.name: 1}), "zh")) != first


@pytest.mark.parametrize("slug", SLUGS)
@settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_whatever_is_set_is_seen(slug: str, data: st.DataObject) -> None:
    """No setting breaks it, and no setting makes it say anything broken."""
    made = explorer(slug)
    values = {one.name: data.draw(settable(one), one.name) for one in made.controls}
    check(made, values, data.draw(st.sampled_from(LANGS)))


def _reached(module: str, seen: dict[str, set[str]]) -> None:
    """Everything that importing a module of ours imports, by who does."""
    if module in seen:
        return
    path = ROOT.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    seen[module] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        for name in found:
            seen[module].add(name)
            if name.startswith("kefu.") and _is_ours(name):
                _reached(name, seen)


def _is_ours(name: str) -> bool:
    path = ROOT.joinpath(*name.split(".")[1:])
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("slug", SLUGS)
def test_it_starts_light(slug: str) -> None:
    """Opening one imports nothing that takes half a second by itself."""
    seen: dict[str, set[str]] = {}
    _reached(f"kefu.explorers.{slug.replace('-', '_')}", seen)
    heavy = {
        (who, name)
        for who, names in seen.items()
        for name in names
        for slow in SLOW
        if name == slow or name.startswith(f"{slow}.")
    }
    assert not heavy


@pytest.mark.parametrize("slug", SLUGS)
def test_the_first_picture_needs_no_scipy(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an explorer opens with is computed without scipy, which is as slow as the picture."""
    monkeypatch.setitem(sys.modules, "scipy", None)
    made = explorer(slug)
    assert made.see(start(made), "zh").said


# What each of them teaches


def figures(slug: str, **values: object) -> dict[str, str]:
    """The figures in English, by name."""
    made = explorer(slug)
    seen = made.see(sound(made, values), "en")
    return {name.en: value.en for name, value in seen.figures}


def test_one_agreement_has_two_kappas() -> None:
    """Agreement of 85% is a kappa of .70 or of .32 (Feinstein & Cicchetti 1990)."""
    even = figures("two-raters", agree=85, passed=50)
    skewed = figures("two-raters", agree=85, passed=88, lean=67)
    assert (even["Kappa"], skewed["Kappa"]) == ("0.70", "0.32")
    assert (skewed["Both pass"], skewed["Both fail"]) == ("80 calls", "5 calls")


@given(agree=st.integers(50, 100), passed=st.integers(1, 99), lean=st.integers(0, 100))
def test_the_four_counts_are_a_hundred_calls(agree: int, passed: int, lean: int) -> None:
    """Whatever is set, the table is one that there can be, and as much agreed as was set."""
    from kefu.explorers.two_raters import _table

    table = _table(agree, passed, lean)
    assert sum(table) == 100
    assert min(table) >= 0
    assert table.both + table.neither == agree


def test_half_the_margin_is_nearly_four_times_the_work() -> None:
    """±5% of very many calls takes 377 of 20,000; Krejcie & Morgan 1970 have 377 as well."""
    assert figures("sample-size", population=20_000)["To listen to"] == "377 calls"
    assert figures("sample-size", population=3000)["Half the margin"] == "1,017 calls"


def test_four_points_of_nps_are_noise() -> None:
    """With 100 answers one month is good to ±15 points, and a change to ±22."""
    told = figures("nps-noise")
    assert (told["Margin of one month"], told["Margin of a change"]) == ("±15 points", "±22 points")


def test_one_complaint_stands_for_twenty_five() -> None:
    """At 4% each complaint has 24 more under the water; a survey of one's own has an interval."""
    assert figures("iceberg", heard=10)["Unspoken"] == "~240"
    made = explorer("iceberg")
    seen = made.see(sound(made, {"source": "survey"}), "en")
    assert seen.hidden == {"rate"}
    assert "6 of 50" in seen.said[1].en
    silent = made.see(sound(made, {"source": "survey", "spoke": 0}), "zh")
    assert silent.plot is None


def test_one_ring_needs_a_hand_that_is_quick() -> None:
    """Who takes longer to pick up than a ring lasts cannot keep it, however many there are."""
    assert figures("rings-and-agents")["80% within 3 rings"] == "12"
    assert figures("rings-and-agents", pickup=6)["80% within 1 ring"] == "not possible"
    assert figures("rings-and-agents", agents=7)["Mean time to answer"] == "no end"


@pytest.mark.parametrize(
    ("way", "chart"),
    [
        ("counted yes-no same fits", "np"),
        ("counted yes-no differ fits", "p"),
        ("counted yes-no differ over", "Laney's p′"),
        ("counted how-many same fits", "c"),
        ("counted how-many differ fits", "u"),
        ("counted how-many same over", "Laney's u′"),
        ("measured one jump", "I-MR"),
        ("measured few jump", "X̄-R"),
        ("measured many jump", "X̄-S"),
        ("measured one slow", "EWMA"),
    ],
)
def test_answers_lead_to_a_chart(way: str, chart: str) -> None:
    """Whole answers lead to one chart, with an example; of the controls only those on the way."""
    kind, *rest = way.split()
    names = ("counted", "sizes", "spread") if kind == "counted" else ("rows", "drift")
    made = explorer("which-chart")
    seen = made.see(sound(made, {"kind": kind, **dict(zip(names, rest, strict=True))}), "en")
    assert seen.plot is not None
    assert re.fullmatch(rf"Take (an? )?{chart} chart .*\.|Take {chart} chart\.", seen.said[0].en)
    assert {one.name for one in made.controls} - seen.hidden == {"kind", *names}


@example(way=("unsure", "yes-no"))
@example(way=("counted", "unsure"))
@given(way=st.tuples(st.sampled_from(["counted", "unsure"]), st.sampled_from(["yes-no", "unsure"])))
def test_an_open_question_is_met_with_a_hint(way: tuple[str, str]) -> None:
    """Where one is not sure yet there is no chart, but what to ask oneself."""
    made = explorer("which-chart")
    seen = made.see(sound(made, {"kind": way[0], "counted": way[1]}), "zh")
    assert seen.plot is None
    assert len(seen.said) == 2
