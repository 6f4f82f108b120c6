"""What pydantic found wrong with a value, in the words of every other message here."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

QUOTED = 200  # characters of a wrong value that a message repeats

EXPECTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "keys and values",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "int_type": "a whole number",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "list_type": "a list",
    "literal_error": "{expected}",
    "model_attributes_type": "keys and values",
    "model_type": "keys and values",
    "string_type": "text",
    "too_long": "at most {max_length} of them, not {actual_length}",
    "too_short": "at least {min_length} of them, not {actual_length}",
    "tuple_type": "a list",
}


def expected(detail: ErrorDetails) -> str:
    """What would have been right; pydantic's own words where we have none."""
    if kind := EXPECTED.get(detail["type"]):
        return f"expected {kind.format(**detail.get('ctx', {}))}"
    return detail["msg"].removeprefix("Value error, ")


def first_wrong(error: ValidationError) -> str:
    """Where a file's first wrong value stands, what would have been right, and what was there."""
    detail = error.errors()[0]
    where = ".".join(str(part) for part in detail["loc"])
    said = f"{expected(detail)}, got {detail['input']!r:.{QUOTED}}"
    return f"{where}: {said}" if where else said
