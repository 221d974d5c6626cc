"""What is wrong with an installation, and what to do about it.

Each check is one small function; one that fails itself is reported, and stops none of the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from kefu.doctor import books, course, disk, machine
from kefu.doctor.finding import Check, Finding, Look, Site, State, fault
from kefu.text import Text

__all__ = ["CHECKS", "Finding", "Look", "Site", "State", "examine"]

CHECKS: dict[str, tuple[Text, Check]] = {
    "python": (Text("Python", "Python"), machine.python),
    "packages": (Text("组件", "packages"), machine.packages),
    "commands": (Text("命令", "commands"), machine.commands),
    "environment": (Text("环境变量", "environment variables"), machine.environment),
    "locale": (Text("字符编码", "character encoding"), machine.encoding),
    "user": (Text("用户", "user"), machine.user),
    "ports": (Text("端口", "ports"), machine.ports),
    "kernel": (Text("课程内核", "the course's kernel"), machine.kernel),
    "lab": (Text("JupyterLab 扩展", "JupyterLab extension"), machine.lab_extension),
    "sandbox": (Text("沙箱", "sandbox"), machine.sandbox),
    "root": (Text("课程文件夹", "the course's folder"), course.root),
    "config": (Text("nbgrader 设置", "nbgrader's settings"), course.config),
    "shadows": (Text("重名的文件", "files that shadow modules"), course.shadows),
    "folders": (Text("文件夹权限", "folders"), disk.folders),
    "room": (Text("磁盘空间", "the disk's room"), disk.room),
    "locks": (Text("文件锁", "file locks"), disk.locks),
    "content": (Text("内容", "content"), course.content),
    "woven": (Text("织出的课", "what is woven"), course.woven),
    "released": (Text("发布的题组", "released sets"), course.released),
    "vault": (Text("题库", "the vault"), books.vault),
    "gradebook": (Text("成绩册", "the gradebook"), books.gradebook),
    "sets": (Text("成绩册里的题组", "sets in the gradebook"), books.sets),
    "integrity": (Text("数据库文件", "database files"), books.integrity),
    "clock": (Text("时钟", "the clock"), disk.clock),
    "leftovers": (Text("残留", "leftovers"), disk.leftovers),
    "unmarked": (Text("评过分的文件夹", "autograded folders"), books.unmarked),
    "backup": (Text("备份", "backups"), disk.backup),
}
"""Every check by its name, in the order in which they are told."""


def examine(site: Site, only: Iterable[str] = CHECKS) -> list[Finding]:
    """Run the checks and give what they found."""
    found = []
    for name in only:
        title, check = CHECKS[name]
        try:
            looks = list(check(site))
        except Exception as error:  # one check's failure is never another's
            looks = [_failed(error)]
        found += [Finding(name, title, look.state, look.what, look.mend) for look in looks]
    return found


def _failed(error: Exception) -> Look:
    said = f"{type(error).__name__}: {error}".partition("\n")[0]
    return fault(
        f"这一项自己没查成（{said}）",
        f"this check itself failed ({said})",
        "其余各项不受影响；请把这一行告诉维护的人",
        "the others are not affected; please pass this line on to whoever maintains kefu",
    )
