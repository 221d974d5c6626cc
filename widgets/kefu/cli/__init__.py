"""The command `kefu`: thin, one module for each of its users."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from kefu.late import spare

if TYPE_CHECKING:
    from kefu.errors import KefuError

__all__ = ["main"]

spare()  # here, since a worker of `kefu grade` imports this module too, and no function of it

_NEEDS_HOUSE = (
    "kefu: 这个命令要用到课程方的组件，请安装 kefu[house]。"
    "\nkefu: this command needs the house's parts; please install kefu[house]."
)


def main() -> None:
    """Run the command; what a person can mend is said in a sentence, with exit code 1."""
    try:
        import typer
    except ModuleNotFoundError:
        sys.exit(_NEEDS_HOUSE)

    from kefu.cli import author, course, floor, grading, graph, reasons, register, report, upkeep
    from kefu.errors import KefuError
    from kefu.text import preferred

    app = typer.Typer(
        name="kefu",
        help="客服课程与练习 · a course and workbook in customer service",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for users in (author, graph, course, grading, reasons, register, report, upkeep, floor):
        users.add(app)
    try:
        app()
    except KefuError as error:
        sys.exit(f"kefu: {error.say(preferred())}")
    except OSError as error:
        if error.filename is None:
            raise
        sys.exit(f"kefu: {_closed(error).say(preferred())}")


def _closed(error: OSError) -> KefuError:
    """A file or a folder that the system keeps shut, in a sentence."""
    from kefu.errors import KefuError
    from kefu.text import Text

    return KefuError(
        Text(
            f"{error.filename} 读不了或写不了（{error.strerror}）",
            f"{error.filename} cannot be read or written ({error.strerror})",
        ),
        Text(
            "请检查权限和磁盘空间，或换到自己的文件夹里运行",
            "check permissions and the disk's room, or run this in a folder of your own",
        ),
    )
