"""The notice term: each rule by hand, and any of them against a count that is made the slow way."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.rules import Rules
from prep_bot.domain.term import TermCheck, TermUnit, check, expiry
from prep_bot.domain.workday import day_off

ZONE = ZoneInfo("America/Mexico_City")
PRIVACY = {"notice": "Se guarda su nombre y su identificador de Telegram."}
OWN = date(2022, 12, 12)


def rules(*, process: bool = True, zone: str = "America/Mexico_City", **ordinary: Any) -> Rules:
    return Rules.model_validate(
        {
            "privacy": PRIVACY,
            "timezone": zone,
            "notice_terms": {"ordinary": ordinary or {"hours": 72}},
            "holidays": {"electoral_process": process, "extra": [OWN.isoformat()]},
        }
    )


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def last(own: Rules, starts_at: datetime, call: int = 1) -> str:
    """Return the expiry as the commission's clocks show it."""
    expires = expiry(own, MeetingKind.ORDINARY, call, starts_at)
    assert expires.tzinfo is UTC
    return expires.astimezone(own.zone).strftime("%Y-%m-%dT%H:%M")


# By hand


def test_during_the_process_every_hour_and_day_counts() -> None:
    tuesday = at("2022-02-08T11:00")  # the day before is a holiday, and before it comes a weekend
    assert last(rules(hours=72), tuesday) == last(rules(days=3), tuesday) == "2022-02-05T11:00"
    assert last(rules(hours=72, working=True), tuesday) == "2022-02-05T11:00"


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        ("2022-02-11T11:00", "2022-02-08T11:00"),
        ("2022-02-09T11:00", "2022-02-03T11:00"),  # weekend, and Monday is the Constitution's day
        ("2022-12-15T11:00", "2022-12-09T11:00"),  # weekend, and Monday is a day off of the institution's own
        ("2022-02-12T11:00", "2022-02-09T00:00"),  # on a Saturday: whole days before it
        ("2022-02-09T00:00", "2022-02-03T00:00"),
    ],
)
@pytest.mark.parametrize("term", [{"days": 3}, {"hours": 72}])
def test_outside_it_only_working_days_count(term: dict[str, int], starts_at: str, expected: str) -> None:
    assert last(rules(process=False, **term), at(starts_at)) == expected


def test_unless_the_term_is_of_natural_days() -> None:
    wednesday = at("2022-02-09T11:00")
    assert last(rules(process=False, days=3, working=False), wednesday) == "2022-02-06T11:00"
    assert last(rules(process=False, hours=72, working=False), wednesday) == "2022-02-06T11:00"


def test_hours_elapse_and_days_are_the_calendars() -> None:
    monday = at("2022-04-04T10:00")  # clocks went forward on Sunday
    assert last(rules(hours=72), monday) == "2022-04-01T09:00"
    assert last(rules(days=3), monday) == "2022-04-01T10:00"
    monday = at("2022-10-31T10:00")  # and back on this Sunday
    assert last(rules(hours=72), monday) == "2022-10-28T11:00"
    assert last(rules(days=3), monday) == "2022-10-28T10:00"


def test_the_second_call_has_its_own_and_an_urgent_session_none() -> None:
    starts_at = at("2022-02-24T11:00")
    assert last(rules(), starts_at, call=2) == "2022-02-23T11:00"
    urgent = check(rules(), MeetingKind.URGENT, 1, starts_at, starts_at - timedelta(minutes=1))
    assert (urgent.minimum, urgent.in_time, urgent.expires_at) == (0, True, starts_at)


@pytest.mark.parametrize(
    ("term", "convened_at", "unit", "working", "minimum", "notice", "in_time"),
    [
        ({"hours": 72}, "2022-02-22T08:00", TermUnit.HOURS, False, 72, 51, False),
        ({"hours": 72}, "2022-02-21T11:00", TermUnit.HOURS, False, 72, 72, True),
        ({"hours": 72}, "2022-02-21T11:01", TermUnit.HOURS, False, 72, 71, False),
        ({"days": 3}, "2022-02-21T11:00", TermUnit.DAYS, True, 3, 3, True),
        ({"days": 3}, "2022-02-21T11:01", TermUnit.DAYS, True, 3, 2, False),
        ({"days": 4}, "2022-02-19T12:00", TermUnit.DAYS, True, 4, 3, False),  # a Saturday gains nothing
        ({"hours": 96}, "2022-02-19T12:00", TermUnit.HOURS, True, 96, 83, False),
    ],
)
def test_the_check_says_both_figures(
    term: dict[str, int], convened_at: str, unit: TermUnit, working: bool, minimum: int, notice: int, in_time: bool
) -> None:
    own = rules(process=not working, **term, article="artículo 12")
    found = check(own, MeetingKind.ORDINARY, 1, at("2022-02-24T11:00"), at(convened_at))
    assert (found.unit, found.working, found.minimum, found.given) == (unit, working, minimum, notice)
    assert found.in_time is in_time
    assert found.article == "artículo 12"


def test_it_survives_its_storage() -> None:
    found = check(rules(), MeetingKind.ORDINARY, 1, at("2022-02-24T11:00"), at("2022-02-21T11:00"))
    assert TermCheck.model_validate(found.model_dump(mode="json")) == found


# Any term

ZONES = ("America/Mexico_City", "America/Tijuana", "UTC", "Europe/Madrid")
terms = st.fixed_dictionaries({"working": st.booleans()}).flatmap(
    lambda fixed: st.one_of(
        st.integers(0, 240).map(lambda hours: fixed | {"hours": hours}),
        st.integers(0, 12).map(lambda days: fixed | {"days": days}),
    )
)
any_rules = st.builds(
    lambda process, zone, term: rules(process=process, zone=zone, **term), st.booleans(), st.sampled_from(ZONES), terms
)
minutes = st.integers(0, 400 * 24 * 60).map(lambda m: datetime(2022, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
notice = st.integers(0, 20 * 24 * 60).map(lambda m: timedelta(minutes=m))
DAYTIME = range(5, 23)
"""Hours of the day that clocks neither skip nor show twice."""


def slowly(own: Rules, starts_at: datetime, convened_at: datetime) -> int:
    """Return the notice in whole hours or days, counted minute by minute; what falls on a day off does not count."""
    term = own.notice_terms.ordinary
    every = own.holidays.electoral_process or not term.working

    def counts(day: date) -> bool:
        return every or day_off(day, own.holidays) is None

    if term.hours is not None:
        step = timedelta(minutes=1)
        total, moment = 0, convened_at
        while moment < starts_at:
            total += counts(moment.astimezone(own.zone).date())
            moment += step
        return total // 60
    start, end = (moment.astimezone(own.zone).replace(tzinfo=None) for moment in (convened_at, starts_at))
    total, moment = 0, start
    while moment < end:
        total += counts(moment.date())
        moment += timedelta(minutes=1)
    return total // (24 * 60)


@settings(max_examples=60)
@given(any_rules, minutes, notice)
def test_the_notice_given_is_what_a_slow_count_finds(own: Rules, starts_at: datetime, before: timedelta) -> None:
    convened_at = starts_at - before
    if own.notice_terms.ordinary.days is not None and not all(
        moment.astimezone(own.zone).hour in DAYTIME for moment in (starts_at, convened_at)
    ):
        return
    found = check(own, MeetingKind.ORDINARY, 1, starts_at, convened_at)
    assert found.given == slowly(own, starts_at, convened_at)


@settings(max_examples=300)
@given(any_rules, minutes, notice)
def test_expiry_and_check_agree(own: Rules, starts_at: datetime, before: timedelta) -> None:
    found = check(own, MeetingKind.ORDINARY, 1, starts_at, starts_at - before)
    expires = expiry(own, MeetingKind.ORDINARY, 1, starts_at)
    assert found.expires_at == expires <= starts_at
    assert found.in_time is (found.given >= found.minimum) is (starts_at - before <= expires)
    at_last = check(own, MeetingKind.ORDINARY, 1, starts_at, expires)
    assert at_last.in_time
    assert at_last.given >= at_last.minimum
    late = check(own, MeetingKind.ORDINARY, 1, starts_at, expires + timedelta(seconds=1))
    assert not late.in_time
    assert not late.minimum or late.given < late.minimum


@settings(max_examples=300)
@given(any_rules, minutes, notice, notice)
def test_earlier_is_never_less_notice(own: Rules, starts_at: datetime, one: timedelta, other: timedelta) -> None:
    short, long = sorted((one, other))
    given_late, given_early = (
        check(own, MeetingKind.ORDINARY, 1, starts_at, starts_at - before).given for before in (short, long)
    )
    assert given_late <= given_early


@settings(max_examples=300)
@given(any_rules, minutes, notice)
def test_a_later_session_never_expires_earlier(own: Rules, starts_at: datetime, later: timedelta) -> None:
    if all(moment.astimezone(own.zone).hour in DAYTIME for moment in (starts_at, starts_at + later)):
        first, second = (expiry(own, MeetingKind.ORDINARY, 1, s) for s in (starts_at, starts_at + later))
        assert first <= second


@settings(max_examples=200)
@given(any_rules, minutes)
def test_days_off_only_ever_give_more_notice(own: Rules, starts_at: datetime) -> None:
    every = own.model_copy(update={"holidays": own.holidays.model_copy(update={"electoral_process": True})})
    assert expiry(own, MeetingKind.ORDINARY, 1, starts_at) <= expiry(every, MeetingKind.ORDINARY, 1, starts_at)


# Days off


@pytest.mark.parametrize(
    ("day", "weekend", "holiday", "own"),
    [
        (date(2022, 2, 5), True, "", False),
        (date(2022, 2, 7), False, "Día de la Constitución", False),
        (date(2022, 12, 12), False, "", True),
        (date(2022, 5, 1), True, "Día del Trabajo", False),
        (date(2024, 10, 1), False, "Transmisión del Poder Ejecutivo Federal", False),
    ],
)
def test_why_a_day_is_off(day: date, weekend: bool, holiday: str, own: bool) -> None:
    off = day_off(day, rules().holidays)
    assert off is not None
    assert (off.weekend, off.holiday, off.own) == (weekend, holiday, own)


def test_the_others_are_working_days() -> None:
    assert day_off(date(2022, 2, 8), rules().holidays) is None
