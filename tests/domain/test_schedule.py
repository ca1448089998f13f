"""The calendar of messages: each row worked out by hand, and any calendar against a second computation."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_bot.domain.audience import audience
from prep_bot.domain.meeting import MeetingKind, MeetingState, falls_in
from prep_bot.domain.month import Month
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.quiet import is_quiet
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.domain.schedule import CommissionFacts, MeetingFacts, Occasion, last_day_to_convene, occasions
from prep_bot.simulation.expectation.history import (
    GROUP,
    Act,
    ActivityHistory,
    History,
    PersonHistory,
    SessionHistory,
    Step,
)
from prep_bot.simulation.expectation.looks import expected
from prep_bot.simulation.expectation.looks import moments as moments_of

ZONE = ZoneInfo("America/Mexico_City")
FEBRUARY, APRIL = Month(2022, 2), Month(2022, 4)
ACTIVATED = datetime(2022, 1, 10, 12, tzinfo=ZONE)
PRIVACY = {"notice": "Se guarda su nombre y su identificador de Telegram."}


def rules(**sections: Any) -> Rules:
    return Rules.model_validate({"privacy": PRIVACY} | sections)


RULES = rules()


def at(month: int, day: int, clock: str, year: int = 2022) -> datetime:
    return datetime.combine(date(year, month, day), time.fromisoformat(clock), ZONE).astimezone(UTC)


def session(state: MeetingState = MeetingState.UNSCHEDULED, month: Month = FEBRUARY, **more: Any) -> MeetingFacts:
    whole = {"id": 1, "kind": MeetingKind.ORDINARY, "since": ACTIVATED} | more
    return MeetingFacts(month=month, state=state, **whole)


def dated(starts_at: datetime, since: datetime = ACTIVATED, **more: Any) -> MeetingFacts:
    return session(MeetingState.SCHEDULED, starts_at=starts_at, since=since, **more)


def convened(starts_at: datetime, convened_at: datetime, **more: Any) -> MeetingFacts:
    return session(
        MeetingState.CONVENED, starts_at=starts_at, convened_at=convened_at, **({"since": convened_at} | more)
    )


def of(*meetings: MeetingFacts, own: Rules = RULES, deadlines: frozenset[date] = frozenset()) -> list[Occasion]:
    return list(occasions(CommissionFacts(own, FEBRUARY, APRIL, deadlines, meetings)))


def instants(kind: NoticeKind, *meetings: MeetingFacts, own: Rules = RULES) -> list[datetime]:
    return [occasion.at for occasion in of(*meetings, own=own) if occasion.kind is kind]


# The rows, by hand


def test_the_summaries_go_out_on_the_first_at_nine_until_the_month_after_the_last() -> None:
    monthly = [o for o in of() if o.kind is NoticeKind.MONTHLY]
    assert [(o.month, o.at) for o in monthly] == [
        (Month(2022, 2), at(2, 1, "09:00")),
        (Month(2022, 3), at(3, 1, "09:00")),
        (Month(2022, 4), at(4, 1, "09:00")),
        (Month(2022, 5), at(5, 1, "09:00")),
    ]
    assert [o.useful_until for o in monthly] == [*(o.at for o in monthly[1:]), at(6, 1, "09:00")]


@pytest.mark.parametrize(
    ("kind", "month", "day"),
    [
        (MeetingKind.ORDINARY, FEBRUARY, date(2022, 2, 25)),
        (MeetingKind.INSTALLATION, FEBRUARY, date(2022, 2, 25)),
        (MeetingKind.EXTRAORDINARY, FEBRUARY, date(2022, 2, 27)),
        (MeetingKind.ORDINARY, Month(2024, 2), date(2024, 2, 26)),
        (MeetingKind.ORDINARY, APRIL, date(2022, 4, 27)),
    ],
)
def test_the_last_day_to_convene_a_session_of_a_month(kind: MeetingKind, month: Month, day: date) -> None:
    assert last_day_to_convene(RULES, kind, month) == day


@pytest.mark.parametrize(("kind", "days"), [(MeetingKind.ORDINARY, (15, 20)), (MeetingKind.EXTRAORDINARY, (17, 22))])
@pytest.mark.parametrize("state", [MeetingState.UNSCHEDULED, MeetingState.DEFERRED])
def test_ten_and_five_days_before_that_day_the_date_is_missing(
    state: MeetingState, kind: MeetingKind, days: tuple[int, int]
) -> None:
    found = [o for o in of(session(state, kind=kind)) if o.kind is NoticeKind.DATE_MISSING]
    assert [(o.at, o.last) for o in found] == [(at(2, days[0], "09:00"), False), (at(2, days[1], "09:00"), True)]
    assert [o.useful_until for o in found] == [found[1].at, at(2, 28, "23:59")]


def test_an_alert_that_had_passed_when_the_session_lost_its_date_is_not_due() -> None:
    deferred = session(MeetingState.DEFERRED, since=at(2, 16, "11:00"))
    assert instants(NoticeKind.DATE_MISSING, deferred) == [at(2, 20, "09:00")]


def test_a_session_with_a_date_or_an_end_lacks_none() -> None:
    held, cancelled = session(MeetingState.HELD), session(MeetingState.CANCELLED)
    assert instants(NoticeKind.DATE_MISSING, dated(at(2, 24, "11:00")), held, cancelled) == []


@pytest.mark.parametrize(
    ("kind", "alerts"),
    [
        (MeetingKind.ORDINARY, [at(2, 19, "11:00"), at(2, 20, "11:00")]),
        (MeetingKind.INSTALLATION, [at(2, 19, "11:00"), at(2, 20, "11:00")]),
        (MeetingKind.EXTRAORDINARY, [at(2, 21, "11:00"), at(2, 22, "11:00")]),
    ],
)
def test_48_and_24_hours_before_the_term_expires_the_convocation_is_missing(
    kind: MeetingKind, alerts: list[datetime]
) -> None:
    found = [o for o in of(dated(at(2, 24, "11:00"), kind=kind)) if o.kind is NoticeKind.CONVENE_MISSING]
    assert [o.at for o in found] == alerts
    assert [o.useful_until for o in found] == [alerts[1], at(2, 24, "11:00")]


def test_what_had_passed_when_it_was_dated_is_not_due_and_at_night_it_comes_the_evening_before() -> None:
    late = dated(at(2, 24, "11:00"), since=at(2, 19, "12:00"))
    assert instants(NoticeKind.CONVENE_MISSING, late) == [at(2, 20, "11:00")]
    early = dated(at(2, 24, "07:30"))
    assert instants(NoticeKind.CONVENE_MISSING, early) == [at(2, 18, "20:30"), at(2, 19, "20:30")]
    # The evening before had passed when it was dated, though the hour itself had not.
    assert instants(NoticeKind.CONVENE_MISSING, dated(at(2, 24, "07:30"), since=at(2, 19, "21:00"))) == []


def test_no_reminder_of_a_session_that_is_not_convened() -> None:
    silent = {NoticeKind.REMINDER, NoticeKind.CHASE}
    states = [session(), dated(at(2, 24, "11:00")), session(MeetingState.DEFERRED), session(MeetingState.CANCELLED)]
    assert not [o for state in states for o in of(state) if o.kind in silent]
    assert not [o for o in of(convened(at(2, 24, "11:00"), at(2, 20, "12:00"))) if o.kind is NoticeKind.CONVENE_MISSING]


def test_reminders_come_24_hours_and_one_hour_before() -> None:
    found = [o for o in of(convened(at(2, 24, "11:00"), at(2, 20, "12:00"))) if o.kind is NoticeKind.REMINDER]
    assert [(o.at, o.last) for o in found] == [(at(2, 23, "11:00"), False), (at(2, 24, "10:00"), True)]
    assert [o.useful_until for o in found] == [found[1].at, at(2, 24, "11:00")]
    assert found[0].useful_without_last == at(2, 24, "11:00")


@pytest.mark.parametrize(
    ("starts_at", "reminders"),
    [
        (at(2, 24, "08:30"), [at(2, 23, "08:30"), at(2, 23, "20:30")]),
        (at(2, 24, "22:00"), [at(2, 23, "20:30"), at(2, 24, "20:30")]),
        (at(2, 24, "09:00"), [at(2, 23, "09:00"), at(2, 24, "08:00")]),
        (at(2, 24, "21:59"), [at(2, 23, "20:30"), at(2, 24, "20:59")]),
        # The clocks went forward in the night to 3 April 2022: 24 hours elapse all the same.
        (at(4, 3, "10:00"), [at(4, 2, "09:00"), at(4, 3, "09:00")]),
        (at(4, 3, "08:30"), [at(4, 1, "20:30"), at(4, 2, "20:30")]),
        (at(4, 4, "10:00"), [at(4, 3, "10:00"), at(4, 4, "09:00")]),
    ],
)
def test_reminders_keep_out_of_the_night(starts_at: datetime, reminders: list[datetime]) -> None:
    assert instants(NoticeKind.REMINDER, convened(starts_at, starts_at - timedelta(days=4))) == reminders


@pytest.mark.parametrize(
    ("convened_at", "reminders"),
    [
        (at(2, 23, "05:00"), [at(2, 23, "11:00"), at(2, 24, "10:00")]),
        (at(2, 23, "05:01"), [at(2, 24, "10:00")]),
        (at(2, 24, "04:00"), [at(2, 24, "10:00")]),
        (at(2, 24, "04:01"), []),
    ],
)
def test_a_reminder_less_than_six_hours_after_convening_is_dropped(
    convened_at: datetime, reminders: list[datetime]
) -> None:
    assert instants(NoticeKind.REMINDER, convened(at(2, 24, "11:00"), convened_at)) == reminders


def test_it_is_the_moved_instant_that_has_to_be_six_hours_later() -> None:
    # One hour before 08:30 is moved to 20:30 of the evening before, which is 5:59 after convening.
    assert instants(NoticeKind.REMINDER, convened(at(2, 24, "08:30"), at(2, 23, "14:31"))) == []
    assert instants(NoticeKind.REMINDER, convened(at(2, 24, "08:30"), at(2, 23, "14:30"))) == [at(2, 23, "20:30")]


def test_chases_come_every_24_hours_while_strictly_earlier_than_24_hours_before() -> None:
    four_days = convened(at(2, 24, "11:00"), at(2, 20, "11:00"))
    assert instants(NoticeKind.CHASE, four_days) == [
        at(2, 21, "11:00"),
        at(2, 22, "11:00"),
    ]  # the 23rd at 11:00 is 24 h
    a_minute_more = convened(at(2, 24, "11:01"), at(2, 20, "11:00"))
    last = [o for o in of(a_minute_more) if o.kind is NoticeKind.CHASE][-1]
    assert (last.at, last.useful_until) == (at(2, 23, "11:00"), at(2, 23, "11:01"))
    found = [o for o in of(four_days) if o.kind is NoticeKind.CHASE]
    assert [o.useful_until for o in found] == [at(2, 22, "11:00"), at(2, 23, "11:00")]


def test_chases_keep_out_of_the_night_and_count_elapsed_hours_across_the_change_of_the_clocks() -> None:
    at_night = convened(at(3, 24, "11:00"), at(3, 20, "23:00"))
    assert instants(NoticeKind.CHASE, at_night) == [at(3, 21, "20:30"), at(3, 22, "20:30")]
    spring = convened(at(4, 5, "10:00"), at(4, 1, "10:00"))
    assert instants(NoticeKind.CHASE, spring) == [at(4, 2, "10:00"), at(4, 3, "11:00")]


def test_a_session_that_moves_is_chased_anew() -> None:
    moved = convened(at(3, 1, "11:00"), at(2, 25, "13:00"))
    assert instants(NoticeKind.CHASE, moved) == [at(2, 26, "13:00"), at(2, 27, "13:00")]


def test_deadlines_are_announced_seven_and_two_days_before() -> None:
    found = [o for o in of(deadlines=frozenset({date(2022, 2, 28)})) if o.kind is NoticeKind.DEADLINE]
    assert [(o.at, o.last) for o in found] == [(at(2, 21, "09:00"), False), (at(2, 26, "09:00"), True)]
    assert [o.useful_until for o in found] == [at(2, 26, "09:00"), at(2, 28, "23:59")]


def test_what_would_fall_at_night_by_the_commissions_own_hour() -> None:
    own = rules(reminders={"at": "06:00"})
    assert instants(NoticeKind.MONTHLY, own=own)[0] == at(2, 1, "08:00")
    assert instants(NoticeKind.DATE_MISSING, session(), own=own) == [at(2, 14, "20:30"), at(2, 19, "20:30")]


def test_an_only_reminder_is_for_everybody() -> None:
    own = rules(reminders={"meeting_hours": [24]})
    only = next(
        o for o in of(convened(at(2, 24, "11:00"), at(2, 20, "12:00")), own=own) if o.kind is NoticeKind.REMINDER
    )
    assert audience(only, grouped=True).group
    assert only.useful_until == at(2, 24, "11:00")


def test_of_two_steps_that_the_night_brings_together_the_later_one_speaks() -> None:
    own = rules(reminders={"meeting_hours": [3, 1]})
    meeting = convened(at(2, 24, "08:30"), at(2, 20, "12:00"))
    first, second = [o for o in of(meeting, own=own) if o.kind is NoticeKind.REMINDER]
    assert first.at == second.at == first.useful_until == at(2, 23, "20:30")
    assert first.useful_without_last == at(2, 24, "08:30")  # the group gets no other


@pytest.mark.parametrize("state", [MeetingState.SCHEDULED, MeetingState.CONVENED])
def test_a_state_without_what_belongs_to_it_is_an_error(state: MeetingState) -> None:
    with pytest.raises(ValueError, match="session 1"):
        of(session(state))
    with pytest.raises(ValueError, match="not since when"):
        of(session(MeetingState.CONVENED, starts_at=at(2, 24, "11:00")))


# Any calendar

ladders = st.lists(st.integers(1, 96), unique=True, max_size=3).map(lambda steps: tuple(sorted(steps, reverse=True)))
day_ladders = st.lists(st.integers(1, 14), unique=True, max_size=3).map(lambda s: tuple(sorted(s, reverse=True)))
any_rules = st.just(RULES) | st.builds(
    lambda **parts: rules(
        reminders={k: v for k, v in parts.items() if k not in ("quiet", "terms")},
        quiet_hours=parts["quiet"],
        notice_terms=parts["terms"],
    ),
    at=st.sampled_from(["09:00", "06:30", "21:00", "23:15"]),
    date_missing_days=day_ladders,
    convene_hours=ladders,
    meeting_hours=ladders,
    deadline_days=day_ladders,
    chase_hours=st.sampled_from([5, 12, 24, 36]),
    minimum_gap_hours=st.sampled_from([0, 6, 12]),
    quiet=st.sampled_from(
        [{}, {"start": "00:00", "end": "00:00"}, {"start": "19:00", "end": "10:00", "evening": "18:00"}]
    ),
    terms=st.builds(lambda hours: {"ordinary": {"hours": hours}}, st.sampled_from([0, 48, 72])),
)
months = st.integers(0, 6).map(lambda offset: Month(2022, 1) + offset)
moments = st.integers(0, 200 * 24 * 4).map(
    lambda quarters: ACTIVATED.astimezone(UTC) + timedelta(minutes=15 * quarters)
)
odd_moments = moments.map(lambda moment: moment + timedelta(minutes=7, seconds=13))
waits = st.timedeltas(timedelta(minutes=1), timedelta(days=8))


@st.composite
def sessions(draw: st.DrawFn, key: int) -> tuple[MeetingFacts, SessionHistory]:
    state = draw(st.sampled_from(MeetingState))
    kind = draw(st.sampled_from(MeetingKind))
    month = draw(months)
    since = draw(odd_moments)
    starts_at, sends_at = None, None
    steps: list[Step] = []
    if state is not MeetingState.UNSCHEDULED:
        starts_at = draw(moments.filter(lambda moment: moment > since))
        steps.append(Step(since, Act.DATED, starts_at=starts_at))
    match state:
        case MeetingState.CONVENED:
            sends_at = min(since + draw(st.just(timedelta(0)) | waits), starts_at - timedelta(minutes=1))
            sends_at = max(sends_at, since)
            steps.append(Step(since, Act.CONVENED, sends_at=sends_at))
        case MeetingState.DEFERRED:
            starts_at = None
            steps.append(Step(since, Act.DEFERRED))
        case MeetingState.IN_SESSION | MeetingState.NO_QUORUM:
            steps.append(Step(since, Act.GATHERED))
        case MeetingState.HELD | MeetingState.CANCELLED:
            steps.append(Step(since, Act.HELD if state is MeetingState.HELD else Act.CANCELLED))
    known_at = since if state is MeetingState.UNSCHEDULED else ACTIVATED
    return (
        MeetingFacts(key, kind, month, state, since, starts_at, sends_at),
        SessionHistory(str(key), kind, month, known_at, tuple(steps)),
    )


@st.composite
def calendars(draw: st.DrawFn) -> tuple[CommissionFacts, History]:
    own = draw(any_rules)
    deadlines = draw(st.frozensets(moments.map(lambda moment: moment.astimezone(ZONE).date()), min_size=1, max_size=3))
    pairs = [draw(sessions(key)) for key in range(draw(st.integers(0, 3)))]
    known = [Month.of(deadline) for deadline in deadlines] + [facts.month for facts, _ in pairs]
    facts = CommissionFacts(own, min(known), max(known), deadlines, tuple(facts for facts, _ in pairs))
    everybody = tuple(PersonHistory(role.value, role, ACTIVATED, guest_of=frozenset({"0", "2"})) for role in Role)
    activities = tuple(ActivityHistory(str(d), Month.of(d), d) for d in sorted(deadlines))
    linked_at = draw(st.sampled_from([None, ACTIVATED]))
    return facts, History(own, ACTIVATED, linked_at, everybody, activities, tuple(history for _, history in pairs))


Told = tuple[datetime, datetime | None, NoticeKind, str, str]


def told(facts: CommissionFacts, history: History) -> Counter[Told]:
    """Return who is told what, according to the program; nobody ever acknowledges, and there is always something."""
    found: Counter[Told] = Counter()
    for occasion in occasions(facts):
        if occasion.at <= ACTIVATED:
            continue
        heard = audience(occasion, grouped=history.group_linked_at is not None)
        subject = str(occasion.meeting_id if occasion.meeting_id is not None else occasion.month or occasion.deadline)
        for person in history.people:
            invited = person.role is not Role.GUEST or subject in person.guest_of
            everybody = heard.convened or occasion.kind is NoticeKind.CHASE
            if person.role in heard.roles or (everybody and invited):
                found[occasion.at, occasion.useful_until, occasion.kind, person.key, subject] += 1
        if heard.group and history.group_linked_at is not None:
            until = occasion.useful_without_last or occasion.useful_until
            found[occasion.at, until, occasion.kind, GROUP, subject] += 1
    return found


def worth_saying(facts: CommissionFacts, at_month: str) -> bool:
    """Tell whether a summary has something to say, when nothing was ever done."""
    month = Month.parse(at_month)
    for meeting in facts.meetings:
        if not meeting.state.ended and falls_in(month, meeting.month, meeting.starts_at, facts.rules.zone):
            return True
    first_day = ACTIVATED.date()
    return any(Month.of(d) == month or first_day <= d < month.first for d in facts.deadlines)


@settings(max_examples=150)
@given(calendars())
def test_any_calendar_is_the_same_when_it_is_computed_a_second_time(
    pair: tuple[CommissionFacts, History],
) -> None:
    facts, history = pair
    by_program = {
        key: count
        for key, count in told(facts, history).items()
        if key[2] is not NoticeKind.MONTHLY or worth_saying(facts, key[4])
    }
    end = datetime(2024, 1, 1, tzinfo=UTC)
    rows = {NoticeKind.CONVOCATION, NoticeKind.CHANGE, NoticeKind.CALLED_OFF}
    second = [e for e in expected(history, [end]) if e.kind not in rows and not e.whole_list]
    assert Counter((e.at, e.until, e.kind, e.recipient, e.subject) for e in second) == by_program


@settings(max_examples=150)
@given(calendars())
def test_each_occasion_has_its_own_name_is_in_time_and_lets_people_sleep(
    pair: tuple[CommissionFacts, History],
) -> None:
    facts, _ = pair
    found = list(occasions(facts))
    assert len({occasion.cause for occasion in found}) == len(found)
    for occasion in found:
        assert occasion.at.tzinfo is UTC
        assert not is_quiet(occasion.at, facts.rules.quiet_hours, facts.rules.zone)
        # Where the night brings two steps together, the earlier one is of use to nobody who gets the later one.
        together = occasion.at == occasion.useful_until
        assert occasion.at < occasion.useful_until or (together and not occasion.last)
        assert occasion.useful_without_last is None or occasion.at < occasion.useful_without_last
        meeting = next((m for m in facts.meetings if m.id == occasion.meeting_id), None)
        if meeting is not None and meeting.starts_at is not None:
            assert occasion.at < meeting.starts_at
            assert occasion.useful_until <= meeting.starts_at


# How much one is told

VOTING = (Role.PRESIDENCY, Role.MEMBER)
daytime = st.tuples(st.integers(8, 19), st.sampled_from([0, 15, 30, 45]))


@st.composite
def march_sessions(draw: st.DrawFn, key: str) -> SessionHistory:
    """Give a session of March that is dated, convened in time and acknowledged within 24 hours, all by day."""
    starts_on = draw(st.integers(4, 31))
    convened_on = max(1, starts_on - draw(st.integers(0, 6)))
    dated_on = max(1, convened_on - draw(st.integers(0, 3)))
    clocks = [time(*draw(daytime)) for _ in range(3)]
    starts_at = datetime.combine(date(2022, 3, starts_on), clocks[2], ZONE).astimezone(UTC)
    convened_at = datetime.combine(date(2022, 3, convened_on), clocks[1], ZONE).astimezone(UTC)
    convened_at = min(convened_at, starts_at - timedelta(hours=1))
    dated_at = min(datetime.combine(date(2022, 3, dated_on), clocks[0], ZONE).astimezone(UTC), convened_at)
    answers = tuple((convened_at + draw(st.timedeltas(timedelta(0), timedelta(hours=24))), r.value) for r in VOTING)
    steps = (Step(dated_at, Act.DATED, starts_at=starts_at), Step(convened_at, Act.CONVENED, sends_at=convened_at))
    kind = draw(st.sampled_from([MeetingKind.ORDINARY, MeetingKind.EXTRAORDINARY]))
    return SessionHistory(key, kind, Month(2022, 3), ACTIVATED, steps, answers)


@settings(max_examples=100)
@given(st.data(), st.sampled_from([(1, 6), (2, 10)]), st.sampled_from([None, ACTIVATED]))
def test_a_voting_member_who_answers_in_time_is_not_pestered(
    data: st.DataObject, bound: tuple[int, int], linked_at: datetime | None
) -> None:
    held, most = bound
    deadlines = [month.last for month in (FEBRUARY, Month(2022, 3), APRIL)]
    history = History(
        RULES,
        ACTIVATED,
        linked_at,
        tuple(PersonHistory(role.value, role, ACTIVATED) for role in VOTING),
        tuple(ActivityHistory(str(d), Month.of(d), d) for d in deadlines),
        tuple(data.draw(march_sessions(str(number))) for number in range(held)),
    )
    told_in_all = expected(history, moments_of(history, at(4, 30, "23:00")))
    for role in VOTING:
        messages = {e.at for e in told_in_all if e.recipient == role.value and e.at.astimezone(ZONE).month == 3}
        assert len(messages) <= most
