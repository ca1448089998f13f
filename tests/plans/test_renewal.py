"""The plan of another process, made from the packaged one."""

import re
from collections import Counter
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_bot.domain.meeting import Modality
from prep_bot.domain.month import Month
from prep_bot.domain.rules import NoticeTerms
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged, parse
from prep_bot.plans.renewal import renew, renewed_text

SHIPPED = load(packaged("ieepco-prep-2021-2022"))
STARTS = st.builds(Month, st.integers(2010, 2190), st.integers(1, 12))


def variant(**changes: object) -> PlanDocument:
    """The packaged plan with some of its parts replaced."""
    return PlanDocument.model_validate(SHIPPED.model_dump(exclude_unset=True) | changes)


def offsets(document: PlanDocument) -> Counter[tuple[str, int]]:
    """How many entries each list has so many months after the first activity."""
    lists = {"activities": document.activities, "sessions": document.sessions, "leads": document.months}
    return Counter((name, entry.month - document.first_month) for name, entries in lists.items() for entry in entries)


def wording(document: PlanDocument) -> list[tuple[object, ...]]:
    return [
        *((entry.key, entry.text) for entry in document.activities),
        *((entry.key, entry.kind, entry.name, entry.topics) for entry in document.sessions),
        *((entry.lead,) for entry in document.months),
        (document.commission.objective, document.commission.objectives, document.commission.convening),
        (document.commission.institution, document.commission.technical_unit),
    ]


def test_the_next_process_moves_five_years() -> None:
    renewed = renew(SHIPPED, Month(2026, 12))
    assert (renewed.first_month, renewed.last_month) == (Month(2026, 12), Month(2027, 6))
    assert renewed.sessions[0].month == Month(2026, 11)
    assert renewed.commission.key == "ieepco-prep-2026-2027"
    assert renewed.commission.short_name == "PREP 2026-2027"
    assert renewed.commission.process == "Proceso Electoral Local Ordinario 2026-2027"
    assert wording(renewed) == wording(SHIPPED)


def test_a_start_some_months_off_keeps_the_years_of_the_process() -> None:
    assert renew(SHIPPED, Month(2027, 1)).commission.process.endswith("2026-2027")
    assert renew(SHIPPED, Month(2026, 10)).commission.process.endswith("2026-2027")


def test_people_acts_and_dates_are_blank() -> None:
    activities = [entry.model_dump(exclude_unset=True) for entry in SHIPPED.activities]
    activities[0]["deadline"] = date(2021, 12, 20)
    sessions = [entry.model_dump(exclude_unset=True) for entry in SHIPPED.sessions]
    sessions[0] |= {
        "time": time(10),
        "place": "Sala",
        "link": "https://example.org",
        "modality": Modality.MIXED,
    }
    rules = SHIPPED.rules.model_dump(exclude_unset=True)
    rules["holidays"] = {"electoral_process": False, "extra": [date(2022, 5, 10)]}
    renewed = renew(variant(activities=activities, sessions=sessions, rules=rules), Month(2026, 12))
    assert renewed.people == ()
    assert renewed.commission.legal_basis is None
    assert {entry.deadline for entry in renewed.activities} == {None}
    assert {
        (entry.date, entry.time, entry.place, entry.link, entry.modality, entry.held, entry.note)
        for entry in renewed.sessions
    } == {(None, None, None, None, None, False, None)}
    assert renewed.rules.holidays.extra == ()
    assert renewed.rules.holidays.electoral_process is False
    assert renewed.rules.privacy == SHIPPED.rules.privacy


@pytest.mark.parametrize(
    ("old", "start", "new"),
    [
        ("prep", Month(2026, 12), "prep-2026-12"),
        ("prep-2021-2022", Month(2022, 1), "prep-2021-2022-2022-01"),
        ("x" * 60, Month(2026, 12), "x" * 52 + "-2026-12"),
        ("acuerdo-12021", Month(2026, 12), "acuerdo-12021-2026-12"),
    ],
)
def test_the_key_is_new_even_without_years_to_move(old: str, start: Month, new: str) -> None:
    commission = SHIPPED.commission.model_dump(exclude_unset=True) | {"key": old}
    assert renew(variant(commission=commission), start).commission.key == new


def test_the_key_can_be_given() -> None:
    assert renew(SHIPPED, Month(2026, 12), key="prep-oaxaca").commission.key == "prep-oaxaca"


def test_the_same_key_is_refused() -> None:
    with pytest.raises(ValueError, match="another process is another commission"):
        renew(SHIPPED, Month(2026, 12), key=SHIPPED.commission.key)


def test_what_is_not_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a key"):
        renew(SHIPPED, Month(2026, 12), key="PREP Oaxaca")


def test_a_plan_past_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="2201-1 is not a month"):
        renew(SHIPPED, Month(2200, 12))


@settings(max_examples=50)
@given(STARTS)
def test_counts_of_each_month_move_with_the_plan(start: Month) -> None:
    renewed = renew(SHIPPED, start)
    assert renewed.first_month == start
    assert offsets(renewed) == offsets(SHIPPED)
    assert wording(renewed) == wording(SHIPPED)
    assert renewed.commission.key != SHIPPED.commission.key


@settings(max_examples=50)
@given(STARTS, st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_moved_and_moved_back_is_the_same_calendar(start: Month, spread: list[int]) -> None:
    origin = Month(2021, 12)
    activities = [
        {"key": f"a{number}", "month": origin + offset, "text": "Algo"} for number, offset in enumerate(spread)
    ]
    document = variant(activities=activities, months=[])
    back = renew(renew(document, start, key="there"), document.first_month, key="back")
    assert [entry.month for entry in back.activities] == [entry.month for entry in document.activities]
    assert [entry.month for entry in back.sessions] == [entry.month for entry in document.sessions]


@settings(max_examples=50)
@given(STARTS)
def test_the_file_reads_as_the_renewed_plan(start: Month) -> None:
    assert parse(renewed_text(SHIPPED, start, key="new"), name="new.toml") == renew(SHIPPED, start, key="new")


def test_the_commented_examples_work_once_uncommented() -> None:
    text = renewed_text(SHIPPED, Month(2026, 12))
    filled = re.sub(r"^# (\[.*\]|\w+ = .*)$", r"\1", text, flags=re.MULTILINE)
    document = parse(filled, name="filled.toml")
    assert document.commission.legal_basis is not None
    assert document.commission.legal_basis.date == date(2026, 12, 1)
    assert document.rules.notice_terms == NoticeTerms()
    assert document.rules.holidays.extra == (date(2026, 12, 1),)
    assert [(person.key, person.since) for person in document.people] == [("nombre-apellido", date(2026, 12, 1))]


def test_the_dates_that_the_comments_show_fit_a_session_of_the_first_month() -> None:
    text = renewed_text(SHIPPED, Month(2026, 12))
    comment = " ".join(line[2:] for line in text.splitlines() if line.startswith("# "))
    settings = re.findall(r"`(\w+ = [^`]+)`", comment)
    assert [setting.split(" ")[0] for setting in settings] == ["date", "time", "place", "link", "modality", "working"]
    filled = text.replace('month = "2026-12"\ntopics', "\n".join(['month = "2026-12"', *settings[:-1], "topics"]), 1)
    session = parse(filled, name="filled.toml").sessions[1]
    assert (session.date, session.time, session.modality) == (date(2026, 12, 1), time(10), Modality.IN_PERSON)


def test_the_file_says_where_it_comes_from() -> None:
    text = renewed_text(SHIPPED, Month(2026, 12))
    assert text.startswith('# Work plan for "Proceso Electoral Local Ordinario 2026-2027"')
    assert '"ieepco-prep-2021-2022"' in text.splitlines()[0]
