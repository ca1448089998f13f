"""On which line of a TOML text each setting stands: tomllib says what a file holds, not where."""

import re
from collections.abc import Mapping

Location = tuple[str | int, ...]
"""The way to a setting, such as ("activities", 11, "month")."""

_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*",
    re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_SETTING = re.compile(r"\s*([\w.\- ]+?)\s*=")


def line_numbers(text: str) -> dict[Location, int]:
    """Return the line, from 1, of every table and setting of a text that is known to be valid TOML.

    What stands within a list or an inline table, or under a quoted name, has no line of its own.
    """
    found: dict[Location, int] = {}
    tables: dict[Location, int] = {}
    within: Location = ()
    depth = 0
    for number, line in enumerate(_without_strings(text).split("\n"), start=1):
        if depth == 0 and (header := _HEADER.match(line)):
            path = tuple(name.strip() for name in header[2].split("."))
            if header[1] == "[[":
                tables[path] = tables.get(path, -1) + 1
            within = _counted(path, tables)
            found.setdefault(within, number)
            continue
        if depth == 0 and (setting := _SETTING.match(line)):
            names = tuple(name.strip() for name in setting[1].split("."))
            for end in range(1, len(names) + 1):
                found.setdefault(within + names[:end], number)
        depth += sum(line.count(opening) for opening in "[{") - sum(line.count(closing) for closing in "]}")
    return found


def nearest_line(found: Mapping[Location, int], location: Location) -> int | None:
    """Return the line of `location`, or of the closest table around it that has one."""
    for end in range(len(location), 0, -1):
        if (number := found.get(location[:end])) is not None:
            return number
    return None


def _without_strings(text: str) -> str:
    """Blank every string and comment, which may hold anything, but keep their line ends."""
    return _OPAQUE.sub(lambda match: '""' + "\n" * match[0].count("\n"), text)


def _counted(path: tuple[str, ...], tables: Mapping[Location, int]) -> Location:
    """Add to each name of a header that is a list of tables the number of its last table."""
    location: Location = ()
    for end, name in enumerate(path, start=1):
        location += (name,)
        if (index := tables.get(path[:end])) is not None:
            location += (index,)
    return location


def entry_place(section: str, index: int, key: object) -> str:
    """Name an entry of a list as people count, from 1: `activities[12] (key "simulacros")`."""
    return f'{section}[{index + 1}] (key "{key}")'


def place_of(data: object, location: Location, line: int | None) -> str:
    """Name the setting at `location` of the file's `data` for whoever must find it there."""
    place = ""
    for step in location:
        data = _inner(data, step)
        if isinstance(step, str):
            place += f".{step}" if place else step
        elif isinstance(data, dict) and isinstance(data.get("key"), str):
            place = entry_place(place, step, data["key"])
        else:
            place += f"[{step + 1}]"
    return (place or "the file") + (f", line {line}" if line is not None else "")


def _inner(data: object, step: str | int) -> object:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
