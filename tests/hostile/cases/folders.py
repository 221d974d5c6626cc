"""What lies in a hand-in's folder and is no plain file of ours."""

from __future__ import annotations

import os
import shutil
import socket
import stat

from tests.hostile.attack import Fair, Stage, attack

JOURNAL = "responses.jsonl"


@attack("把作答记录做成指向题库的链接")
def journal_links_to_the_vault(stage: Stage) -> Fair:
    """Hands in a link to the house's database of keys as the journal.

    The link is not followed: nothing is answered, and the instructor is told.
    """
    stage.instead(JOURNAL).symlink_to(stage.course.root / "kefu.db")
    return Fair(told=True)


@attack("把作答记录做成指向邻座的链接")
def journal_links_to_a_neighbour(stage: Stage) -> Fair:
    """Hands in a link to a neighbour's journal.

    Nothing is answered, and nothing of the neighbour's shows.
    """
    stage.instead(JOURNAL).symlink_to(f"../../a-first/{stage.set}/{JOURNAL}")
    return Fair(told=True)


@attack("把作答记录做成别处文件的硬链接")
def journal_is_a_hard_link(stage: Stage) -> Fair:
    """Hands in a second name of a file that belongs to the house.

    A file with two names is not read.
    """
    secret = stage.outside / f"{stage.student}.jsonl"
    secret.write_bytes(stage.lines(stage.best))
    os.link(secret, stage.instead(JOURNAL))
    return Fair(told=True)


@attack("链接指向自己")
def journal_links_to_itself(stage: Stage) -> Fair:
    """Hands in a journal that is a link to itself.

    The run does not go round in circles.
    """
    stage.instead(JOURNAL).symlink_to(JOURNAL)
    return Fair(told=True)


@attack("作答记录是一条管道，读它的人会一直等")
def journal_is_a_pipe(stage: Stage) -> Fair:
    """Hands in a named pipe, on which whoever reads waits for ever.

    Nobody waits: it is set aside.
    """
    os.mkfifo(stage.instead(JOURNAL))
    return Fair(told=True)


@attack("作答记录是永远读不完的设备")
def journal_is_a_device(stage: Stage) -> Fair:
    """Hands in the device that gives zeros without end, or a link to it where nobody may make one.

    It is not opened.
    """
    path = stage.instead(JOURNAL)
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        path.symlink_to("/dev/zero")
    return Fair(told=True)


@attack("作答记录是一个套接字")
def journal_is_a_socket(stage: Stage) -> Fair:
    """Hands in a socket as the journal.

    It is set aside.
    """
    stage.instead(JOURNAL)
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(stage.folder)  # a socket's path may not be long
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(JOURNAL)
    finally:
        os.fchdir(here)
        os.close(here)
    return Fair(told=True)


@attack("作答记录是一个文件夹")
def journal_is_a_folder(stage: Stage) -> Fair:
    """Hands in a folder of the journal's name, with a journal in it.

    What lies deeper is not looked for.
    """
    path = stage.instead(JOURNAL)
    path.mkdir()
    (path / JOURNAL).write_bytes(stage.lines(stage.best))
    return Fair(told=True)


@attack("作答记录大得读不完")
def journal_is_huge(stage: Stage) -> Fair:
    """Hands in a journal of four gigabytes that takes no room on the disk.

    It is not read into the memory.
    """
    with (stage.folder / JOURNAL).open("r+b") as file:
        file.truncate(2**32)
    return Fair(told=True)


@attack("作业文件夹是指向邻座的链接")
def folder_links_to_a_neighbour(stage: Stage) -> Fair:
    """Hands in the neighbour's whole folder under another number.

    The neighbour keeps her hand-in, and this learner has none.
    """
    shutil.rmtree(stage.folder)
    stage.folder.symlink_to(f"../a-first/{stage.set}")
    return Fair(told=True)


@attack("学员文件夹是指向邻座的链接")
def student_links_to_a_neighbour(stage: Stage) -> Fair:
    """Is, as a learner, nothing but a link to a neighbour.

    The neighbour keeps her hand-in, and this learner has none.
    """
    shutil.rmtree(stage.folder.parent)
    stage.folder.parent.symlink_to("a-first")
    return Fair(told=True)


@attack("作业文件夹是指向课程根目录的链接")
def folder_links_to_the_course(stage: Stage) -> Fair:
    """Hands in the house's own course, so that setting things aside would empty it.

    Only the link is set aside.
    """
    shutil.rmtree(stage.folder)
    stage.folder.symlink_to(stage.course.root)
    return Fair(told=True, nbgrader=False)


@attack("作业文件夹其实是一个文件")
def folder_is_a_file(stage: Stage) -> Fair:
    """Hands in a file where a folder should be.

    It is set aside, and nothing is answered.
    """
    shutil.rmtree(stage.folder)
    stage.folder.write_bytes(stage.lines(stage.best))
    return Fair(told=True, nbgrader=False)


@attack("笔记本是指向标准答案那一份的链接")
def notebook_links_to_the_source(stage: Stage) -> Fair:
    """Hands in a link to the instructor's source as the notebook.

    The released notebook takes its place, and the journal counts.
    """
    name = f"{stage.set}.ipynb"
    stage.instead(name).symlink_to(stage.course.root / "solutions" / stage.set / name)
    return Fair(stage.best, told=True)


@attack("笔记本是一条管道")
def notebook_is_a_pipe(stage: Stage) -> Fair:
    """Hands in a named pipe as the notebook.

    The released notebook takes its place, and the journal counts.
    """
    os.mkfifo(stage.instead(f"{stage.set}.ipynb"))
    return Fair(stage.best, told=True)


@attack("不交笔记本，只交作答记录")
def notebook_is_missing(stage: Stage) -> Fair:
    """Hands in the journal alone.

    The journal counts; `nbgrader autograde` says that it sees no notebook.
    """
    stage.instead(f"{stage.set}.ipynb")
    return Fair(stage.best, told=True, nbgrader=False)


@attack("笔记本换个名字")
def notebook_has_another_name(stage: Stage) -> Fair:
    """Hands in the notebook under another name.

    It is set aside, the released one takes its place, and the journal counts.
    """
    (stage.folder / f"{stage.set}.ipynb").rename(stage.folder / "homework.ipynb")
    return Fair(stage.best, told=True)


@attack("夹带和课程方、nbgrader 同名的文件")
def files_named_like_the_houses(stage: Stage) -> Fair:
    """Hands in settings, modules and a gradebook of its own, to be taken for the house's.

    None of them is imported, read or passed on; the journal counts.
    """
    ran = f"open({str(stage.traces / stage.student)!r}, 'w').close()\n"
    for name in ("kefu.py", "nbgrader_config.py", "sitecustomize.py", "usercustomize.py",
                 "conftest.py", "jupyter_config.py", "ipython_config.py", "json.py"):  # fmt: skip
        stage.write(name, ran)
    for name in ("gradebook.db", "kefu.db", "autograded.ipynb", f"{stage.set}_files"):
        stage.write(name, b"SQLite format 3\0")
    (stage.folder / "kefu").mkdir()
    stage.write("kefu/__init__.py", ran)
    (stage.folder / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    stage.write(".ipython/profile_default/startup/00.py", ran)
    return Fair(stage.best, told=True)


@attack("自带一份改过的题卡")
def cards_of_its_own(stage: Stage) -> Fair:
    """Hands in cards in which every item is worth a thousand and has the answer it gave.

    Nobody reads them: the house has its own.
    """
    mine = [{**card, "points": 1000, "options": [], "kind": "choice"} for card in
            stage.cards.values()]  # fmt: skip
    stage.write("cards.json", f'{{"set": "{stage.set}", "cards": {mine!r}}}')
    stage.journal(b"")
    return Fair(told=True)


@attack("题卡是指向成绩册的链接")
def cards_link_to_the_gradebook(stage: Stage) -> Fair:
    """Hands in a link to the gradebook as its cards, so that it comes back with the feedback.

    The link is set aside.
    """
    stage.instead("cards.json").symlink_to(stage.course.root / "gradebook.db")
    return Fair(stage.best, told=True)


@attack("交卷时间是一堆乱码")
def time_is_garbage(stage: Stage) -> Fair:
    """Hands in a time that nobody can read.

    It counts as without a time.
    """
    stage.write("timestamp.txt", b"\xff\xfe\x00" * 30)
    return Fair(stage.best, told=True)


@attack("交卷时间早得算不出来")
def time_before_time(stage: Stage) -> Fair:
    """Hands in a time that lies before the first one there is, seen from Greenwich.

    It counts as without a time, and does not end the run.
    """
    stage.write("timestamp.txt", "0001-01-01 00:00:00 +1400")
    return Fair(stage.best, told=True)


@attack("交卷时间在很远的将来")
def time_in_the_future(stage: Stage) -> Fair:
    """Hands in the last time there is.

    It does not end the run.
    """
    stage.write("timestamp.txt", "9999-12-31 23:59:59 -1400")
    return Fair(stage.best, told=True)


@attack("交卷时间写成几百位的数")
def time_of_many_digits(stage: Stage) -> Fair:
    """Hands in a number of two hundred digits as the time.

    It counts as without a time.
    """
    stage.write("timestamp.txt", "9" * 200)
    return Fair(stage.best, told=True)


@attack("用文件名在教师的屏幕上伪造一行")
def a_name_that_speaks(stage: Stage) -> Fair:
    """Names a file so that showing its name clears the screen and writes a line of its own.

    The name is told in one line, without what a terminal would obey.
    """
    stage.write("\x1b[2Jx\r\n  a-first: forged line\u2028\u202e.txt", b"")
    return Fair(stage.best, told=True)


@attack("文件名不是 UTF-8")
def a_name_that_is_no_text(stage: Stage) -> Fair:
    """Names a file with bytes that are no text.

    It is set aside like any other.
    """
    with open(os.fsencode(stage.folder) + b"/\xff\xfe\x80.txt", "wb"):
        pass
    return Fair(stage.best, told=True)


@attack("交来几千个文件，把别的提醒淹没")
def a_flood_of_files(stage: Stage) -> Fair:
    """Hands in three thousand files, so that nobody reads what else is told.

    All are set aside, and a few lines say so.
    """
    for n in range(3000):
        stage.write(f"{n:04}.txt", b"")
    return Fair(stage.best, told=True)


@attack("文件夹一层套一层")
def folders_without_end(stage: Stage) -> Fair:
    """Hands in folders inside folders, three hundred of them.

    They are set aside at one go.
    """
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(stage.folder)
        for _ in range(300):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.fchdir(here)
        os.close(here)
    return Fair(stage.best, told=True)
