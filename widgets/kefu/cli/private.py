"""The private folder of a house, as `kefu init` makes it."""

from __future__ import annotations

from pathlib import Path

from kefu.places import CONFIG, MARK

__all__ = ["write"]


_STANDARDS = """\
# 本单位自己的标准：写在这里的，盖过课程里同名的那一项，其余照旧。
# Your own standards: what stands here replaces the course's table of the same name; the rest stays.
#
# 去掉下面每行开头的 #，把数改成本单位的；改标准就再加一个版本，旧的留着。
# Take the # off the lines below and put in your number.
# A change is one more version; old ones stay.
#
# [phone.rings]
# title.zh = "电话几声内接起"
# title.en = "Rings before the phone is answered"
# unit.zh = "声"
# unit.en = "rings"
# [[phone.rings.version]]
# from  = 2026-01-01
# value = 2
"""

_IGNORED = """\
# 都是运行时做出来的，或学员的东西 · made at run time, or learners' own
/course/
/solutions/
/exercises/
/submitted/
/autograded/
/feedback/
/downloaded/
/refused/
/reports/
/backups/
/.kefu-restore/
/.kefu-grade.lock
/gradebook.db*
/kefu.db*
/grades.csv
/scores*.csv
/scores*.xlsx
*.sqlite
responses.jsonl
*.zip
/.jupyter-kefu/
.ipynb_checkpoints/
__pycache__/
"""

_README = """\
# 本单位的题库 · Our own item bank

这个文件夹盖在课程上面：同名的文件以这里为准，新的文件加进去，课程本身不动。
里面有计分题和考试题的答案，**请勿公开**，也不要发给学员。

| 放什么 | 放在哪 |
|---|---|
| 故事和题 | `content/scenarios/<名字>.toml`，用 `kefu new <名字>` 起头 |
| 课文 | `content/lessons/<课号>-<名字>.zh.md` 和 `.en.md` |
| 计分题组 | `content/sets/<名字>.toml`：title、intro、lessons，可写 due |
| 本单位的标准 | `content/standards.toml`，只写与课程不同的 |

在这个文件夹里运行 `kefu check`，没有问题再运行 `kefu weave`。
也可以在课程文件夹里运行，先设环境变量 `KEFU_CONTENT=<这个文件夹>/content`。

## In English

This folder is laid over the course: a file of the same name is taken from here, new files add,
and the course itself is left alone.
It holds the answers of graded and exam items: **keep it private**, and hand none of it to learners.

| what | where |
|---|---|
| stories and their items | `content/scenarios/<slug>.toml`; start one with `kefu new <slug>` |
| lessons | `content/lessons/<lesson>-<slug>.zh.md` and `.en.md` |
| graded sets | `content/sets/<slug>.toml`: title, intro, lessons, and due if you like |
| your own standards | `content/standards.toml`, only what differs from the course |

Run `kefu check` in this folder, and `kefu weave` when all is well.
Or run them in the course's folder, with the environment variable
`KEFU_CONTENT=<this folder>/content`.
"""


def write(folder: Path) -> None:
    """Make the folder and what belongs in it; `folder` is missing or empty."""
    for name in ("scenarios", "lessons", "sets"):
        (folder / "content" / name).mkdir(parents=True, exist_ok=True)
    for name, text in (
        (MARK, CONFIG),
        ("content/standards.toml", _STANDARDS),
        ("README.md", _README),
        (".gitignore", _IGNORED),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
