"""What one knows of a learner."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.journal import Attempt
from kefu.progress import receipt
from tests.pieces import choice, id_of

ITEM = choice({"own": 1.0, "wait": 0.7, "send": 0.0})
CREDIT = {"own": 1.0, "wait": 0.7, "send": 0.0}


def tried(*names: str) -> list[Attempt]:
    """One attempt an option, in this order."""
    card = ITEM.card
    return [
        Attempt(
            f"{n:032x}", card["item"], card["version"], {"option": id_of(ITEM, name)}, f"at {n}"
        )
        for n, name in enumerate(names)
    ]


@given(st.lists(st.sampled_from(sorted(CREDIT)), min_size=1, max_size=6))
def test_the_last_answer_counts_and_the_first_is_kept(names: list[str]) -> None:
    """Whatever is tried, the verdict is the last answer's; the first one's credit stands by it."""
    tries = tried(*names)
    told = receipt(ITEM.card, ITEM.key, tries[-1], tries)
    assert told["verdict"] == kinds.judge(ITEM.card, ITEM.key, tries[-1].response)
    assert (told["tries"], told["first"]) == (len(names), CREDIT[names[0]])
    assert (told["at"], told["response"]) == (tries[-1].at, tries[-1].response)


def test_a_sealed_answer_tells_no_credit() -> None:
    """Without a key there is neither a verdict nor a first credit: only that it was tried."""
    tries = tried("send", "own")
    told = receipt(ITEM.card, None, tries[-1], tries)
    assert (told["verdict"], told["first"], told["tries"]) == (None, None, 2)
