"""Reading and writing a plan's TOML file: every problem of a file is reported at once, each with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

import tomlkit
from pydantic import AnyUrl, ValidationError
from pydantic_core import ErrorDetails

from prep_bot.plans.document import PlanDocument
from prep_bot.plans.places import line_numbers, nearest_line, place_of

SECTIONS = ("commission", "people", "months", "activities", "sessions", "rules")
"""The order in which `dump` writes them."""

_FOLDER = Path(__file__).parent
_WHERE = re.compile(r"(.*) \(at (line \d+, column \d+|end of document)\)", re.DOTALL)
_ADVICE = {
    "missing": "is missing: add it",
    "extra_forbidden": "is not a setting of this place: correct its name or remove it",
    "model_type": "must be a table",
    "tuple_type": "must be a list",
    "string_type": "must be text between quotes",
    "bool_type": "must be true or false, without quotes",
    "bool_parsing": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "int_parsing": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number, without quotes",
    "date_from_datetime_parsing": "must be a date without quotes, such as 2022-02-15",
    "date_type": "must be a date without quotes, such as 2022-02-15",
    "time_type": "must be a time of day without quotes, such as 10:00:00",
}


@dataclass(frozen=True)
class Problem:
    """One thing to correct in a file: where, and what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class PlanError(Exception):
    """A file that is not a plan, with every problem that was found in it."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(name, problems)
        self.name = name
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([f"{self.name} is not a valid plan:", *(f"  {problem}" for problem in self.problems)])


def packaged_names() -> tuple[str, ...]:
    """Return the names of the plans that travel with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def packaged(name: str) -> Path:
    """Return the file of the packaged plan `name`. Raises LookupError for any other name."""
    if name not in packaged_names():
        raise LookupError(f"there is no packaged plan {name!r}, only {', '.join(packaged_names())}")
    return _FOLDER / f"{name}.toml"


def load(path: Path) -> PlanDocument:
    """Read the plan in the file `path`. Raises PlanError with every problem, of the file or of what it says."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PlanError(str(path), (Problem("the file", f"cannot be read: {error.strerror}"),)) from error
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(f"line {line}", "is not UTF-8: save the file as text with the encoding UTF-8")
        raise PlanError(str(path), (problem,)) from error
    return parse(text, name=str(path))


def parse(text: str, *, name: str) -> PlanDocument:
    """Read the plan in the TOML `text`, called `name` in complaints. Raises PlanError with every problem."""
    text = text.removeprefix("\ufeff")
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise PlanError(name, (_syntax_problem(str(error)),)) from error
    if not data:
        raise PlanError(name, (Problem("the file", "is empty: `prep-bot plan new` writes one to start from"),))
    try:
        return PlanDocument.model_validate(data)
    except ValidationError as error:
        lines = line_numbers(text)
        found = [(nearest_line(lines, details["loc"]), details) for details in error.errors()]
        found.sort(key=lambda pair: pair[0] or 0)
        problems = tuple(Problem(place_of(data, d["loc"], line), _advice(d)) for line, d in found)
        raise PlanError(name, problems) from error


def dump(document: PlanDocument, notes: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the text of a file that reads as `document` again.

    `notes` are comments: each is written before the section that it is keyed by ("format" is the top of the file),
    even when that section is empty.
    """
    data = document.model_dump(exclude_unset=True, exclude_none=True) | {"format": document.format}
    parts = []
    for section in ("format", *SECTIONS):
        if note := notes.get(section):
            parts.append("".join(f"# {line}".rstrip() + "\n" for line in note.splitlines()))
        if value := data.get(section):
            parts.append(tomlkit.dumps({section: _toml(value)}))
    return "\n".join(parts)


def _toml(value: object) -> object:
    """Return `value`, a model's plain data, as what tomlkit writes legibly: a line a text, a table an entry."""
    match value:
        case dict():
            return {name: _toml(inner) for name, inner in value.items()}
        case list() | tuple() if any(isinstance(entry, dict) for entry in value):
            return [_toml(entry) for entry in value]
        case list() | tuple():
            array = tomlkit.array().multiline(any(isinstance(entry, str) for entry in value))
            array.extend(_toml(entry) for entry in value)
            return array
        case Enum():
            return value.value
        case AnyUrl():
            return str(value)
        case str() if "\n" in value and "\r" not in value:  # TOML reads a line end between quotes as "\n"
            return tomlkit.string(value, multiline=True)
    return value


def _syntax_problem(message: str) -> Problem:
    match = _WHERE.fullmatch(message)
    if match is None:
        return Problem("the file", f"is not TOML: {message}")
    place = "the end of the file" if match[2] == "end of document" else match[2]
    return Problem(place, f"is not TOML: {match[1]}")


def _advice(details: ErrorDetails) -> str:
    """Say what to do, in place of the validator's own words where they are about Python."""
    if details["type"] == "value_error":
        return str(details["ctx"]["error"])
    if details["type"] == "too_long":
        return f"holds more than {details['ctx']['max_length']} entries: remove some"
    if advice := _ADVICE.get(details["type"]):
        return advice
    given = repr(details["input"])
    return details["msg"] + (
        f", not {given}" if details["type"] in {"enum", "literal_error"} and len(given) < 80 else ""
    )
