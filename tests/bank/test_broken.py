"""The check of a deliberately broken bank, told whole in both languages."""

from pathlib import Path

import pytest

from kefu.bank import read
from kefu.text import LANGS, Lang

HERE = Path(__file__).parent


@pytest.mark.parametrize("lang", LANGS)
def test_a_broken_bank_is_told_whole(lang: Lang, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fault, in order of file and line, reads as `expected-*.txt` says."""
    monkeypatch.chdir(HERE)
    _, faults = read([Path("broken")])
    expected = (HERE / f"expected-{lang}.txt").read_text(encoding="utf-8").splitlines()
    assert expected == [fault.say(lang) for fault in faults]


def test_what_is_good_in_a_broken_bank_is_read() -> None:
    """Faults elsewhere do not hide a good scenario."""
    bank, _ = read([HERE / "broken"])
    assert {"umbrella", "umbrella-again", "rule-that-lapsed"} <= set(bank.stories)
    assert bank.entries
