"""What doors describe their tables with: the base of models, common values, `wrong`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from grader.programme import NAME
from grader.toml.phrases import described

FORMAT = 1
NAME_RULE = "Use a-z, 0-9, - and _ only; begin with a letter; at most 32 characters."


class Table(BaseModel):
    """Describe a table: unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def wrong(what: str, do: str) -> PydanticCustomError:
    """Make the error a validator raises; *what* follows the key: "is empty"."""
    return PydanticCustomError("complaint", "{what}", {"what": what, "do": do})


def _known_format(value: int) -> int:
    if value != FORMAT:
        do = f"Write `format = {FORMAT}`, or install the grader this file was written for."
        raise wrong(f"is {described(value)}, and this grader reads format {FORMAT}", do)
    return value


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise wrong(f'is "{value}", which is not a name', NAME_RULE)
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise wrong("is empty", "Write something between the quotes.")
    return value.strip()


Format = Annotated[int, AfterValidator(_known_format)]
Name = Annotated[str, AfterValidator(_name)]
Text = Annotated[str, AfterValidator(_text)]
