"""What was released with its reasons never counts again.

Its answer is known to whoever has read the feedback: the item itself, and one that reads almost
the same, are refused in another set and in an exam.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from kefu.bank import Bank
from kefu.bank.near import THRESHOLD, alike, grams_of
from kefu.bank.reader import shown
from kefu.card import Card
from kefu.errors import Fault
from kefu.grading.reasons import Reasons
from kefu.journal import now
from kefu.places import Places
from kefu.scenario.program import PROGRAM
from kefu.text import LANGS, Text
from kefu.vault import Vault, connect, reading

__all__ = ["burn_more", "burned_faults"]


def burned_faults(bank: Bank, places: Places) -> list[Fault]:
    """Every item of a bank that would count again in this house, in the order of files.

    Where the house has no database yet, none is made.

    Raises:
        KefuError: the database cannot be used.
    """
    burned = _burned(places)
    found = [*_programs(bank, burned, places), *_items(bank, burned)] if burned else []
    return sorted(found, key=lambda fault: (fault.file, fault.line))


def burn_more(bank: Bank, engine: sa.Engine) -> None:
    """Burn what has come since to a set whose reasons are released: feedback shows all of it.

    Raises:
        KefuError: the database takes nothing.
    """
    reasons = Reasons(engine)
    for slug in reasons.sets():
        asked = [entry.ref for entry in bank.asked_in(slug)]
        reasons.release(slug, [*asked, *bank.programs_in(slug)], now())


_Burned = dict[str, tuple[str, list[Card]]]
"""Item → the set it was burned in, and every version of its card."""


def _burned(places: Places) -> _Burned:
    own = places.root / "kefu.db"
    if places.database() == f"sqlite:///{own}" and not own.is_file():
        return {}
    engine = connect(places.database())
    try:
        with reading(engine) as db:
            if not sa.inspect(db).has_table("burned"):
                return {}
        items = Reasons(engine).burned()
        history = Vault(engine).history(items)
    finally:
        engine.dispose()
    return {
        item: (of, [card for card, _ in history.get(item, {}).values()])
        for item, of in sorted(items.items())
    }


def _programs(bank: Bank, burned: _Burned, places: Places) -> Iterator[Fault]:
    for ref, program in bank.programs.items():
        if ref in burned and program.set != burned[ref][0]:
            name = f"programs/{ref.removesuffix(PROGRAM)}.toml"
            files = [folder / name for folder in places.contents if (folder / name).is_file()]
            yield _fault(shown(files[-1]) if files else name, 1, ref, ref, burned[ref][0])


def _items(bank: Bank, burned: _Burned) -> Iterator[Fault]:
    known = [
        (item, of, [grams_of(card, lang) for lang in LANGS])
        for item, (of, cards) in burned.items()
        for card in cards
    ]
    for entry in bank.entries:
        if entry.item.use == "practice" or not entry.is_whole:
            continue
        own = entry.item.set if entry.item.use == "graded" else None
        file = shown(entry.file)
        if entry.ref in burned:
            if burned[entry.ref][0] != own:
                yield _fault(file, entry.line, entry.ref, entry.ref, burned[entry.ref][0])
            continue
        card = bank.publish(entry).card
        ours = [grams_of(card, lang) for lang in LANGS]
        for item, of, theirs in known:
            if of != own and max(map(alike, ours, theirs)) >= THRESHOLD:
                yield _fault(file, entry.line, entry.ref, item, of)
                break


def _fault(file: str, line: int, ref: str, item: str, of: str) -> Fault:
    if ref == item:
        what = Text(
            f"{ref} 的理由已经随作业 {of} 公布，答案大家都知道了，不能再拿来计分",
            f"the reasons of {ref} were released with the set {of}: "
            "its answer is known, so it can no longer count",
        )
    else:
        what = Text(
            f"{ref} 和已经随作业 {of} 公布理由的 {item} 几乎一样，不能再拿来计分",
            f"{ref} is almost {item}, whose reasons were released with the set {of}, "
            "so it cannot count",
        )
    return Fault(
        file,
        line,
        what,
        Text(
            '请另写一题，或改成练习：use = "practice"，并把 [sealed.…] 改成 [open.…]',
            'write another item, or make it practice: use = "practice", and [open.…] '
            "in place of [sealed.…]",
        ),
    )
