"""The iceberg: for one complaint that is heard, how many stay unspoken, and what that costs."""

from __future__ import annotations

from kefu.explorers.explorer import Choice, Explorer, Seen, Slider, Values
from kefu.plots.complaints import iceberg as draw
from kefu.quality.costs import VOICE_RATE, hidden
from kefu.quality.sampling import wilson
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]


def _cut(number: float) -> int:
    """Two digits that count: more would be pretence."""
    step: int = 10 ** max(len(str(int(number))) - 2, 0)
    return round(number / step) * step


def _rounded(number: float) -> str:
    return f"{_cut(number):,}"


def see(values: Values, lang: Lang) -> Seen:
    """How large the part under the water may be."""
    heard, leave = int(values["heard"]), int(values["leave"]) / 100
    surveyed = values["source"] == "survey"
    asked, spoke = int(values["asked"]), min(int(values["spoke"]), int(values["asked"]))
    off = frozenset({"rate"} if surveyed else {"asked", "spoke"})
    if surveyed and not spoke:
        most = wilson(0, asked).high
        return Seen(
            None,
            (
                Text(
                    f"问到的 {asked} 位不满的客户，一位也没有投诉过：光看投诉，什么也听不到。",
                    f"Of the {asked} dissatisfied customers asked, none had complained: from "
                    "complaints alone you hear nothing.",
                ),
                Text(
                    f"开口的比例最多也就 {most:.0%}，水下有多大，这样推不出来。"
                    "先让投诉变得容易些。",
                    f"At most {most:.0%} or so speak up, and how many there are under the water "
                    "cannot be told from that. Make it easier to complain first.",
                ),
            ),
            (),
            off,
        )
    rate = spoke / asked if surveyed else int(values["rate"]) / 100
    every = hidden(heard, rate)
    silent = every - heard
    lost = silent * leave
    money = lost * int(values["worth"])
    said = [
        Text(
            f"听见 {heard} 件投诉，水下大约还有 {_rounded(silent)} 位不满的客户没作声。",
            f"For {heard} complaints heard, about {_rounded(silent)} more customers are "
            "dissatisfied and say nothing.",
        )
        if silent >= 0.5
        else Text(
            "照这样算，不满的人个个都说了，水下没有人。很少有这么好的事。",
            "By this everyone who is dissatisfied says so, and nobody is under the water. That "
            "is rare.",
        )
    ]
    if surveyed:
        low, high = wilson(spoke, asked)
        few, many = hidden(heard, high) - heard, hidden(heard, low) - heard
        said.append(
            Text(
                f"自家调查：{asked} 位不满的里有 {spoke} 位说过，占 {rate:.0%}；"
                f"人数不多，水下从 {_rounded(few)} 到 {_rounded(many)} 位都说得通。",
                f"Your own survey: {spoke} of {asked} dissatisfied had said so, {rate:.0%}; with "
                f"so few asked, anything from {_rounded(few)} to {_rounded(many)} is possible.",
            )
        )
    else:
        said.append(
            Text(
                f"全靠这一个假设：每 100 位不满的只有 {rate * 100:.0f} 位开口。"
                "“4%”出自几十年前美国的一项调查，不是你们的数；改成 10% 看看，差多少。",
                f"It all rests on one assumption: of 100 who are dissatisfied, {rate * 100:.0f} "
                "speak up. The 4% is from an American study decades ago, not yours; set it to "
                "10% and see what becomes of it.",
            )
        )
    if lost >= 0.5:
        said.append(
            Text(
                f"他们当中若有 {leave:.0%} 悄悄不来了，就是约 {_rounded(lost)} 位，"
                f"一年约 {_rounded(money)} 元，没有一张投诉单会提到。",
                f"If {leave:.0%} of them quietly stay away, that is about {_rounded(lost)} "
                f"customers and {_rounded(money)} yuan a year, which no complaint form will show.",
            )
        )
    figures = (
        (Text("听见的", "Heard"), Text(f"{heard} 件", str(heard))),
        (Text("没作声的", "Unspoken"), Text(f"约 {_rounded(silent)} 位", f"~{_rounded(silent)}")),
        (Text("悄悄走的", "Lost quietly"), Text(f"约 {_rounded(lost)} 位", f"~{_rounded(lost)}")),
        (
            Text("一年少收", "Income lost a year"),
            Text(f"约 {_rounded(money)} 元", f"~{_rounded(money)} yuan"),
        ),
    )
    return Seen(
        draw(heard, silent if silent < 100 else _cut(silent), lang=lang), tuple(said), figures, off
    )


EXPLORER = Explorer(
    slug="iceberg",
    title=Text("没说出口的不满", "The complaints nobody makes"),
    lead=Text(
        "大多数不满的客户不投诉，只是不再来。从听见的投诉往下推：水面下有多少人，要走多少，值多少钱？",
        "Most dissatisfied customers do not complain; they just stay away. Work down from the "
        "complaints you hear: how many are under the water, how many leave, and what is that "
        "worth?",
    ),
    controls=(
        Slider(
            "heard",
            Text("一个月听见的投诉", "Complaints heard in a month"),
            1,
            200,
            1,
            20,
            Text("件", ""),
        ),
        Choice(
            "source",
            Text("开口的比例从哪来？", "Where does the share that speak up come from?"),
            (
                ("guess", Text("先假设一个", "An assumption")),
                ("survey", Text("从自家调查算", "Our own survey")),
            ),
            "guess",
        ),
        Slider(
            "rate",
            Text("不满的客户里，开口的占", "Of the dissatisfied, those who speak up"),
            1,
            100,
            1,
            round(VOICE_RATE * 100),
            Text("%", "%"),
        ),
        Slider(
            "asked",
            Text("调查里问到的不满客户", "Dissatisfied customers in the survey"),
            10,
            300,
            5,
            50,
            Text("位", ""),
        ),
        Slider(
            "spoke",
            Text("他们当中，说过不满的", "Of these, had said so"),
            0,
            100,
            1,
            6,
            Text("位", ""),
        ),
        Slider(
            "leave",
            Text("没作声的里，会走的占（假设）", "Of the silent, those who leave (assumed)"),
            0,
            100,
            5,
            30,
            Text("%", "%"),
        ),
        Slider(
            "worth",
            Text("一位客户一年值多少", "What a customer is worth a year"),
            50,
            5000,
            50,
            300,
            Text("元", "yuan"),
        ),
    ),
    see=see,
    question=Text(
        "这个月的投诉从 20 件降到 10 件。怎么知道是不满的人少了，还是开口的人少了？",
        "Complaints fell from 20 to 10 this month. How can you tell whether fewer people are "
        "dissatisfied, or fewer of them speak up?",
    ),
    answer=Text(
        "光看投诉单看不出来，要另找一条不靠客户主动开口的线：随机抽一些客人回访，问满不满意、"
        "不满时跟我们说过没有，开口的比例就是这么算出来的；再看回头率、退货和差评有没有跟着变。"
        "也看看投诉是不是变难了：电话难打，入口难找，说了没有下文，人就不说了。"
        "所以“投诉数下降”不适合单独当目标，谁都可以把它压下去。"
        "这里的比例和流失率都是假设，图说明的是它们有多要紧，不是你们店的实情。",
        "Not from the complaint forms. You need something that does not wait for customers to "
        "speak: call back a random few, ask whether they were satisfied and, if not, whether they "
        "had told you, which is how the share that speak up is found; then see whether returning "
        "customers, returns and bad reviews moved as well. And look whether complaining got "
        "harder: where the line is busy, the form hard to find, and nothing comes of it, people "
        "stop. So “fewer complaints” is no goal by itself; anybody can press it down. The shares "
        "here are assumptions; the picture shows how much hangs on them, not how your shop is.",
    ),
)
