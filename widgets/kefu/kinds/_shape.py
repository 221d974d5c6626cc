"""Checks on a response's shape that several kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kefu.card import Choice, Part, Response, public_id
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import Words

__all__ = ["Malformed", "ids_of", "only", "parts", "public", "publish", "words_of"]


class Malformed(ValueError):  # noqa: N818 - the field calls it so
    """Nobody could have given this response to this card; `why` says so to the learner."""

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why.en)

    @classmethod
    def shape(cls) -> Malformed:
        """The response has another shape than the card asks for."""
        return cls(
            Text(
                "记录里的答案格式不对，按 0 分计。",
                "The recorded answer has the wrong form, so no credit.",
            )
        )

    @classmethod
    def stranger(cls) -> Malformed:
        """The response names something that the card does not show."""
        return cls(
            Text(
                "记录里的答案不在这道题的选项里，按 0 分计。",
                "The recorded answer is not among what this question shows, so no credit.",
            )
        )


def only(response: Response, name: str) -> Any:
    """The one field a response has.

    Raises:
        Malformed: it has others, or lacks this one.
    """
    if set(response) != {name}:
        raise Malformed.shape()
    return response[name]


def ids_of(response: Response, name: str, known: Iterable[str]) -> tuple[str, ...]:
    """A list of distinct known ids.

    Raises:
        Malformed: it is no such list.
    """
    given = only(response, name)
    if not isinstance(given, list) or not all(isinstance(i, str) for i in given):
        raise Malformed.shape()
    if len(set(given)) != len(given):
        raise Malformed.shape()
    if not set(given) <= set(known):
        raise Malformed.stranger()
    return tuple(given)


def public(ref: str, named: Mapping[str, Words]) -> dict[str, str]:
    """Author's name → published id."""
    return {name: public_id(ref, words.text().json()) for name, words in named.items()}


def publish(ref: str, named: Mapping[str, Words]) -> list[Choice]:
    """Options or steps under their published ids, in the order of those ids."""
    ids = public(ref, named)
    shown = [Choice(id=ids[n], text=w.text().json()) for n, w in named.items()]
    return sorted(shown, key=lambda choice: choice["id"])


def parts(credit: Mapping[str, float], why: Mapping[str, Any]) -> list[Part]:
    """One part for each option, in published order."""
    return [Part(id=i, credit=credit[i], why=why[i]) for i in sorted(credit)]


def words_of(shown: Iterable[Choice], ids: Iterable[str], lang: Lang) -> list[str]:
    """What published ids say; an unknown id says nothing."""
    text = {choice["id"]: choice["text"][lang] for choice in shown}
    return [text[i] for i in ids if i in text]
