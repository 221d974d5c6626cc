"""What was measured as a result, tables, and the words for the READMEs; nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Any

from benchmarks.columns import aligned
from benchmarks.floor.contestants import HEATED, KEFU, VOILA
from benchmarks.floor.rounds import PROFILES, Visit
from benchmarks.spread import Spread, ratio, spread

__all__ = [
    "NAME",
    "VISITS",
    "WIDEST",
    "aims",
    "fastest",
    "result",
    "strangers",
    "table",
    "unsteady",
]

NAME = "bench-floor"
"""The make target, and the marks in the READMEs."""
US = KEFU.name
STOCK = (VOILA.name, HEATED.name)
"""Both are compared by name; the fastest peer is looked for among the others."""
VISITS = ("first", "again")
WIDEST = 2.0
"""How many times the lower quartile of a pair's ratios the upper one may be."""
_PROFILE = {"desktop": "电脑 · desktop", "phone": "手机 · phone"}
_VISIT = {"first": "初次 · first", "again": "再来 · again"}

Visits = Mapping[str, Mapping[str, Mapping[str, Sequence[Visit]]]]
"""Profile → contestant → `first` or `again` → the visits of each round."""


def result(
    visits: Visits,
    memory: Mapping[str, Mapping[str, float]],
    crowds: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything as JSON.

    `pages` holds by profile and visit: by contestant `clickable`, `feedback` (ms; of those visits
    that clicked) with median, least, most and all; `kB`, `requests` of the whole visit and until
    it could be clicked, medians; `lost` clicks. `ratios` holds peer ÷ kefu of the same round.

    Args:
        visits: as they were made.
        memory: contestant → `one`, `many` (MiB with so many pages open), `a_visitor`.
        crowds: `gather.summary` of each.
        about: date, machine, versions.

    Raises:
        ValueError: somebody has fewer rounds than kefu, or a time cannot be.
    """
    pages: dict[str, Any] = {}
    ratios: dict[str, Any] = {}
    for profile, by_name in visits.items():
        for when in VISITS:
            key = f"{profile}, {when}"
            pages[key] = {who: _visits(mine[when]) for who, mine in by_name.items()}
            ours = [one.clickable for one in by_name[US][when]]
            ratios[key] = {
                who: _quartered(
                    ratio([one.clickable for one in mine[when]], ours),
                    [a.clickable / b for a, b in zip(mine[when], ours, strict=True)],
                )
                for who, mine in by_name.items()
                if who != US
            }
    rounds = len(visits[PROFILES[0]][US]["first"])
    data = {
        **about,
        "rounds": rounds,
        "pages": pages,
        "ratios": ratios,
        "memory": memory,
        "crowds": list(crowds),
        "asked_another_host": {
            who: sorted({host for when in VISITS for one in mine[when] for host in one.strangers})
            for who, mine in visits[PROFILES[0]].items()
        },
    }
    return {**data, "aims": aims(data)}


def fastest(data: Mapping[str, Any], key: str) -> str:
    """The peer beside the two stock Voilas with the least median until it can be clicked."""
    here = data["pages"][key]
    peers = [who for who in here if who not in (US, *STOCK)]
    return str(min(peers, key=lambda who: here[who]["clickable"]["median"]))


def aims(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What was aimed at: `{"aim", "found", "met"}` by what it is about."""
    found: dict[str, tuple[float, float, bool]] = {}
    for key, ratios in data["ratios"].items():
        peer = fastest(data, key)
        found[f"{key}: {peer} ÷ kefu"] = (3.0, ratios[peer]["median"], True)
        found[f"{key}: {VOILA.name} ÷ kefu"] = (8.0, ratios[VOILA.name]["median"], True)
    ours = {key: here[US] for key, here in data["pages"].items()}
    found["kB"] = (100, max(one["kB"] for one in ours.values()), False)
    found["requests"] = (6, max(one["requests"] for one in ours.values()), False)
    again = ours["phone, again"]["clickable"]["median"]
    found["phone, again: ms"] = (500, again, False)
    for crowd in data["crowds"]:
        many = crowd["visitors"]
        found[f"{many} at once: answer p95, ms"] = (250, crowd["answer"]["p95"], False)
        found[f"{many} at once: errors"] = (0, sum(crowd["errors"].values()), False)
        found[f"{many} at once: lost or twice"] = (0, crowd["lost"] + crowd["twice"], False)
        found[f"{many} at once: MiB a visitor"] = (25, crowd["memory"]["a_visitor"], False)
    return {
        what: {"aim": aim, "found": value, "met": value >= aim if more else value <= aim}
        for what, (aim, value, more) in found.items()
    }


def table(data: Mapping[str, Any]) -> str:
    """The result for a terminal: pages, crowds, aims."""
    names = list(next(iter(data["pages"].values())))
    rows = [["", *names]]
    for key, here in data["pages"].items():
        profile, when = key.split(", ")
        said = f"{_PROFILE[profile]}, {_VISIT[when]}"
        rows.append([f"{said}: 可点 · clickable, ms",
                     *(_spread(here[who]["clickable"]).say() for who in names)])  # fmt: skip
        rows.append([f"{said}: ÷ kefu", "1",
                     *(_spread(data["ratios"][key][who]).say(1) for who in names[1:])])  # fmt: skip
        feedback = [here[who]["feedback"] for who in names]
        rows.append([f"{said}: 点击到反馈 · click to feedback, ms",
                     *(_spread(one).say() if one else "–" for one in feedback)])  # fmt: skip
        rows.append([f"{said}: kB", *(f"{here[who]['kB']:,.0f}" for who in names)])
        rows.append(
            [f"{said}: 请求 · requests", *(f"{here[who]['requests']:.0f}" for who in names)]
        )
        rows.append(
            [f"{said}: 落空的点击 · lost clicks", *(str(here[who]["lost"]) for who in names)]
        )
    rows.append(["内存，每多一位 · memory a visitor, MiB",
                 *(f"{data['memory'][who]['a_visitor']:.1f}" for who in names)])  # fmt: skip
    parts = [aligned(rows)]
    if data["crowds"]:
        parts.append(aligned(_crowds(data["crowds"])))
    reached = [["", "aim", "found", ""]]
    for what, one in data["aims"].items():
        reached.append(
            [what, f"{one['aim']:g}", f"{one['found']:,.2f}", "✓" if one["met"] else "✗"]
        )
    return "\n\n".join([*parts, aligned(reached)])


def strangers(data: Mapping[str, Any]) -> list[str]:
    """A line for whoever tried to reach another host, which the run lets nobody do."""
    return [
        f"{who}：想访问 {'、'.join(hosts)}，没有放行。"
        f" · tried to reach {', '.join(hosts)}; not let out."
        for who, hosts in data["asked_another_host"].items()
        if hosts
    ]


def unsteady(data: Mapping[str, Any]) -> list[str]:
    """The pairs whose rounds disagree so much with one another that no figure can be told."""
    return [
        f"{key}, {who}"
        for key, ratios in data["ratios"].items()
        for who, one in ratios.items()
        if one["upper"] > WIDEST * one["lower"]
    ]


def _visits(made: Sequence[Visit]) -> dict[str, Any]:
    clicked = [one.feedback for one in made if one.feedback]
    return {
        "clickable": _all([one.clickable for one in made]),
        "feedback": _all(clicked) if clicked else None,
        "lost": sum(one.lost for one in made),
        "kB": round(median(one.bytes for one in made) / 1000, 1),
        "requests": median(one.requests for one in made),
        "kB_clickable": round(median(one.bytes_clickable for one in made) / 1000, 1),
        "requests_clickable": median(one.requests_clickable for one in made),
        "frames_kB": round(median(one.frames for one in made) / 1000, 1),
    }


def _all(values: Sequence[float]) -> dict[str, Any]:
    told = {name: round(value, 1) for name, value in spread(values)._asdict().items()}
    return {**told, "all": [round(value, 1) for value in values]}


def _quartered(whole: Spread, each: Sequence[float]) -> dict[str, float]:
    quarters = quantiles(each, n=4, method="inclusive") if len(each) > 1 else [each[0]] * 3
    told = {**whole._asdict(), "lower": quarters[0], "upper": quarters[2]}
    return {name: round(value, 2) for name, value in told.items()}


def _crowds(crowds: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    rows = [["同时在场 · at once", *(str(one["visitors"]) for one in crowds)]]
    labels = {
        "page": "题目到了 · questions there, ms",
        "ready": "内核就绪 · kernel ready, ms",
        "answer": "答案已存 · answer saved, ms",
    }
    for name, label in labels.items():
        for share in ("p50", "p95", "p99"):
            rows.append([f"{label}: {share}", *(f"{one[name][share]:,.0f}" for one in crowds)])
    rows.append(["出错 · errors", *(str(sum(one["errors"].values())) for one in crowds)])
    rows.append(
        ["请稍后再来 · asked to wait", *(str(sum(one["waits"].values())) for one in crowds)]
    )
    rows.append(
        ["存下 / 答完 · on disk / saved", *(f"{c['rows']}/{c['acknowledged']}" for c in crowds)]
    )
    rows.append(
        ["每位内存 · MiB a visitor", *(f"{one['memory']['a_visitor']:.1f}" for one in crowds)]
    )
    rows.append(
        ["人群自己占的核 · cores the crowd took", *(f"{one['crowd_cores']:.2f}" for one in crowds)]
    )
    return rows


def _spread(data: Mapping[str, Any]) -> Spread:
    return Spread(data["median"], data["least"], data["most"])
