"""What the instructor is told of a journal: everything in it that cannot count, and no more."""

from __future__ import annotations

import pytest

from kefu.grading.mark import Marked, mark
from kefu.grading.paper import Paper
from kefu.grading.submission import Submission
from kefu.text import Text
from tests.grading.course import line
from tests.grading.pages import course

RINGS, OTHER = "umbrella--rings", "parcel--minutes"
THREE = {"number": "3"}
TORN = Text(
    "作答记录的最后一行没有写完（断电时会这样），别的照算",
    "the last line of the answers was never finished, as when the power goes; the others count",
)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """A released set."""
    made = course(tmp_path_factory.mktemp("told"))
    return Paper.read(made.places, made.vault(), "first")


def _marked(paper: Paper, journal: bytes) -> Marked:
    return mark(paper, Submission("s01", "first", journal, None))


def _unreadable(n: int) -> Text:
    return Text(
        f"作答记录里有 {n} 行读不出来，没有算",
        f"lines of the answers that could not be read: {n}, not counted",
    )


def _strange(n: int) -> Text:
    return Text(
        f"作答记录里有 {n} 行不是这份作业的题，或写着没有发布过的版本，没有算",
        "answers to no question of this set, or to a version that was never released: "
        f"{n}, not counted",
    )


def test_nothing_is_told_of_an_honest_journal(paper: Paper) -> None:
    """Answers given twice, sent twice, followed by blank lines or by no newline are all right."""
    one, two = line(paper.cards[RINGS], {"number": "4"}), line(paper.cards[RINGS], THREE)
    for journal in (one + two, one + one + two, b"\r\n" + one + b"\n \n" + two, one + two[:-1]):
        marked = _marked(paper, journal)
        assert marked.remarks == ()
        assert marked.scores[RINGS].auto == 4


def test_a_line_that_broke_off_is_told_mildly(paper: Paper) -> None:
    """Wherever the power cut the last line, that line alone is lost, and the remark says why."""
    whole = line(paper.cards[RINGS], THREE)
    last = line(paper.cards[RINGS], {"number": "4"})
    for cut in range(1, len(last) - 1):
        marked = _marked(paper, whole + last[:cut])
        assert marked.remarks == (TORN,)
        assert marked.scores[RINGS].auto == 4


@pytest.mark.parametrize(
    "dirt",
    [b"\x00\n", b"\xff\xfe\n", b"{}\n", b"null\n", b"[" * 50_000 + b"\n", b'{"at":\n', b"x",
     b'{"' + b"x" * 70_000],
    ids=["zeros", "bytes", "nothing in it", "null", "deep", "torn before the end", "no newline",
         "torn and too long"],
)  # fmt: skip
def test_lines_that_cannot_be_read_are_counted(paper: Paper, dirt: bytes) -> None:
    """Whatever is no attempt is counted, and costs nothing but itself."""
    whole = line(paper.cards[RINGS], THREE)
    marked = _marked(paper, whole + b"{]\n" + dirt)
    assert marked.remarks == (_unreadable(2),)
    assert marked.scores[RINGS].auto == 4


def test_answers_to_something_else_are_counted(paper: Paper) -> None:
    """Another set's journal, or versions that never were, are told as what they are."""
    card = paper.cards[RINGS]
    stray = (line({**card, "item": OTHER}, THREE), line(card, THREE, version="0" * 16),
             line(card, THREE, version="x" * 5000))  # fmt: skip
    marked = _marked(paper, b"".join(stray) + line(card, THREE))
    assert marked.remarks == (_strange(3),)
    assert marked.scores[RINGS].auto == 4
    assert _marked(paper, b"".join(stray) + b"\xff\n" + b'{"at').remarks == (
        TORN, _unreadable(1), _strange(3)
    )  # fmt: skip
