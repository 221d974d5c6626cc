"""Learners' numbers that are no numbers: formulas, markup, patterns, lines."""

from __future__ import annotations

from tests.hostile.attack import Fair, Stage, attack


@attack("学号是电子表格公式", student='=HYPERLINK("x","y")')
def number_is_a_formula(stage: Stage) -> Fair:
    """Is called by a formula, which a spreadsheet would run when scores are opened.

    It is graded like anybody, and no table of scores has a formula in it.
    """
    return stage.all


@attack("学号里藏着第二个公式", student="@SUM(1+1)+cmd|' C'!A0")
def number_is_another_formula(stage: Stage) -> Fair:
    """Is called by a formula of the old kind.

    It is graded like anybody, and no table of scores has a formula in it.
    """
    return stage.all


@attack("学号是网页代码", student="<img src=x onerror=alert(1)>")
def number_is_markup(stage: Stage) -> Fair:
    """Is called by an element that runs a script.

    It is graded like anybody, and its page has no such element.
    """
    return stage.all


@attack("学号带逗号和引号，想让表格错位", student='b","36","')
def number_has_commas(stage: Stage) -> Fair:
    """Is called so that a table of scores has more columns in its row.

    Every row has as many columns as the heading.
    """
    return stage.all


@attack("学号是匹配所有人的通配符", student="[a-z]*", twin=False)
def number_is_a_pattern(stage: Stage) -> Fair:
    """Is called by a pattern that fits its neighbours.

    It is passed over, and nobody is taken for anybody else. (Nbgrader itself would grade and give
    back the neighbours' notebooks under this name; no way of collecting takes one.)
    """
    return Fair(booked=False)


@attack("学号是一条 SQL", student="x'); DROP TABLE grade; --")
def number_is_sql(stage: Stage) -> Fair:
    """Is called by the end of one statement and another one.

    The gradebook is whole.
    """
    return stage.all


@attack("学号能往输出里写一行", student="n\n  a-first: forged line", twin=False)
def number_has_a_line(stage: Stage) -> Fair:
    """Is called so that its remark looks as if it were a neighbour's.

    It is passed over. (Nbgrader itself would stop the whole run at it; no way of collecting takes
    one.)
    """
    return Fair(booked=False)


@attack("学号长得放不下", student="n" * 200)
def number_is_long(stage: Stage) -> Fair:
    """Has a number longer than any table of ours takes.

    It is graded, or refused by itself; nobody else is kept back.
    """
    return stage.all
