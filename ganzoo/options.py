"""The options of a thing: read from YAML or JSON, checked, frozen, and written back unchanged."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from ganzoo.errors import RecipeError, suggestion
from ganzoo.expected import expected

Read = TypeVar("Read", bound="Options")  # not Self: beartype wants that inside its own classes only


class Options(BaseModel):
    """Base of everything a recipe may set. A key nobody reads is an error, never a shrug."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def read(cls: type[Read], raw: Mapping[str, Any], what: str) -> Read:
        """Builds options from plain data; ``what`` names them in messages.

        Raises:
            RecipeError: quoting every value that is missing, unknown or out of range.
        """
        if not isinstance(raw, Mapping):
            raise RecipeError(f"{what}: expected keys and values, got {raw!r}")
        try:
            return cls.model_validate(dict(raw))
        except ValidationError as error:
            raise RecipeError(f"{what}: " + "; ".join(cls._sentences(error))) from None

    @classmethod
    def _sentences(cls, error: ValidationError) -> Iterator[str]:
        for detail in error.errors():
            yield cls._sentence(detail)

    @classmethod
    def _sentence(cls, detail: ErrorDetails) -> str:
        path = [str(part) for part in detail["loc"]]
        where = ".".join(path)
        if detail["type"] == "extra_forbidden":
            known = cls._keys_at(path[:-1])
            return f"nobody reads {where!r}. {suggestion(path[-1], known)}"
        if detail["type"] == "missing":
            return f"{where!r} is missing"
        said = expected(detail)
        return f"{where} = {detail['input']!r}: {said}" if path else said

    @classmethod
    def _keys_at(cls, path: list[str]) -> list[str]:
        kind: Any = cls
        for part in path:
            field = getattr(kind, "model_fields", {}).get(part)
            kind = field.annotation if field else None
        return list(getattr(kind, "model_fields", {}))
