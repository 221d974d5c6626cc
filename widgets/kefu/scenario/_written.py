"""What every part of the grammar is made of."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kefu.text import Text

__all__ = ["Credit", "Feeling", "Name", "Slug", "Words", "Written"]

Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]
"""What authors call an option, a step, a node: seen by authors only."""
Credit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Feeling: TypeAlias = Annotated[int, Field(ge=-10, le=10)]


class Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Words(Written):
    """The same words in both languages."""

    zh: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def text(self) -> Text:
        """As the rest of the package carries it."""
        return Text(self.zh, self.en)
