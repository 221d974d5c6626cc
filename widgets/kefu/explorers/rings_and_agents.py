"""Rings and agents: how many must be there for the phone to be answered in three rings."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.explorers._desk import people, percent
from kefu.explorers.explorer import Explorer, Seen, Slider, Values
from kefu.plots.hours import rings
from kefu.quality.staffing import Service, Staff, agents_needed, erlang_c_service
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_TIRING = 0.85
"""Beyond this share of the time on the phone people wear out."""
_HALF_HOUR = 1800
"""Seconds."""
_MOST_RINGS = 8


@dataclass(frozen=True)
class _Desk:
    """Half an hour at the phones; times in seconds."""

    calls: int
    handle: int
    agents: int
    rings: int
    level: int
    pickup: float
    cadence: float

    @property
    def load(self) -> float:
        """Agents who would be busy all the time."""
        return self.calls * self.handle / _HALF_HOUR

    def service(self, agents: int, rings: float) -> Service | None:
        """None where the rings are over before a hand can reach the phone."""
        left = rings * self.cadence - self.pickup
        if left < 0:
            return None
        return erlang_c_service(self.calls, _HALF_HOUR, self.handle, agents, left)

    def answered(self, agents: int, rings: float) -> float:
        """The share answered by then."""
        service = self.service(agents, rings)
        return service.level if service else 0.0

    def needed(self, rings: int, level: int) -> Staff | None:
        """Who must be there; None where no number of people will do."""
        left = rings * self.cadence - self.pickup
        if left < 0:
            return None
        return agents_needed(self.calls, _HALF_HOUR, self.handle, target=left, level=level / 100)


def _rings(n: int) -> Text:
    return Text(f"{n} 声", f"{n} ring{'s' if n > 1 else ''}")


def see(values: Values, lang: Lang) -> Seen:
    """Who is answered in time, and what one ring would take."""
    desk = _Desk(
        calls=int(values["calls"]),
        handle=int(values["handle"]),
        agents=int(values["agents"]),
        rings=int(values["rings"]),
        level=int(values["level"]),
        pickup=float(values["pickup"]),
        cadence=float(values["cadence"]),
    )
    need, most = desk.needed(desk.rings, desk.level), desk.needed(desk.rings, 95)
    one = desk.needed(1, desk.level)
    # The queue does not depend on how soon the caller should be answered.
    queue = erlang_c_service(desk.calls, _HALF_HOUR, desk.handle, desk.agents, 0)
    said = [_headline(desk), _wanted(desk, need)]
    if desk.rings > 1:
        said.append(_one_ring(desk, need, one))
    said.append(_busy(min(queue.occupancy, 1.0)))
    wanted, wait = _rings(desk.rings), queue.asa + desk.pickup
    none = Text("做不到", "not possible")

    def people(staff: Staff | None) -> Text:
        return Text(f"{staff.agents} 人", str(staff.agents)) if staff else none

    share = percent(desk.answered(desk.agents, desk.rings))
    figures = (
        (Text(f"{wanted.zh}内接起", f"Within {wanted.en}"), Text(share, share)),
        (
            Text("平均多久接起", "Mean time to answer"),
            Text(f"{wait:.0f} 秒", f"{wait:.0f} s")
            if desk.load < desk.agents
            else Text("没有尽头", "no end"),
        ),
        (
            Text(f"{wanted.zh}内 {desk.level}% 要", f"{desk.level}% within {wanted.en}"),
            people(need),
        ),
        (Text(f"{wanted.zh}内 95% 要", f"95% within {wanted.en}"), people(most)),
        (Text(f"1 声内 {desk.level}% 要", f"{desk.level}% within 1 ring"), people(one)),
    )
    heard = range(1, _MOST_RINGS + 1)
    teams = dict.fromkeys([desk.agents, *(one.agents for one in (need, one) if one)])
    plot = rings(
        {team: [desk.answered(team, at) for at in heard] for team in sorted(teams)},
        lang=lang,
        standard=desk.rings,
        cadence=desk.cadence,
    )
    # Two labels of one meaning, where 95% or one ring is what is wanted anyway.
    return Seen(plot, tuple(said), tuple(dict(figures).items()))


def _headline(desk: _Desk) -> Text:
    seconds, wanted = f"{desk.rings * desk.cadence:g}", _rings(desk.rings)
    if desk.load >= desk.agents:
        return Text(
            f"{desk.agents} 人接不完：来的比接的快，队只会越排越长。",
            f"{people(desk.agents)} cannot keep up: calls come faster than they are answered, "
            "and the queue only grows.",
        )
    share = percent(desk.answered(desk.agents, desk.rings))
    return Text(
        f"{desk.agents} 人当班，{wanted.zh}（{seconds} 秒）内接起的有 {share}。",
        f"With {people(desk.agents)}, {share} of calls are answered within {wanted.en} "
        f"({seconds} s).",
    )


def _wanted(desk: _Desk, need: Staff | None) -> Text:
    wanted = _rings(desk.rings)
    if need is None:
        return Text(
            f"{wanted.zh}只有 {desk.rings * desk.cadence:g} 秒，伸手接起就要 {desk.pickup:g} 秒："
            "人再多也做不到。",
            f"In {desk.rings * desk.cadence:g} s nobody can answer who takes {desk.pickup:g} s "
            "to pick up, however many there are.",
        )
    spare = desk.agents - need.agents
    zh = f"要有 {desk.level}% 在 {wanted.zh}内接起，"
    en = f"For {desk.level}% within {wanted.en}, "
    if spare < 0:
        return Text(
            f"{zh}得 {need.agents} 人，现在还差 {-spare} 人。",
            f"{en}it takes {people(need.agents)}, {-spare} more than now.",
        )
    return Text(
        f"{zh}{need.agents} 人就够，" + (f"现在多出 {spare} 人。" if spare else "现在正好。"),
        f"{en}{people(need.agents)} will do"
        + (f"; there are {spare} to spare." if spare else ", as now."),
    )


def _one_ring(desk: _Desk, need: Staff | None, one: Staff | None) -> Text:
    if need is None or one is None:
        return Text(
            f"改成 1 声内就做不到了：一声只有 {desk.cadence:g} 秒，伸手接起就要 "
            f"{desk.pickup:g} 秒。",
            f"One ring cannot be kept at all: it lasts {desk.cadence:g} s, and to pick up takes "
            f"{desk.pickup:g} s.",
        )
    more, saved = one.agents - need.agents, need.service.asa - one.service.asa
    if more > 0:
        return Text(
            f"改成 1 声内，得 {one.agents} 人，多 {more} 人；平均下来，每位客人早 "
            f"{saved:.1f} 秒接通。",
            f"Within 1 ring it takes {one.agents}, {more} more; on average each caller gets "
            f"through {saved:.1f} s sooner.",
        )
    return Text(
        f"改成 1 声内，也是 {one.agents} 人：有人空着，马上就接；没人空着，多响两声也轮不到。",
        f"Within 1 ring the same {one.agents} will do: with someone free it is answered at once, "
        "and with nobody free another two rings hardly help.",
    )


def _busy(occupancy: float) -> Text:
    share = percent(occupancy)
    if occupancy > _TIRING:
        return Text(
            f"现在每人 {share} 的时间都在电话上，整天这样，人会累垮。",
            f"Everyone is on the phone {share} of the time; a whole day of that wears people out.",
        )
    return Text(
        f"现在每人 {share} 的时间在电话上，其余在等电话：接得快，靠的就是有人空着。",
        f"Everyone is on the phone {share} of the time and waits for the rest: a quick answer is "
        "bought with someone being free.",
    )


EXPLORER = Explorer(
    slug="rings-and-agents",
    title=Text("三声接起要几个人", "How many people three rings take"),
    lead=Text(
        "“电话三声之内接起”写在墙上不花钱，做到要有人。改改来电、时长和人数，"
        "看看三声和一声各要几个人。",
        "“Answered within three rings” costs nothing to write on the wall, but people to keep. "
        "Change the calls, their length and the people, and see what three rings take, and one.",
    ),
    controls=(
        Slider(
            "calls", Text("半小时来电", "Calls in half an hour"), 5, 200, 5, 60, Text("通", "calls")
        ),
        Slider(
            "handle", Text("每通处理时长", "Time to handle one"), 30, 600, 10, 240, Text("秒", "s")
        ),
        Slider(
            "agents", Text("当班接电话的人", "People answering"), 1, 90, 1, 10, Text("人", "people")
        ),
        Slider(
            "rings", Text("要在几声之内", "To be answered within"), 1, 6, 1, 3, Text("声", "rings")
        ),
        Slider(
            "level", Text("要做到的比例", "For this share of calls"), 50, 95, 5, 80, Text("%", "%")
        ),
        Slider(
            "pickup",
            Text("空着的人伸手接起要", "To pick up, when free, takes"),
            0,
            8,
            0.5,
            3,
            Text("秒", "s"),
        ),
        Slider(
            "cadence",
            Text("一声多长（大陆：响 1 秒停 4 秒）", "One ring (mainland China: 1 s on, 4 s off)"),
            3,
            8,
            0.5,
            5,
            Text("秒", "s"),
        ),
    ),
    see=see,
    question=Text(
        "老板要把“三声之内”改成“一声之内”。贵的到底是声数，还是比例？除了加人，还有什么办法？",
        "The boss wants “within one ring” in place of “within three”. What is expensive, the rings "
        "or the share? And apart from more people, what else would help?",
    ),
    answer=Text(
        "多半是比例。有人空着时一两秒就接，没人空着时多响两声也帮不上忙，所以一声往往只比三声多要一人，"
        "客人也只早几秒接通；可从 80% 到 95% 每一步都得有更多人空等着。一声还剩不下几秒，"
        "人得守着电话不能抬头，手边的记录就写不完。常常更值的是：一次办好，少一通再打来的；"
        "班排得贴着忙时；忙不过来就如实说要等多久，留个回电。"
        "这里用的是 Erlang C：它假设来电随机、谁也不中途挂断，等待会算得偏长；"
        "真要排班，先拿自家的来电记录对一对。",
        "Mostly the share. With someone free it takes a second or two, with nobody free two more "
        "rings hardly help; so one ring often needs just one person more than three, and callers "
        "gain a few seconds. From 80% to 95%, though, each step needs more people waiting for "
        "calls. And one ring leaves so little time that nobody can look up from the phone to "
        "finish their notes. Often worth more: settle it at once, so that nobody calls again; fit "
        "the shifts to the busy half-hours; when it is too busy, say honestly how long it will "
        "take and offer to call back. This is Erlang C, which assumes that calls come at random "
        "and nobody gives up, so it makes waits rather too long; before you plan shifts by it, "
        "hold it against your own call log.",
    ),
)
