"""The widget that shows an explorer: the page asks for a view, and is given one or told why not.

What is synced with the page, the page may set; nothing here reads it back. Values come as
messages, and are made sound before they are used. The newest view is kept with its settings, so
that a page that draws the widget anew goes on from there.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kefu.errors import KefuError
from kefu.explorers.explorer import Explorer, Seen, shown, sound, start
from kefu.text import LANGS, Lang, Text

__all__ = ["Exploration", "view"]

_STATIC = Path(__file__).parent.parent / "static"
_log = logging.getLogger(__name__)
_CALM = Text(
    "这一次没能画出来，换一个设置再试试。",
    "That could not be drawn this time; please try another setting.",
)


def view(seen: Seen) -> dict[str, Any]:
    """What is seen, as the page reads it; a picture's size is in CSS pixels."""
    plot = None
    if seen.plot is not None:
        wide, high = seen.plot.figure.get_size_inches()
        plot = {
            "src": seen.plot.data(),
            "alt": shown(Text(seen.plot.alt, seen.plot.alt))[seen.plot.lang],
            "lang": seen.plot.lang,
            "width": round(float(wide) * 96),
            "height": round(float(high) * 96),
        }
    return {
        "plot": plot,
        "said": [shown(text) for text in seen.said],
        "figures": [{"name": shown(name), "value": shown(value)} for name, value in seen.figures],
        "hidden": sorted(seen.hidden),
    }


class Exploration(anywidget.AnyWidget):
    """One explorer, in either language.

    Args:
        explorer: what is shown.
        lang: the language to begin in; the page switches by itself.
    """

    _esm = _STATIC / "explorer.js"
    _css = _STATIC / "explorer.css"

    spec = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("zh").tag(sync=True)
    seen = traitlets.Dict().tag(sync=True)
    """The newest `seen` with the settings and language the page asked for; at first without them.

    A page opens with its picture and asks for nothing. Nothing was seen yet where it is empty.
    """

    def __init__(self, explorer: Explorer, *, lang: Lang = "zh") -> None:
        self._explorer = explorer
        first = self.reply({"do": "see", "n": 0, "values": start(explorer), "lang": lang})
        super().__init__(
            spec=explorer.json(), lang=lang, seen=first if first["did"] == "seen" else {}
        )
        self.on_msg(self._heard)

    def _heard(self, _: object, content: Any, buffers: object) -> None:
        if isinstance(content, dict) and type(content.get("n")) is int:
            reply = self.reply(content)
            if reply["did"] == "seen":
                # Setting it tells the page: a message as well would carry the picture twice.
                self.seen = {**reply, "values": content["values"], "lang": content["lang"]}
            else:
                self.send(reply)

    def reply(self, content: dict[str, Any]) -> dict[str, Any]:
        """The answer to one message of the page: `seen`, or `failed` and why, under its number.

        Whatever the message holds, the page gets a calm reply.
        """
        n = content["n"]
        try:
            return {"did": "seen", "n": n, "view": self._see(content)}
        except KefuError as error:
            said = error.say("en")
            why = Text(f"{error.say('zh')}。", f"{said[:1].upper()}{said[1:].rstrip('?.')}.")
        except Exception:
            _log.exception("an explorer could not draw")
            why = _CALM
        return {"did": "failed", "n": n, "why": why.json()}

    def _see(self, content: dict[str, Any]) -> dict[str, Any]:
        values, lang = content.get("values"), content.get("lang")
        if content.get("do") != "see" or not isinstance(values, dict) or lang not in LANGS:
            raise KefuError(
                Text("没看懂这个请求", "this request was not understood"),
                Text("请刷新页面", "please reload the page"),
            )
        return view(self._explorer.see(sound(self._explorer, values), lang))
