"""The grammar of the other files of `content/`: course, coverage, standards, sets, glossary."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

from kefu.bank import model
from kefu.scenario import Words

__all__ = ["CourseFile", "CoverageFile", "GlossaryFile", "SetFile", "StandardsFile"]

_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_LessonId = Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,2})?$")]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
_Number = Annotated[int, Field(ge=0, le=1000)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class _Planned(_Written):
    id: _LessonId
    title: Words
    minutes: Annotated[int, Field(ge=1, le=1000)]


class _Chapter(Words):
    number: _Number
    lesson: Annotated[list[_Planned], Field(min_length=1)]


class _Track(_Written):
    slug: _Slug
    title: Words
    lessons: list[_LessonId]


class CourseFile(_Written):
    """`course.toml`."""

    title: Words
    as_of: dt.date
    chapter: Annotated[list[_Chapter], Field(min_length=1)]
    track: list[_Track] = []

    def course(self) -> model.Course:
        """As the bank holds it."""
        return model.Course(
            self.title.text(),
            self.as_of,
            tuple(
                model.Chapter(
                    c.number,
                    c.text(),
                    tuple(model.Planned(p.id, p.title.text(), p.minutes) for p in c.lesson),
                )
                for c in self.chapter
            ),
            tuple(model.Track(t.slug, t.title.text(), tuple(t.lessons)) for t in self.track),
        )


class _Row(Words):
    lesson: _LessonId
    kind: Annotated[str, StringConstraints(min_length=1)]


class CoverageFile(RootModel[dict[_Slug, _Row]]):
    """`coverage.toml`: one table for each thing the course teaches."""

    def rows(self) -> dict[str, model.Row]:
        """As the bank holds them."""
        return {k: model.Row(k, r.lesson, r.kind, r.text()) for k, r in self.root.items()}


class _Term(Words):
    meaning: Words | None = None


class GlossaryFile(RootModel[dict[_Slug, _Term]]):
    """`glossary.toml`: one table for each term."""

    def terms(self) -> dict[str, model.Term]:
        """As the bank holds them."""
        return {
            k: model.Term(k, t.text(), t.meaning.text() if t.meaning else None)
            for k, t in self.root.items()
        }


class _Version(_Written):
    start: Annotated[dt.date, Field(alias="from")]
    value: int | float


class _Standard(_Written):
    title: Words
    unit: Words | None = None
    version: Annotated[list[_Version], Field(min_length=1)]


class StandardsFile(RootModel[dict[_Key, dict[_Key, _Standard]]]):
    """`standards.toml`: the house's numbers, each with its dated versions."""

    def table(self) -> dict[tuple[str, str], model.Standard]:
        """As the bank holds them."""
        return {
            (topic, name): model.Standard(
                s.title.text(),
                s.unit.text() if s.unit else None,
                tuple(sorted((v.start, v.value) for v in s.version)),
            )
            for topic, names in self.root.items()
            for name, s in names.items()
        }


class SetFile(_Written):
    """`sets/<slug>.toml`."""

    title: Words
    intro: Words
    lessons: Annotated[list[_LessonId], Field(min_length=1)]
    due: dt.date | None = None

    def set(self, slug: str) -> model.Set:
        """As the bank holds it."""
        return model.Set(slug, self.title.text(), self.intro.text(), tuple(self.lessons), self.due)
