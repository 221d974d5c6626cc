"""Words in two languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text import Text, fold, preferred


def test_a_text_goes_to_json_and_back() -> None:
    """What is written on the wire is read as the same text."""
    text = Text("好", "good")
    assert text == Text.of(text.json())
    assert (text["zh"], text["en"]) == ("好", "good")
    assert Text("好好", "goodgood") == text.map(lambda words: words * 2)
    with pytest.raises(KeyError):
        Text.of({"zh": "好"})


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
    ],
)
def test_the_locale_decides_where_nobody_asks(
    env: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a locale of another language than Chinese turns it to English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert lang == preferred()


def test_who_asks_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """An asked language wins over the locale; one that is not spoken is refused."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert (preferred("zh"), preferred("en")) == ("zh", "en")
    with pytest.raises(ValueError, match="the language is zh or en"):
        preferred("fr")


def test_full_width_typing_folds_to_plain() -> None:
    """Digits, signs and spaces of a Chinese keyboard mean what they say."""
    assert fold("　－１２．５ ％　") == "-12.5 %"


@given(st.text())
def test_folding_twice_changes_nothing(typed: str) -> None:
    """A folded text is folded already."""
    assert fold(typed) == fold(fold(typed))
