"""What looks wrong in a valid plan: nothing here stops an import, a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import Month
from prep_bot.domain.name import fold
from prep_bot.plans.acronyms import OFFICIAL, acronyms, unusual_expansions, variants, without_expansions, words
from prep_bot.plans.document import ActivityEntry, PlanDocument, SessionEntry
from prep_bot.plans.places import entry_place

_BODIES = {"comision": "Comisión", "comite": "Comité"}
_STOP_WORDS = frozenset(
    words("a al cada con de del el en entre la las lo los o para por que se sobre su sus un una y e PREP"),
)
_DRAFT, _FINAL = frozenset({"proyecto"}), frozenset(words("versión final"))
_STAGES = _DRAFT | _FINAL | frozenset(words("primer primero segundo tercer tercero cuarto quinto último"))
"""Words that set one step of a series apart from the others."""
_ORDINALS = (
    *(("primera",), ("segunda",), ("tercera",), ("cuarta",), ("quinta",), ("sexta",)),
    *(("septima",), ("octava",), ("novena",), ("decima",)),
    ("undecima", "decima primera", "decimoprimera"),
    ("duodecima", "decima segunda", "decimosegunda"),
)
_SAME_SUBJECT = 90
"""How alike, of 100, the telling words of two entries must be to speak of one thing."""


class Severity(StrEnum):
    """How likely a finding is a mistake."""

    NOTE = "note"
    """Worth a look; often meant."""
    WARNING = "warning"
    """Most likely a mistake."""


@dataclass(frozen=True)
class Finding:
    """Something suspicious in a plan, and where."""

    code: str
    severity: Severity
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity} [{self.code}] {self.place}: {self.message}"


@dataclass(frozen=True)
class MonthCount:
    """How much a month holds."""

    month: Month
    activities: int
    sessions: int


@dataclass(frozen=True)
class Summary:
    """How much a plan holds, in all and in each month from its first to its last, empty ones too."""

    activities: int
    sessions: int
    people: int
    months: tuple[MonthCount, ...]


def summary(document: PlanDocument) -> Summary:
    """Count what the plan holds, by month."""
    activities = [activity.month for activity in document.activities]
    sessions = [session.month for session in document.sessions]
    first, last = min(activities + sessions), max(activities + sessions)
    return Summary(
        activities=len(activities),
        sessions=len(sessions),
        people=len(document.people),
        months=tuple(
            MonthCount(month, activities.count(month), sessions.count(month))
            for month in (first + offset for offset in range(last - first + 1))
        ),
    )


def check(document: PlanDocument) -> tuple[Finding, ...]:
    """Return everything in the plan that a person should look at again, warnings first."""
    findings = [finding for rule in _RULES for finding in rule(document)]
    return tuple(sorted(findings, key=lambda finding: finding.severity is Severity.NOTE))


def _blanks(document: PlanDocument) -> Iterator[Finding]:
    if not document.people:
        yield Finding("blank", Severity.NOTE, "people", "nobody is named: add who makes up the commission")
    if document.commission.legal_basis is None:
        message = "is blank: add the act that created the commission"
        yield Finding("blank", Severity.NOTE, "commission.legal_basis", message)


def _months(document: PlanDocument) -> Iterator[Finding]:
    for count in summary(document).months:
        if not document.first_month <= count.month <= document.last_month:
            continue
        if not count.activities:
            yield Finding(
                "empty-month", Severity.NOTE, str(count.month), "has no activity, though earlier and later ones do"
            )
        if not count.sessions:
            yield Finding("month-without-session", Severity.NOTE, str(count.month), "has no session")
    for (_, earlier), (place, later) in pairwise(_activities(document)):
        if later.month < earlier.month:
            message = f"of {later.month} follows one of {earlier.month}: members see activities in the file's order"
            yield Finding("activity-order", Severity.WARNING, place, message)


def _sessions(document: PlanDocument) -> Iterator[Finding]:
    sessions = _meetings(document)
    for place, session in sessions:
        before = session.month < document.first_month and session.kind is not MeetingKind.INSTALLATION
        if before or session.month > document.last_month:
            message = f"{session.month} is outside the plan, {document.first_month} to {document.last_month}"
            yield Finding("session-outside-plan", Severity.WARNING, place, message)
        if session.date is not None and session.time is None and not session.held:
            message = f"has the date {session.date} and no time: it counts as one without a date until it has both"
            yield Finding("session-without-time", Severity.WARNING, place, message)
    for (_, earlier), (place, later) in pairwise(sessions):
        if later.month < earlier.month:
            message = f"of {later.month} follows one of {earlier.month}: members see sessions in the file's order"
            yield Finding("session-order", Severity.WARNING, place, message)
    for kind in MeetingKind:
        for number, (place, session) in enumerate((pair for pair in sessions if pair[1].kind is kind), start=1):
            named = _ordinal(session.name)
            if named is not None and named != number:
                message = f"«{session.name}» is number {number} of its kind"
                yield Finding("session-number", Severity.WARNING, place, message)
    for (earlier_place, earlier), (place, later) in combinations(sessions, 2):
        if earlier.time is not None and (earlier.date, earlier.time) == (later.date, later.time):
            message = f"takes place at the same time as {earlier_place}"
            yield Finding("same-instant", Severity.WARNING, place, message)


def _ordinal(name: str) -> int | None:
    """Return the number that a session's name begins with, in words; None when there is none."""
    plain = fold(name)
    numbers = [
        number
        for number, spellings in enumerate(_ORDINALS, start=1)
        for spelling in spellings
        if plain.startswith(f"{spelling} ")
    ]
    return max(numbers, default=None)


def _drafts(document: PlanDocument) -> Iterator[Finding]:
    activities = _activities(document)
    drafts = [activity for _, activity in activities if fold(activity.text).startswith("proyecto ")]
    for place, final in activities:
        if not fold(final.text).startswith("version final "):
            continue
        months = [draft.month for draft in drafts if _same_subject(draft, final)]
        if not months:
            yield Finding(
                "final-without-draft", Severity.NOTE, place, "this «versión final» has no «proyecto» in the plan"
            )
        elif min(months) > final.month:
            message = f"this «versión final» of {final.month} comes before its «proyecto» of {min(months)}"
            yield Finding("final-before-draft", Severity.WARNING, place, message)


def _repetitions(document: PlanDocument) -> Iterator[Finding]:
    for (earlier_place, earlier), (place, later) in combinations(_activities(document), 2):
        if words(earlier.text) == words(later.text):
            message = f"says the same as {earlier_place}, of {earlier.month}: «{later.text}»"
            yield Finding("repeated", Severity.WARNING, place, message)
        elif _same_stage(earlier, later) and _same_subject(earlier, later):
            message = f"«{later.text}» ({later.month}) may repeat {earlier_place}, «{earlier.text}» ({earlier.month})"
            yield Finding("repeated", Severity.NOTE, place, message)
    for place, session in _meetings(document):
        for number, topic in enumerate(session.topics):
            if words(topic) in map(words, session.topics[:number]):
                message = f"is a topic of this session already: «{topic}»"
                yield Finding("repeated", Severity.WARNING, f"{place}.topics[{number + 1}]", message)


def _subject(activity: ActivityEntry) -> str:
    return " ".join(sorted(set(words(activity.text)) - _STOP_WORDS - _STAGES))


def _same_subject(one: ActivityEntry, other: ActivityEntry) -> bool:
    return fuzz.ratio(_subject(one), _subject(other)) >= _SAME_SUBJECT


def _same_stage(one: ActivityEntry, other: ActivityEntry) -> bool:
    """Tell whether nothing in the wording makes the two successive steps, as a draft and its final version are."""
    stages = {_STAGES.intersection(words(activity.text)) for activity in (one, other)}
    return len(stages) == 1 or (frozenset() in stages and _DRAFT not in stages)


def _acronyms(document: PlanDocument) -> Iterator[Finding]:
    texts = _texts(document)
    meant = variants(text for _, text in texts)
    for place, text in texts:
        for acronym in sorted(meant.keys() & set(acronyms(text))):
            yield Finding("acronym", Severity.WARNING, place, f"«{acronym}» may be a slip for «{meant[acronym]}»")
        for acronym, phrase in unusual_expansions(text):
            message = f"{acronym} is expanded as «{phrase}»; officially it is «{OFFICIAL[acronym][0]}»"
            yield Finding("expansion", Severity.WARNING, place, message)


def _bodies(document: PlanDocument) -> Iterator[Finding]:
    own = next(iter(words(document.commission.name)), "")
    if own not in _BODIES:
        return
    for place, text in _texts(document):
        for other in sorted(_BODIES.keys() - {own}):
            if other in without_expansions(text).split():
                message = f"says «{_BODIES[other]}», but the body is a «{_BODIES[own]}»: «{text}»"
                yield Finding("body-name", Severity.NOTE, place, message)


def _activities(document: PlanDocument) -> list[tuple[str, ActivityEntry]]:
    return [(entry_place("activities", i, entry.key), entry) for i, entry in enumerate(document.activities)]


def _meetings(document: PlanDocument) -> list[tuple[str, SessionEntry]]:
    return [(entry_place("sessions", i, entry.key), entry) for i, entry in enumerate(document.sessions)]


def _texts(document: PlanDocument) -> list[tuple[str, str]]:
    """Return every wording of the plan with its place."""
    commission = document.commission
    found = [("commission.name", commission.name), ("commission.objective", commission.objective or "")]
    found += [(f"commission.objectives[{i}]", text) for i, text in enumerate(commission.objectives, start=1)]
    found += [(f"months[{i}].lead", entry.lead) for i, entry in enumerate(document.months, start=1)]
    found += [(f"{place}.text", activity.text) for place, activity in _activities(document)]
    for place, session in _meetings(document):
        found.append((f"{place}.name", session.name))
        found += [(f"{place}.topics[{i}]", topic) for i, topic in enumerate(session.topics, start=1)]
    return found


_RULES = (_acronyms, _bodies, _drafts, _repetitions, _months, _sessions, _blanks)
