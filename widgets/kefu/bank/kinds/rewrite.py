"""`rewrite`: phrases that can be met, and a model answer that meets them in each language."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.named import alike
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.kinds.rewrite import length, says
from kefu.scenario import RewriteItem, RewriteKey
from kefu.text import LANGS, Lang, Text, fold

__all__ = ["item", "key"]


def item(doc: Document, base: KeyPath, asked: RewriteItem) -> Iterator[Fault]:
    """What was said fits into the field it is said better in."""
    for lang in LANGS:
        yield from _fits(doc, (*base, "given", lang), asked.given.text()[lang], asked.max_length)


def key(doc: Document, base: KeyPath, asked: RewriteItem, given: RewriteKey) -> Iterator[Fault]:
    """Phrases differ and can be met together; the model answer earns all of them."""
    yield from alike(doc, (*base, "rubric"), given.rubric)
    good = True
    for fault in (*_variants(doc, base, given), *_twice(doc, base, given)):
        good = False
        yield fault
    written = [given.model.zh, given.model.en]
    written += [v for *_, variants in _each(given) for v in variants]
    if not good or any(BLANK.search(text) for text in written):
        return
    yield from _crossed(doc, base, given)
    for lang in LANGS:
        at = (*base, "model", lang)
        model = given.model.text()[lang]
        yield from _fits(doc, at, model, asked.max_length)
        yield from _model(doc, at, model, lang, given)


def _fits(doc: Document, at: KeyPath, text: str, most: int) -> Iterator[Fault]:
    if length(text) > most:
        yield doc.fault(
            at,
            Text(
                f"有 {length(text)} 字，超过了 max_length = {most}",
                f"{length(text)} characters are more than max_length = {most}",
            ),
            Text("请改短，或放宽 max_length", "shorten it, or raise max_length"),
        )


def _each(given: RewriteKey) -> Iterator[tuple[str, str, Lang, list[str]]]:
    """Every list of variants: table, name of the phrase, language."""
    for table, phrases in (("required", given.required), ("forbidden", given.forbidden)):
        for name, phrase in phrases.items():
            yield table, name, "zh", phrase.zh
            yield table, name, "en", phrase.en


def _variants(doc: Document, base: KeyPath, given: RewriteKey) -> Iterator[Fault]:
    for table, name, lang, variants in _each(given):
        for index, variant in enumerate(variants):
            if not fold(variant):
                yield doc.fault(
                    (*base, table, name, lang, index),
                    Text("这个说法是空的", "this variant is blank"),
                    Text("请写上，或删掉", "write it, or delete it"),
                )


def _twice(doc: Document, base: KeyPath, given: RewriteKey) -> Iterator[Fault]:
    """Two phrases with the same variants would be one phrase that counts twice."""
    seen: dict[tuple[str, ...], str] = {}
    for table, phrases in (("required", given.required), ("forbidden", given.forbidden)):
        for name, phrase in phrases.items():
            spoken = ("\n".join(phrase.zh), "\n".join(phrase.en))
            if spoken in seen:
                yield doc.fault(
                    (*base, table, name),
                    Text(
                        f"{name} 和 {seen[spoken]} 的说法一样",
                        f"{name} has the same variants as {seen[spoken]}",
                    ),
                    Text("请改成不同的说法，或删掉一个", "give other variants, or delete one"),
                )
            seen[spoken] = name


def _crossed(doc: Document, base: KeyPath, given: RewriteKey) -> Iterator[Fault]:
    """No phrase that must be there stands inside one that must not."""
    barred = [(name, v) for table, name, _, vs in _each(given) if table == "forbidden" for v in vs]
    for table, name, lang, variants in _each(given):
        if table != "required":
            continue
        for index, variant in enumerate(variants):
            for other, bad in barred:
                if says(bad, variant):
                    yield doc.fault(
                        (*base, "required", name, lang, index),
                        Text(
                            f"要有的“{variant}”就在不该有的“{bad}”（{other}）里面",
                            f"the required “{variant}” stands inside “{bad}”, "
                            f"which is forbidden ({other})",
                        ),
                        Text("请改掉其中一个", "change one of the two"),
                    )
                    break


def _model(
    doc: Document, at: KeyPath, model: str, lang: Lang, given: RewriteKey
) -> Iterator[Fault]:
    """The model answer says every required phrase and no forbidden one, in this very language."""
    for name, phrase in given.required.items():
        if not any(says(model, v) for v in (*phrase.zh, *phrase.en)):
            sample = (phrase.zh if lang == "zh" else phrase.en)[0]
            yield doc.fault(
                at,
                Text(
                    f"参考说法里没有 {name} 要有的说法",
                    f"the model answer says no variant of {name}, which is required",
                ),
                Text(
                    f"请在参考说法里写上，例如“{sample}”，或补一个变体",
                    f"say it, as in “{sample}”, or add a variant",
                ),
            )
    for name, phrase in given.forbidden.items():
        bad = next((v for v in (*phrase.zh, *phrase.en) if says(model, v)), None)
        if bad is not None:
            yield doc.fault(
                at,
                Text(
                    f"参考说法里有不该有的“{bad}”（{name}）",
                    f"the model answer says “{bad}”, which is forbidden ({name})",
                ),
                Text(
                    "请改参考说法，或删掉这个变体",
                    "reword the model answer, or delete the variant",
                ),
            )
