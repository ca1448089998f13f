"""What a commission's plan holds: the model of its TOML file, which `prep_bot.plans.file` reads and writes.

Identity is the key of a person, an activity or a session, never its wording or its position. The order of
activities and of sessions is the number under which members see them.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    Strict,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from prep_bot.domain.meeting import MeetingKind, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.name import same_key
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.plans.fields import Day, Key, Line, Link, PlanMonth, ShortLine, Text, TimeOfDay
from prep_bot.plans.places import Location

LATEST_DEADLINE_MONTHS = 12
"""How long after its month an activity may still end: anything later is a slip of the pen."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LegalBasis(_Section):
    """The act that created the commission."""

    document: Line
    date: Day
    text: Text


class Convening(_Section):
    """What the plan says about who convenes each kind of session, to the letter."""

    ordinary: Text | None = None
    extraordinary: Text | None = None


class CommissionSection(_Section):
    """Whose plan it is."""

    key: Key
    name: Line
    short_name: ShortLine
    """What tells it from a person's other commissions in a message."""
    institution: Line
    process: Line
    city: Line | None = None
    """Where the institution sits: the place in its documents' date line."""
    technical_unit: Line | None = None
    objective: Text | None = None
    objectives: tuple[Text, ...] = Field(default=(), max_length=50)
    legal_basis: LegalBasis | None = None
    convening: Convening = Convening()


class PersonEntry(_Section):
    """Someone whom the plan names, and their part since a date."""

    key: Key
    name: Line
    title: Line | None = None
    role: Role
    position: Line | None = None
    since: Day


class MonthEntry(_Section):
    """The sentence that introduces the activities of a month."""

    month: PlanMonth
    lead: Text


class ActivityEntry(_Section):
    """Something to be done by the end of its month, or by its deadline when the plan gives one."""

    key: Key
    month: PlanMonth
    text: Text
    deadline: Day | None = None

    @field_validator("deadline")
    @classmethod
    def _soon_after_its_month(cls, deadline: Day | None, info: ValidationInfo) -> Day | None:
        month: Month | None = info.data.get("month")
        if deadline is not None and month is not None:
            if deadline < month.first:
                raise ValueError(f"{deadline} comes before the activity's month, {month}: correct one of the two")
            if Month.of(deadline) - month > LATEST_DEADLINE_MONTHS:
                raise ValueError(f"{deadline} comes more than a year after {month}: correct one of the two")
        return deadline


class SessionEntry(_Section):
    """A session planned for a month; its date may still be open."""

    key: Key
    kind: MeetingKind
    name: Line
    month: PlanMonth
    date: Day | None = None
    time: TimeOfDay | None = None
    place: Line | None = None
    link: Link | None = None
    modality: Modality | None = None
    held: Annotated[bool, Strict()] = False
    note: Text | None = None
    topics: tuple[Text, ...] = Field(default=(), max_length=50)

    @field_validator("kind")
    @classmethod
    def _planned(cls, kind: MeetingKind) -> MeetingKind:
        if kind is MeetingKind.URGENT:
            raise ValueError("no plan can foresee an urgent session: the secretary adds it when it is needed")
        return kind

    @field_validator("date")
    @classmethod
    def _within_its_month(cls, day: Day | None, info: ValidationInfo) -> Day | None:
        month: Month | None = info.data.get("month")
        if day is not None and month is not None and Month.of(day) != month:
            raise ValueError(f"{day} is not in the session's month, {month}: correct one of the two")
        return day

    @field_validator("time", "held")
    @classmethod
    def _only_with_a_date(cls, value: TimeOfDay | bool | None, info: ValidationInfo) -> TimeOfDay | bool | None:
        if value and "date" in info.data and info.data["date"] is None:
            raise ValueError("needs the session's date: add it, or remove this")
        return value


class PlanDocument(_Section):
    """A whole plan. One that exists is consistent: its keys are unique and its months agree.

    Validation reports every problem at once, whichever part it is in.
    """

    format: Literal[1]
    commission: CommissionSection
    people: tuple[PersonEntry, ...] = Field(default=(), max_length=100)
    months: tuple[MonthEntry, ...] = Field(default=(), max_length=60)
    activities: tuple[ActivityEntry, ...] = Field(max_length=200)
    sessions: tuple[SessionEntry, ...] = Field(default=(), max_length=60)
    rules: Rules

    @property
    def first_month(self) -> Month:
        """The month of the earliest activity."""
        return min(activity.month for activity in self.activities)

    @property
    def last_month(self) -> Month:
        """The month of the latest activity."""
        return max(activity.month for activity in self.activities)

    @model_validator(mode="wrap")
    @classmethod
    def _consistent(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        # An ordinary "after" validator would stay silent as long as any entry has a problem of its own.
        problems = [
            InitErrorDetails(
                type=PydanticCustomError("conflict", "{message}", {"message": message}), loc=location, input=None
            )
            for location, message in _conflicts(data)
        ]
        document = None
        try:
            document = handler(data)
        except ValidationError as error:
            problems += [
                InitErrorDetails(
                    type=details["type"], loc=details["loc"], input=details["input"], ctx=details.get("ctx", {})
                )
                for details in error.errors()
            ]
        if problems or document is None:
            raise ValidationError.from_exception_data(cls.__name__, problems)
        return document


def _conflicts(data: object) -> Iterator[tuple[Location, str]]:
    """Find the entries, valid or not, that contradict each other, and a plan with nothing to do."""
    if _get(data, "activities") is not None and not _entries(data, "activities"):
        yield ("activities",), "needs at least one activity"
    for section, field in (("people", "key"), ("activities", "key"), ("sessions", "key"), ("months", "month")):
        yield from _repeated(section, field, [_get(entry, field) for entry in _entries(data, section)])
    names = [_get(person, "name") for person in _entries(data, "people")]
    yield from _repeated("people", "name", [same_key(name) if isinstance(name, str) else None for name in names])
    busy = {str(_get(activity, "month")) for activity in _entries(data, "activities")}
    for index, entry in enumerate(_entries(data, "months")):
        month = _get(entry, "month")
        if month is not None and str(month) not in busy:
            yield (
                ("months", index, "month"),
                f"no activity is planned for {month}: remove this entry or correct its month",
            )


def _repeated(section: str, field: str, values: list[object]) -> Iterator[tuple[Location, str]]:
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        if value is not None and first.setdefault(str(value), index) != index:
            earlier = first[str(value)] + 1
            yield (section, index, field), f"is the same as that of {section}[{earlier}]: each needs its own"


def _entries(data: object, section: str) -> list[object]:
    entries = _get(data, section)
    return list(entries) if isinstance(entries, list | tuple) else []


def _get(entry: object, field: str) -> object:
    return entry.get(field) if isinstance(entry, Mapping) else getattr(entry, field, None)
