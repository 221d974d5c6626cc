"""What `kefu check` says of guessing: in plain lines, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from kefu.bank.chance import LEEWAY, WORDS, Guess, cues
from kefu.text import Text

__all__ = ["chances", "told"]


def chances(found: Sequence[Guess]) -> dict[str, Any]:
    """What guessing earns, 0 to 1: over the bank, in each set (by points), on each item, by cue."""
    return {
        "bank": round(fmean(guess.chance for guess in found), 3) if found else None,
        "sets": {slug: round(worth, 3) for slug, worth in _sets(found).items()},
        "items": {guess.entry.ref: round(guess.chance, 3) for guess in found},
        "cues": {
            cue.name: {
                "earned": round(cue.earned, 3),
                "chance": round(cue.chance, 3),
                "items": len(cue.guesses),
            }
            for cue in cues(found)
        },
    }


def _sets(found: Sequence[Guess]) -> dict[str, float]:
    """Set → what guessing earns in it, items weighed by their points."""
    asked: dict[str, list[Guess]] = {}
    for guess in found:
        if guess.entry.item.set:
            asked.setdefault(guess.entry.item.set, []).append(guess)
    return {
        slug: sum(g.chance * g.entry.item.points for g in mine)
        / sum(g.entry.item.points for g in mine)
        for slug, mine in sorted(asked.items())
    }


def told(found: Sequence[Guess], *, items: bool) -> Text:
    """What guessing earns, in a few plain lines."""
    mean = fmean(guess.chance for guess in found)
    sets = [f"{slug} {worth:.0%}" for slug, worth in _sets(found).items()]
    lines = [
        Text(
            f"乱答平均能得 {mean:.0%}" + (f"；题组：{'，'.join(sets)}" if sets else ""),
            f"guessing earns {mean:.0%} on average"
            + (f"; in the sets: {', '.join(sets)}" if sets else ""),
        )
    ]
    followed = cues(found)
    if followed:
        most = f"{100 * LEEWAY:.0f}"
        lines.append(
            Text(
                f"不看内容、凭表面挑，能得几成（比乱答多出 {most} 个百分点就算毛病）：",
                f"what cues earn (a fault from {most} points above guessing):",
            )
        )
    for cue in followed:
        what, earned, chance = WORDS[cue.name][0], f"{cue.earned:4.0%}", f"{cue.chance:.0%}"
        lines.append(
            Text(
                f"{earned}  {what.zh}（乱答 {chance}）", f"{earned}  {what.en} (guessing {chance})"
            )
        )
    if items:
        lines.append(Text("每道题乱答能得几成：", "what guessing earns, item by item:"))
        lines += [Text(row, row) for row in (f"{g.chance:4.0%}  {g.entry.ref}" for g in found)]
    return Text("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))
