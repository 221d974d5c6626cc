"""Staffing: how many people half an hour takes, and what one more or one fewer changes."""

from __future__ import annotations

from dataclasses import replace

from kefu.explorers._desk import Desk, draw, people, percent
from kefu.explorers.explorer import Explorer, Seen, Slider, Switch, Values
from kefu.quality.staffing import Service
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]


def see(values: Values, lang: Lang) -> Seen:
    """What callers and people meet with, and how many it takes."""
    hang_up = bool(values["hang_up"])
    desk = Desk(
        calls=int(values["calls"]),
        handle=int(values["handle"]),
        target=int(values["target"]),
        level=int(values["level"]) / 100,
        cap=int(values["cap"]) / 100,
        shrinkage=int(values["shrinkage"]) / 100,
        patience=int(values["patience"]) if hang_up else None,
    )
    now = int(values["agents"])
    service, need, free = desk.service(now), desk.needed(desk.cap), desk.needed(1.0)
    said = (
        _headline(desk, now, service),
        _wanted(desk, now, need, free),
        _one_more(desk, now),
        _model(desk, now, service),
    )
    roster = desk.scheduled(need)
    figures = [
        (
            Text(f"{desk.target} 秒内接起", f"Within {desk.target} s"),
            Text(*[percent(service.level)] * 2),
        ),
        (Text("平均等待", "Mean wait"), _seconds(service)),
        (Text("占用率", "Occupancy"), Text(*[percent(service.occupancy)] * 2)),
        (Text("要几人接电话", "Needed at the phones"), Text(f"{need} 人", str(need))),
        (Text("要排几人", "To be scheduled"), Text(f"{roster} 人", str(roster))),
    ]
    if hang_up:
        gone = percent(service.abandoned)
        figures.insert(2, (Text("没等到就挂了", "Hang up waiting"), Text(gone, gone)))
    off = frozenset() if hang_up else frozenset({"patience"})
    return Seen(draw(desk, now, need, service, lang), said, tuple(figures), off)


def _seconds(service: Service) -> Text:
    """The mean wait, if it has an end."""
    if service.queue == float("inf"):
        return Text("没有尽头", "no end")
    said = f"{service.asa:.0f}" if service.asa >= 10 else f"{service.asa:.1f}"
    return Text(f"{said} 秒", f"{said} s")


def _headline(desk: Desk, now: int, service: Service) -> Text:
    if service.queue == float("inf"):
        least = int(service.load) + 1
        return Text(
            f"{now} 人接不完：光是接电话就要 {service.load:.3g} 个人不停地忙，"
            f"少于 {least} 人，队只会越排越长。",
            f"{people(now).capitalize()} cannot keep up: the calls alone would keep "
            f"{service.load:.3g} people busy without a pause; with fewer than {least} the queue "
            "only grows.",
        )
    wait = _seconds(service)
    return Text(
        f"{now} 人接电话：{percent(service.level)} 的来电在 {desk.target} 秒内接起，"
        f"平均等 {wait.zh}，每人 {percent(service.occupancy)} 的时间在忙。",
        f"With {people(now)} at the phones, {percent(service.level)} of calls are answered "
        f"within {desk.target} s; the mean wait is {wait.en}, and everyone is busy "
        f"{percent(service.occupancy)} of the time.",
    )


def _wanted(desk: Desk, now: int, need: int, free: int) -> Text:
    roster = desk.scheduled(need)
    zh = f"要 {desk.level:.0%} 在 {desk.target} 秒内"
    en = f"For {desk.level:.0%} within {desk.target} s"
    if need > free:
        zh += f"，{free} 人就够；可每人最多忙 {desk.cap:.0%}，就得 {need} 人"
        en += f" {free} would do; for nobody to be busy more than {desk.cap:.0%} it takes {need}"
    else:
        zh += f"，得 {need} 人"
        en += f" it takes {people(need)}"
    if roster > need:
        zh += f"；休息、培训、请假占去 {desk.shrinkage:.0%}，班表上要排 {roster} 人"
        en += f"; with {desk.shrinkage:.0%} lost to breaks, training and leave, {roster} on the "
        en += "roster"
    if now != need:
        gap = abs(now - need)
        zh += f"。现在{'还差' if now < need else '多出'} {gap} 人"
        en += f". That is {gap} {'more' if now < need else 'fewer'} than now"
    return Text(f"{zh}。", f"{en}.")


def _one_more(desk: Desk, now: int) -> Text:
    """What one person fewer and one more would change."""
    here, more = desk.service(now), desk.service(now + 1)
    gain = percent(more.level)
    if here.queue == float("inf"):
        if more.queue == float("inf"):
            return Text(
                "这时候多一人少一人都救不了：先补到接得完，再谈接得快。",
                "One more or one fewer makes no difference here: first enough to keep up, then "
                "enough to be quick.",
            )
        wait = _seconds(more)
        return Text(
            f"多 1 人就接得完了：{gain} 在 {desk.target} 秒内，平均等 {wait.zh}。"
            "在这道坎上，一个人就是全部的差别。",
            f"One more and they keep up: {gain} within {desk.target} s, mean wait {wait.en}. "
            "At this edge one person is all the difference.",
        )
    wait = _seconds(more)
    zh = f"多 1 人：{gain}，平均等 {wait.zh}；"
    en = f"One more: {gain}, mean wait {wait.en}; "
    if now == 1:
        return Text(zh + "少 1 人：没人接了。", en + "one fewer: there is nobody to answer.")
    fewer = desk.service(now - 1)
    if fewer.queue == float("inf"):
        return Text(zh + "少 1 人：接不完，队没有尽头。", en + "one fewer: they cannot keep up.")
    less, longer = percent(fewer.level), _seconds(fewer)
    tail = Text("。", ".")
    if more.level - here.level < 0.5 * (here.level - fewer.level):
        tail = Text(
            "。人越多，再添一个换来的越少。", ". Each further person buys less than the last."
        )
    return Text(
        f"{zh}少 1 人：{less}，平均等 {longer.zh}{tail.zh}",
        f"{en}one fewer: {less}, mean wait {longer.en}{tail.en}",
    )


def _model(desk: Desk, now: int, service: Service) -> Text:
    if desk.patience is None:
        return Text(
            "这是 Erlang C：当作谁也不挂断，所以等待算得偏长；也当作这半小时里来电不快不慢，"
            "午间一拥而上时又会算得偏短。",
            "This is Erlang C: nobody hangs up, so it makes waits too long; and calls keep one "
            "pace for the half-hour, so in a rush at lunch it makes them too short.",
        )
    gone = 100 * service.abandoned
    if gone < 0.05:
        return Text(
            "这么多人接，几乎没有人会等到挂断，和 Erlang C 算出来差不多。",
            "With so many at the phones hardly anybody waits long enough to hang up; Erlang C "
            "would say much the same.",
        )
    said = f"{gone:.0f}" if gone >= 10 else f"{gone:.1f}"
    zh, en = f"等得短，是因为每 100 通里有 {said} 通没等到就挂了：", "Waits are shorter because "
    en += f"{said} of 100 calls hang up before they are answered: "
    stay = replace(desk, patience=None).service(now)
    wait = _seconds(stay)
    if stay.queue == float("inf"):
        return Text(
            f"{zh}要是都不挂，队就没有尽头。挂了的人，有些还会再打来，这里没有算。",
            f"{en}if all held on, the queue would have no end. Some of them will call again, "
            "which is not counted here.",
        )
    return Text(
        f"{zh}要是都不挂，平均要等 {wait.zh}。挂了的人，有些还会再打来，这里没有算。",
        f"{en}if all held on, the mean wait would be {wait.en}. Some of them will call again, "
        "which is not counted here.",
    )


def _slider(name: str, zh: str, en: str, bounds: tuple[int, int, int, int], unit: Text) -> Slider:
    low, high, step, start = bounds
    return Slider(name, Text(zh, en), low, high, step, start, unit)


_CALLS, _PEOPLE = Text("通", "calls"), Text("人", "people")
_SECONDS, _PERCENT = Text("秒", "s"), Text("%", "%")

EXPLORER = Explorer(
    slug="staffing",
    title=Text("半小时要排几个人", "How many people half an hour takes"),
    lead=Text(
        "来电多少、一通多久、多少秒内要接起，就能算出要几个人。先把人数加一减一看看，"
        "再打开“等不及会挂断”。",
        "From the calls, the time each takes and how soon they are to be answered follows how "
        "many people it takes. Try one more and one fewer, then let callers hang up.",
    ),
    controls=(
        _slider("calls", "半小时来电", "Calls in half an hour", (5, 300, 5, 100), _CALLS),
        _slider("handle", "每通处理时长", "Time to handle one", (30, 600, 10, 180), _SECONDS),
        _slider("target", "要在多少秒内接起", "To be answered within", (5, 120, 5, 20), _SECONDS),
        _slider("level", "要做到的比例", "For this share of calls", (50, 95, 1, 80), _PERCENT),
        _slider(
            "cap",
            "每人最多忙到（占用率上限）",
            "Nobody busier than (occupancy cap)",
            (60, 100, 1, 85),
            _PERCENT,
        ),
        _slider(
            "shrinkage",
            "休息、培训、请假等占去",
            "Lost to breaks, training, leave",
            (0, 50, 1, 30),
            _PERCENT,
        ),
        _slider("agents", "现在接电话的人", "People at the phones now", (1, 120, 1, 12), _PEOPLE),
        Switch("hang_up", Text("等不及会挂断（Erlang A）", "Callers hang up (Erlang A)"), False),
        _slider(
            "patience", "平均愿意等", "They would wait, on average", (30, 600, 10, 120), _SECONDS
        ),
    ),
    see=see,
    question=Text(
        "两家店都是“80% 在 20 秒内”，一家每半小时 20 通，一家 200 通，每通都是 3 分钟。"
        "大店要小店的十倍人吗？同样的承诺，大店少用的人是拿什么换来的？",
        "Two centres both promise 80% within 20 seconds; one has 20 calls in half an hour, the "
        "other 200, all of 3 minutes. Does the large one need ten times the people? And what "
        "does it pay for needing fewer?",
    ),
    answer=Text(
        "不用。不设占用率上限，小店要 4 人，大店 24 人，不是 40 人：大店里总有人刚好空出来，"
        "所以同样的接起率用人更省。代价是忙：小店每人忙一半时间，大店忙 83%，"
        "已经顶到多数人受得住的边。"
        "店越大，越要先看占用率，再看服务水平；把人数压到刚够 80%，省下的会从离职和出错里还回去。"
        "还有三件事公式不知道：来电一拥而上的午间；挂断的人会再打来；新手慢，同一通要更久。"
        "所以先拿自家的来电记录对一对，再把它当起点，不当答案。80% 和 20 秒也只是习惯，不是定律。",
        "No. Without a cap the small one takes 4 and the large one 24, not 40: where many work, "
        "somebody has always just become free, so the same level takes fewer for each call. The "
        "price is busyness: in the small centre people are busy half the time, in the large one "
        "83%, about as much as most can bear. The larger the centre, the sooner you look at "
        "occupancy, and only then at the level; what is saved by staffing for exactly 80% comes "
        "back as resignations and mistakes. And the formula does not know three things: the rush "
        "at lunch, that those who hang up call again, and that beginners take longer. So hold it "
        "against your own call log first, and take it as a start, not as the answer. 80% and 20 "
        "seconds are a habit as well, no law.",
    ),
)
