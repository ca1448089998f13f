"""The same plan for another electoral process: months shifted, people and dates blank, wording kept."""

import re

from prep_bot.domain.month import Month
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import dump

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_KEY_LENGTH = 60

_TOP = """\
Work plan for "{process}", made by `prep-bot plan new` from the plan "{origin}".

Months are shifted and wordings are kept: read them all against the new process, then run `prep-bot plan check` on
this file. Keys are the identity of people, activities and sessions: correct a wording or a month freely, never a key
once the file has been imported. The order of activities and of sessions is the number under which members see them."""

_BEFORE_PEOPLE = """\
To fill in: the act that created the commission, then who makes it up, one [[people]] for each.
Roles: {roles}.

[commission.legal_basis]
document = "ACUERDO-000/{year}"
date = {day}
text = "Con fecha …, mediante acuerdo …, el Consejo General aprobó …"

[[people]]
key = "nombre-apellido"
title = "Mtra."
name = "Nombre Apellido Apellido"
role = "presidency"
position = "Consejera Presidenta de la Comisión"
since = {day}"""

_BEFORE_SESSIONS = """\
A session may do without a date until it is set; then add to it, for instance, `date = {day}`, `time = 10:00:00`,
`place = "Sala de sesiones"`, `link = "https://example.org/sala"` and `modality = "in_person"` (or remote, or mixed)."""

_BEFORE_RULES = """\
To review: the institution's days off, the privacy notice and its address, and the notice terms. Those shown are this
program's own: cite the article that sets yours. A term is in `hours` that elapse, or in `days` by the calendar. During
an electoral process all of them count; outside it weekends, Mexico's holidays and the days of `extra` do not, unless
the term says `working = false`. An urgent session has a reason instead of a term.

[rules.notice_terms.ordinary]
hours = 72
article = ""

[rules.notice_terms.extraordinary]
hours = 24
article = ""

[rules.notice_terms.urgent]
hours = 0

[rules.notice_terms.second_call]
hours = 24
article = ""

[rules.holidays]
electoral_process = true
extra = [{day}]"""


def renew(document: PlanDocument, start: Month, *, key: str | None = None) -> PlanDocument:
    """Return the plan whose first activity month is `start`, for a commission of its own called `key`.

    Without `key`, the years in the old key move on with the plan; when that changes nothing, `start` is added to it.
    Raises ValueError when a month would leave the calendar, or when `key` is not a key or not a new one.
    """
    if key == document.commission.key:
        raise ValueError(f"{key!r} is the key of the plan to start from: another process is another commission")
    shift = start - document.first_month
    years = round(shift / 12)
    commission = document.commission.model_dump(exclude_unset=True, exclude={"legal_basis"})
    for field in ("name", "short_name", "process"):
        commission[field] = _move_years(commission[field], years)
    commission["key"] = key or _new_key(document.commission.key, years, start)
    return PlanDocument.model_validate(
        {
            "format": document.format,
            "commission": commission,
            "months": [{"month": entry.month + shift, "lead": entry.lead} for entry in document.months],
            "activities": [
                {"key": entry.key, "month": entry.month + shift, "text": entry.text} for entry in document.activities
            ],
            "sessions": [
                {
                    "key": entry.key,
                    "kind": entry.kind,
                    "name": entry.name,
                    "month": entry.month + shift,
                    "topics": entry.topics,
                }
                for entry in document.sessions
            ],
            "rules": document.rules.model_dump(exclude_unset=True, exclude={"holidays": {"extra"}}),
        }
    )


def renewed_text(document: PlanDocument, start: Month, *, key: str | None = None) -> str:
    """Return the file of the renewed plan, with comments about what is to be filled in. Raises as `renew` does."""
    renewed = renew(document, start, key=key)
    day = renewed.first_month.first
    notes = {
        "format": _TOP.format(process=renewed.commission.process, origin=document.commission.key),
        "people": _BEFORE_PEOPLE.format(roles=", ".join(Role), year=day.year, day=day),
        "sessions": _BEFORE_SESSIONS.format(day=day),
        "rules": _BEFORE_RULES.format(day=day),
    }
    return dump(renewed, notes)


def _move_years(text: str, years: int) -> str:
    return _YEAR.sub(lambda year: str(int(year[0]) + years), text)


def _new_key(key: str, years: int, start: Month) -> str:
    moved = _move_years(key, years)
    if moved != key:
        return moved
    suffix = f"-{start}"
    return key[: _KEY_LENGTH - len(suffix)] + suffix
