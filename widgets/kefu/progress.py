"""What one knows of a learner: folds over a journal, never stored."""

from __future__ import annotations

from collections.abc import Sequence

from kefu import kinds
from kefu.card import Card, Key, Receipt
from kefu.journal import Attempt

__all__ = ["receipt"]


def receipt(card: Card, key: Key | None, attempt: Attempt, tries: Sequence[Attempt]) -> Receipt:
    """What a learner is told of an answer that is on disk.

    Args:
        card: what was asked.
        key: None where nothing is judged yet.
        attempt: the answer.
        tries: every answer to this card up to and with this one, oldest first.
    """
    judged = [kinds.judge(card, key, a.response) for a in (attempt, tries[0])] if key else []
    return Receipt(
        item=attempt.item,
        version=attempt.version,
        response=attempt.response,
        at=attempt.at,
        verdict=judged[0] if judged else None,
        tries=len(tries),
        first=judged[1]["credit"] if judged else None,
    )
