"""Importing a plan: as often as one likes, edited as one likes, and nothing that was recorded is lost."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Notice
from prep_bot.db.person import Person
from prep_bot.db.plan import Activity
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.services.activities import ActivityView
from prep_bot.services.audit import record
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat
from prep_bot.services.import_conflict import ImportConflictError
from prep_bot.services.meetings import MeetingView
from prep_bot.services.members import Member, Reach
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.plan_import import ChangeKind, ImportReport
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, SINCE, ZONE, activity, enrol, meeting, person, plan

DAY = timedelta(days=1)
ADDED, CHANGED, RESTORED = ChangeKind.ADDED, ChangeKind.CHANGED, ChangeKind.RESTORED
ARCHIVED, DELETED = ChangeKind.ARCHIVED, ChangeKind.DELETED


def done(report: ImportReport) -> dict[str, ChangeKind]:
    """Return what the import did, by what it did it to; whoever is changed and restored counts as restored."""
    return {change.subject: change.kind for change in reversed(report.changes)}


def fields(report: ImportReport, subject: str) -> dict[str, tuple[str, str]]:
    """Return the fields that changed of one thing, with what they were and are."""
    return {name: (a, b) for change in report.changes if change.subject == subject for name, a, b in change.fields}


async def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that the database holds."""
    async with database.read() as session:
        return {
            table.name: [tuple(row) for row in await session.execute(select(table))]
            for table in SQLModel.metadata.sorted_tables
        }


async def everything(services: Services, commission_id: int = 1) -> tuple[MeetingView, ...]:
    """Return the sessions as the secretary sees them."""
    rules = Rules.model_validate({"privacy": {"notice": "x" * 40}})
    return await services.meetings.of([Seat(0, 0, commission_id, "", Role.TECHNICAL_SECRETARY, rules)])


async def texts(services: Services) -> list[str]:
    return [activity.text for activity in await services.activities.of([1])]


async def set_meeting(database: Database, key: str, **values: Any) -> None:
    """Change a session as the secretary will: it is dated before it is convened or deferred."""
    async with database.write() as session:
        meeting = update(Meeting).where(col(Meeting.key) == key)
        await session.execute(
            meeting.values(starts_at=datetime(2022, 2, 15, 10, tzinfo=ZONE), state=MeetingState.SCHEDULED)
        )
        await session.execute(meeting.values(**values))
        await session.commit()


# Once and again


async def test_the_first_import_activates_the_commission(services: Services, database: Database) -> None:
    report = await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    assert (report.commission, report.activated) == ("Obra", True)
    assert done(report) == dict.fromkeys(
        [
            "activity planos",
            "activity permisos",
            "activity informe",
            "session primera",
            "session segunda",
            "person ana",
        ],
        ADDED,
    )
    async with database.read() as session:
        commission = (await session.execute(select(Commission))).scalar_one()
        audit = (await session.execute(select(AuditEvent))).scalar_one()
    assert (commission.key, commission.name, commission.activated_at) == ("obra", "Comisión de Obra", NOW)
    assert (audit.act, audit.subject, audit.actor_id, audit.at) == ("plan.imported", "commission:1", None, NOW)
    assert "added activity planos" in audit.details["changes"]


async def test_the_same_file_again_changes_nothing(services: Services, database: Database, clock: ManualClock) -> None:
    document = plan(
        people=[person("ana", "Ana Ruiz", title="Mtra.", position="Consejera")],
        sessions=[
            meeting("primera", date=date(2022, 2, 15), time=time(10), place="Sala", modality="mixed"),
            meeting("instalación".replace("ó", "o"), date=date(2022, 2, 1), held=True, kind="installation"),
        ],
        months=[{"month": "2022-02", "lead": "Dar seguimiento a:"}],
    )
    await services.plans.apply(document)
    before = await content(database)
    clock.advance_to(NOW + DAY)
    assert await services.plans.apply(document) == ImportReport("Obra", activated=False, changes=())
    assert await content(database) == before, "not even the moment of activation, nor the log"


async def test_the_shipped_plan_is_imported_as_often_as_one_likes(services: Services) -> None:
    document = load(packaged("ieepco-prep-2021-2022"))
    await services.plans.apply(document)
    assert (await services.plans.apply(document)).changes == ()
    assert [a.number for a in await services.activities.of([1])] == list(range(1, 34))
    assert [m.number for m in await everything(services)] == list(range(1, 11))


async def test_two_imports_at_once_are_one_after_the_other(services: Services) -> None:
    reports = await asyncio.gather(*(services.plans.apply(plan(people=[person("ana", "Ana Ruiz")])) for _ in range(3)))
    assert sorted((report.activated, len(report.changes)) for report in reports) == [(False, 0), (False, 0), (True, 6)]


async def test_a_dry_run_tells_the_same_and_writes_nothing(services: Services, database: Database) -> None:
    told = await services.plans.apply(plan(), dry_run=True)
    assert not any((await content(database)).values())
    assert await services.plans.apply(plan()) == told
    before = await content(database)
    edited = plan(activities=[activity("permisos", text="Otro texto")], sessions=[meeting("tercera")])
    told = await services.plans.apply(edited, dry_run=True)
    assert await content(database) == before
    assert await services.plans.apply(edited) == told


# Edits


async def test_what_the_file_says_of_the_commission_is_kept_up_to_date(services: Services, database: Database) -> None:
    await services.plans.apply(plan())
    rules = {"privacy": {"notice": "Se guarda su nombre y su identificador de Telegram."}, "presidency_convenes": True}
    report = await services.plans.apply(plan(short_name="Obras", rules=rules))
    assert not report.activated
    assert done(report) == {"commission obra": CHANGED}
    assert fields(report, "commission obra") == {
        "name": ("Comisión de Obra", "Comisión de Obras"),
        "short_name": ("Obra", "Obras"),
        "rules.presidency_convenes": ("False", "True"),
    }
    seat = await enrol(services, "Ana Ruiz", Role.PRESIDENCY, 7)
    assert (seat.commission, seat.rules.presidency_convenes) == ("Obras", True)


async def test_wording_order_and_month_may_change_and_what_was_recorded_stays(services: Services) -> None:
    await services.plans.apply(plan())
    secretary = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    await services.progress.record(secretary, 1, ActivityState.DONE, after=0)
    report = await services.plans.apply(
        plan(
            activities=[
                activity("informe"),
                activity("permisos", deadline=date(2022, 2, 20)),
                activity("planos", "2022-04", text="Planos y maqueta"),
            ]
        )
    )
    assert done(report) == dict.fromkeys(["activity informe", "activity permisos", "activity planos"], CHANGED)
    assert fields(report, "activity planos") == {
        "number": ("1", "3"),
        "month": ("2022-02", "2022-04"),
        "text": ("Actividad planos", "Planos y maqueta"),
        "deadline": ("2022-02-28", "2022-04-30"),
    }
    assert fields(report, "activity permisos") == {"deadline": ("2022-02-28", "2022-02-20")}
    history = await services.activities.history(1, 3)
    assert history is not None
    assert (history.activity.text, history.activity.state) == ("Planos y maqueta", ActivityState.DONE)
    assert [(entry.state, entry.by) for entry in history.entries] == [(ActivityState.DONE, "Ana Ruiz")]


async def test_an_activity_without_history_that_leaves_the_file_is_deleted(
    services: Services, database: Database
) -> None:
    await services.plans.apply(plan())
    report = await services.plans.apply(plan(activities=[activity("permisos"), activity("informe", "2022-03")]))
    assert done(report)["activity planos"] is DELETED
    assert await texts(services) == ["Actividad permisos", "Actividad informe"]
    async with database.read() as session:
        assert len((await session.execute(select(Activity))).all()) == 2


async def test_one_with_history_is_archived_and_may_come_back(services: Services, clock: ManualClock) -> None:
    await services.plans.apply(plan())
    secretary = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    entry = await services.progress.record(secretary, 1, ActivityState.DONE, after=0)
    await services.progress.undo(secretary, entry.entry_id)
    without = plan(activities=[activity("permisos")])
    clock.advance_to(NOW + DAY)
    report = await services.plans.apply(without)
    assert done(report)["activity planos"] is ARCHIVED, "what was undone is history, too"
    assert await texts(services) == ["Actividad permisos"]
    assert (await services.plans.apply(without)).changes == (), "it is archived once"
    report = await services.plans.apply(plan(activities=[activity("permisos"), activity("planos", text="Otra vez")]))
    assert done(report) == {"activity planos": RESTORED}
    assert fields(report, "activity planos") == {
        "number": ("1", "2"),
        "text": ("Actividad planos", "Otra vez"),
    }
    history = await services.activities.history(1, 2)
    assert history is not None
    assert [(each.state, each.undone) for each in history.entries] == [(ActivityState.DONE, True)]


# Sessions


async def test_a_session_is_dated_by_the_file(services: Services) -> None:
    await services.plans.apply(plan())
    assert [(m.state, m.starts_at) for m in await everything(services)] == [(MeetingState.UNSCHEDULED, None)] * 2
    dated = [
        meeting("primera", date=date(2022, 2, 15), time=time(10), place="Sala de sesiones", modality="in_person"),
        meeting("segunda", "2022-03", date=date(2022, 3, 15), time=time(12), link="https://example.org/sala"),
    ]
    report = await services.plans.apply(plan(sessions=dated))
    assert fields(report, "session primera")["state"] == ("unscheduled", "scheduled")
    first, second = await everything(services)
    assert (first.state, first.starts_at) == (MeetingState.SCHEDULED, datetime(2022, 2, 15, 10, tzinfo=ZONE))
    assert (first.place, first.modality) == ("Sala de sesiones", Modality.IN_PERSON)
    assert second.link == "https://example.org/sala"
    dated[0] = meeting("primera", date=date(2022, 2, 16), time=time(9))
    report = await services.plans.apply(plan(sessions=dated))
    assert set(fields(report, "session primera")) == {"starts_at", "place", "modality"}
    assert (await everything(services))[0].starts_at == datetime(2022, 2, 16, 9, tzinfo=ZONE)


async def test_an_hour_that_comes_twice_is_imported_once(services: Services) -> None:
    """In the night of 31 October 2021 in Mexico City, 01:30 came twice: two zones never agree on such an instant."""
    document = plan(
        activities=[activity("planos", "2021-10")],
        sessions=[meeting("primera", "2021-10", date=date(2021, 10, 31), time=time(1, 30))],
    )
    await services.plans.apply(document)
    assert (await services.plans.apply(document)).changes == ()


async def test_a_day_without_an_hour_is_no_date_yet(services: Services) -> None:
    document = plan(sessions=[meeting("primera", date=date(2022, 2, 15), place="Sala", modality="mixed")])
    await services.plans.apply(document)
    (first,) = await everything(services)
    assert (first.state, first.starts_at, first.place) == (MeetingState.UNSCHEDULED, None, "Sala")
    assert (await services.plans.apply(document)).changes == ()


async def test_a_session_that_was_held_says_on_which_day(services: Services) -> None:
    held = meeting("primera", date=date(2022, 2, 1), held=True)
    await services.plans.apply(
        plan(sessions=[held, meeting("segunda", date=date(2022, 2, 3), time=time(9), held=True)])
    )
    first, second = await everything(services)
    assert (first.state, first.held_on, first.starts_at) == (MeetingState.HELD, date(2022, 2, 1), None)
    assert (second.held_on, second.starts_at) == (date(2022, 2, 3), datetime(2022, 2, 3, 9, tzinfo=ZONE))


async def test_a_file_that_says_no_date_takes_none_away(services: Services, database: Database) -> None:
    await services.plans.apply(plan())
    starts_at = datetime(2022, 2, 15, 10, tzinfo=ZONE)
    await set_meeting(database, "primera", state=MeetingState.SCHEDULED, starts_at=starts_at, place="Sala")
    assert (await services.plans.apply(plan())).changes == ()
    assert (await everything(services))[0].place == "Sala"


@pytest.mark.parametrize("state", [MeetingState.CONVENED, MeetingState.HELD, MeetingState.CANCELLED])
async def test_what_the_file_says_of_the_date_counts_until_the_session_is_convened(
    services: Services, database: Database, state: MeetingState
) -> None:
    await services.plans.apply(plan())
    starts_at = datetime(2022, 2, 15, 10, tzinfo=ZONE)
    await set_meeting(database, "primera", state=state, starts_at=starts_at, held_on=date(2022, 2, 15), place="Sala")
    later = meeting("primera", date=date(2022, 2, 20), time=time(12), place="Otra", name="Sesión primera (bis)")
    report = await services.plans.apply(plan(sessions=[later, meeting("segunda", "2022-03")]))
    assert fields(report, "session primera") == {"name": ("Sesión primera", "Sesión primera (bis)")}
    first = (await everything(services))[0]
    assert (first.state, first.starts_at, first.place) == (state, starts_at, "Sala")


async def test_a_session_to_which_nothing_happened_is_deleted(services: Services, database: Database) -> None:
    dated = meeting("primera", date=date(2022, 2, 15), time=time(10))
    await services.plans.apply(plan(sessions=[dated, meeting("segunda", "2022-03")]))
    report = await services.plans.apply(plan(sessions=[meeting("tercera", "2022-03")]))
    assert done(report) == {"session primera": DELETED, "session segunda": DELETED, "session tercera": ADDED}
    assert [m.name for m in await everything(services)] == ["Sesión tercera"]
    async with database.read() as session:
        assert len((await session.execute(select(Meeting))).all()) == 1


async def test_one_to_which_something_happened_is_archived_and_may_come_back(
    services: Services, database: Database
) -> None:
    sessions = [meeting(key) for key in ("invitados", "cancelada", "celebrada", "fechada")]
    await services.plans.apply(plan(sessions=sessions))
    await services.invitations.create(1, "Luz Mora", Role.GUEST, by=None, meeting_numbers=[1])
    await set_meeting(database, "cancelada", state=MeetingState.CANCELLED)
    await set_meeting(database, "celebrada", state=MeetingState.HELD, held_on=date(2022, 2, 1))
    async with database.write() as session:  # as the secretary will, who changes nothing without leaving a trace
        dated = (await session.execute(select(Meeting).where(col(Meeting.key) == "fechada"))).scalar_one()
        await record(
            session, commission_id=1, at=NOW, actor_id=None, act="meeting.dated", subject=f"meeting:{dated.id}"
        )
        await session.commit()
    report = await services.plans.apply(plan(sessions=[]))
    assert done(report) == {f"session {entry['key']}": ARCHIVED for entry in sessions}
    assert await everything(services) == ()
    assert done(await services.plans.apply(plan(sessions=sessions))) == {
        f"session {entry['key']}": RESTORED for entry in sessions
    }
    assert [m.state for m in await everything(services)] == [
        MeetingState.UNSCHEDULED,
        MeetingState.CANCELLED,
        MeetingState.HELD,
        MeetingState.UNSCHEDULED,
    ]


async def test_one_of_which_the_bot_spoke_is_archived_and_the_rest_is_not_said(
    services: Services, database: Database
) -> None:
    await services.plans.apply(plan())
    secretary = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 7)
    notice = NewNotice(NoticeKind.DATE_MISSING, "date_missing:1", 1, secretary.person_id, NOW, meeting_id=1)
    async with database.write() as session:
        await queue(session, [notice, replace(notice, cause="date_missing:2", due_at=NOW + DAY)], NOW)
        await session.execute(
            update(Notice).where(col(Notice.due_at) == NOW).values(state=NoticeState.EXPIRED, reason="late")
        )
        await session.commit()
    assert done(await services.plans.apply(plan(sessions=[meeting("segunda", "2022-03")]))) == {
        "session primera": ARCHIVED,
        "session segunda": CHANGED,
    }
    states = {record.due_at: record.state for record in await services.outbox.records()}
    assert states == {NOW: NoticeState.EXPIRED, NOW + DAY: NoticeState.CANCELLED}


async def test_a_convened_session_cannot_leave_the_file(services: Services, database: Database) -> None:
    await services.plans.apply(plan())
    await set_meeting(
        database, "segunda", state=MeetingState.CONVENED, starts_at=datetime(2022, 3, 15, 10, tzinfo=ZONE)
    )
    before = await content(database)
    edited = plan(
        short_name="Obras",
        activities=[activity("nueva")],
        sessions=[meeting("primera", name="Otra")],
        people=[person("ana", "Ana Ruiz")],
    )
    for dry_run in (True, False):
        with pytest.raises(ImportConflictError, match=r"session segunda is convened.*cancel the session first"):
            await services.plans.apply(edited, dry_run=dry_run)
    assert await content(database) == before, "nothing of that file was applied"


async def test_what_the_secretary_added_stays_after_the_sessions_of_the_file(services: Services) -> None:
    await services.plans.apply(plan())
    secretary = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    to = Appointment(datetime(2022, 2, 20, 10, tzinfo=ZONE), Modality.REMOTE, link="https://example.org/sala")
    assert (await services.calendar.add_extraordinary(secretary, "Uno", to)).number == 3
    before = (await everything(services))[2]
    shorter = plan(sessions=[meeting("primera")])
    assert done(await services.plans.apply(shorter)) == {"session added:1": CHANGED, "session segunda": DELETED}
    assert (await everything(services))[1] == replace(before, number=2)
    assert (await services.plans.apply(shorter)).changes == ()
    assert (await services.calendar.add_extraordinary(secretary, "Dos", to)).number == 3
    await services.plans.apply(plan())
    assert [(m.number, m.topics) for m in await everything(services)] == [
        (1, ("Lista",)),
        (2, ("Lista",)),
        (3, ("Uno",)),
        (4, ("Dos",)),
    ]


async def test_an_import_that_breaks_in_the_middle_leaves_nothing(services: Services, database: Database) -> None:
    await services.plans.apply(plan())
    async with database.write() as session:
        await session.execute(text("ALTER TABLE audit_event RENAME TO lost"))
        await session.commit()
    edited = plan(short_name="Obras", activities=[activity("nueva")], people=[person("ana", "Ana Ruiz")])
    with pytest.raises(DBAPIError):
        await services.plans.apply(edited)  # what it did is logged last
    async with database.write() as session:
        await session.execute(text("ALTER TABLE lost RENAME TO audit_event"))
        await session.commit()
    assert (await services.plans.apply(plan())).changes == ()
    assert (await services.commissions.all())[0].short_name == "Obra"


# People


async def seats(services: Services, commission_id: int = 1) -> list[tuple[str, Role, date]]:
    return [(m.name, m.role, m.starts_on) for m in await services.members.of(commission_id)]


async def former(services: Services) -> list[tuple[str, Role, date | None]]:
    return [(m.name, m.role, m.ends_on) for m in await services.members.former(1)]


async def people(database: Database) -> list[tuple[str | None, str]]:
    async with database.read() as session:
        rows = await session.execute(select(col(Person.key), col(Person.name)).order_by(col(Person.id)))
        return [(row.key, row.name) for row in rows]


async def test_a_person_may_change_name_title_and_position(services: Services) -> None:
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    await enrol(services, "Ana Ruiz", Role.MEMBER, 7)
    renamed = person("ana", "Ana Ruiz Mora", title="Dra.", position="Consejera", since=SINCE + DAY)
    report = await services.plans.apply(plan(people=[renamed]))
    assert fields(report, "person ana") == {
        "name": ("Ana Ruiz", "Ana Ruiz Mora"),
        "title": ("", "Dra."),
        "position": ("", "Consejera"),
        "starts_on": ("2022-01-10", "2022-01-11"),
    }
    (member,) = await services.members.of(1)
    assert (member.full_name, member.position) == ("Dra. Ana Ruiz Mora", "Consejera")
    assert member.reach is Reach.REACHABLE, "the account stays"


async def test_a_new_role_ends_the_old_seat_and_begins_another(services: Services) -> None:
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    await enrol(services, "Ana Ruiz", Role.MEMBER, 7)
    presides = date(2022, 2, 1)
    report = await services.plans.apply(plan(people=[person("ana", "Ana Ruiz", Role.PRESIDENCY, presides)]))
    assert fields(report, "person ana") == {"role": ("member", "presidency")}
    assert await seats(services) == [("Ana Ruiz", Role.PRESIDENCY, presides)]
    assert await former(services) == [("Ana Ruiz", Role.MEMBER, presides)]
    actor = await services.identity.of(7)
    assert actor is not None
    assert [seat.role for seat in actor.seats] == [Role.PRESIDENCY]


@pytest.mark.parametrize("days", [0, -3], ids=["the same day", "an earlier day"])
async def test_a_role_that_was_wrong_from_the_start_is_corrected(services: Services, days: int) -> None:
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    await enrol(services, "Ana Ruiz", Role.MEMBER, 7)
    edited = plan(people=[person("ana", "Ana Ruiz", Role.PRESIDENCY, SINCE + days * DAY)])
    report = await services.plans.apply(edited)
    assert fields(report, "person ana")["role"] == ("member", "presidency")
    assert not report.warnings
    assert await seats(services) == [("Ana Ruiz", Role.PRESIDENCY, SINCE + days * DAY)]
    assert await former(services) == []
    assert (await services.plans.apply(edited)).changes == ()


@pytest.mark.parametrize("did", ["convened", "acted"])
async def test_what_was_done_in_a_role_stays_done_in_it(services: Services, did: str) -> None:
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz", Role.TECHNICAL_UNIT)]))
    ana = await enrol(services, "Ana Ruiz", Role.TECHNICAL_UNIT, 7)
    if did == "acted":
        await services.progress.record(ana, 1, ActivityState.IN_PROGRESS, after=0)
    else:
        secretary = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
        first = (await services.meetings.of([secretary]))[0]
        to = Appointment(NOW + 10 * DAY, Modality.IN_PERSON, "Sala")
        dated = await services.calendar.appoint(secretary, first.id, first.since, to)
        await services.convocations.convene(secretary, dated.id, dated.since, NOW, 1)
    edited = plan(people=[person("ana", "Ana Ruiz", Role.PRESIDENCY)])
    report = await services.plans.apply(edited)
    today = NOW.astimezone(ZONE).date()
    assert fields(report, "person ana") == {"role": ("technical_unit", "presidency")}
    (warning,) = report.warnings
    assert f"acted as technical_unit, so is presidency from {today} on" in warning
    assert ("Ana Ruiz", Role.PRESIDENCY, today) in await seats(services)
    assert await former(services) == [("Ana Ruiz", Role.TECHNICAL_UNIT, today)]
    again = await services.plans.apply(edited)
    assert (again.changes, again.warnings) == ((), ())


async def test_whoever_leaves_the_file_before_being_invited_is_deleted(services: Services, database: Database) -> None:
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    report = await services.plans.apply(plan())
    assert done(report) == {"person ana": DELETED}
    assert (await seats(services), await former(services), await people(database)) == ([], [], [])


async def test_whoever_was_convened_becomes_a_former_member(services: Services, clock: ManualClock) -> None:
    """Though they never enrolled: the record of who was convened names them."""
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    secretary = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 7)
    first = (await services.meetings.of([secretary]))[0]
    to = Appointment(NOW + 10 * DAY, Modality.IN_PERSON, "Sala")
    dated = await services.calendar.appoint(secretary, first.id, first.since, to)
    await services.convocations.convene(secretary, dated.id, dated.since, NOW, 1)
    clock.advance_to(NOW + DAY)
    assert done(await services.plans.apply(plan())) == {"person ana": ARCHIVED}
    assert await former(services) == [("Ana Ruiz", Role.MEMBER, (NOW + DAY).date())]


@pytest.mark.parametrize("enrolled", [False, True], ids=["invited", "enrolled"])
async def test_whoever_was_invited_becomes_a_former_member_and_may_return(
    services: Services, database: Database, clock: ManualClock, enrolled: bool
) -> None:
    whole = plan(people=[person("ana", "Ana Ruiz")])
    await services.plans.apply(whole)
    if enrolled:
        await enrol(services, "Ana Ruiz", Role.MEMBER, 7)
    else:
        await services.invitations.create(1, "Ana Ruiz", Role.MEMBER, by=None)
    clock.advance_to(datetime(2022, 2, 10, 23, tzinfo=ZONE))
    assert done(await services.plans.apply(plan())) == {"person ana": ARCHIVED}
    assert await seats(services) == []
    assert await former(services) == [("Ana Ruiz", Role.MEMBER, date(2022, 2, 10))], "the commission's day, not UTC's"
    assert (await services.plans.apply(plan())).changes == ()
    assert done(await services.plans.apply(whole)) == {"person ana": ADDED}
    assert await seats(services) == [("Ana Ruiz", Role.MEMBER, SINCE)]
    assert await people(database) == [("ana", "Ana Ruiz")]
    (member,) = await services.members.of(1)
    assert (member.reach is Reach.REACHABLE) == enrolled


async def test_whoever_was_invited_by_name_is_the_person_whom_the_plan_names_later(
    services: Services, database: Database
) -> None:
    await services.plans.apply(plan())
    await enrol(services, "RUIZ, ANA", Role.MEMBER, 6)
    seat = await enrol(services, "Mtra. ana ruiz", Role.PARTY_REPRESENTATIVE, 7)
    report = await services.plans.apply(plan(people=[person("ana", "Ana Ruíz", Role.PARTY_REPRESENTATIVE)]))
    assert fields(report, "person ana")["key"] == ("None", "ana")
    assert await people(database) == [(None, "RUIZ, ANA"), ("ana", "Ana Ruíz")]
    actor = await services.identity.of(7)
    assert actor is not None
    assert (actor.person_id, actor.name, len(actor.seats)) == (seat.person_id, "Ana Ruíz", 1)


async def test_the_plan_says_nothing_of_those_who_were_invited_by_name(services: Services) -> None:
    await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))
    await enrol(services, "Luz Mora", Role.PARTY_REPRESENTATIVE, 7)
    assert (await services.plans.apply(plan(people=[person("ana", "Ana Ruiz")]))).changes == ()
    await services.plans.apply(plan())
    assert [name for name, _, _ in await seats(services)] == ["Luz Mora"]


async def test_a_seat_that_was_ended_in_chat_stays_ended(services: Services, clock: ManualClock) -> None:
    """The secretary knew it first: an old file must not open the door again. A later date in the file does."""
    whole = plan(people=[person("ana", "Ana Ruiz")])
    await services.plans.apply(whole)
    await enrol(services, "Ana Ruiz", Role.MEMBER, 7)
    secretary = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    ana = next(m for m in await services.members.of(1) if m.name == "Ana Ruiz")
    ended = date(2022, 2, 4)
    await services.members.end(secretary, ana.membership_id, ended)
    for document in (whole, plan(), whole):
        assert (await services.plans.apply(document)).changes == ()
    assert [name for name, _, _ in await seats(services)] == ["Luz Mora"]
    again = plan(people=[person("ana", "Ana Ruiz", since=ended + DAY)])
    assert done(await services.plans.apply(again)) == {"person ana": ADDED}
    assert ("Ana Ruiz", Role.MEMBER, ended + DAY) in await seats(services)


async def test_a_role_that_was_changed_in_chat_stays_changed(services: Services) -> None:
    whole = plan(people=[person("ana", "Ana Ruiz")])
    await services.plans.apply(whole)
    await enrol(services, "Ana Ruiz", Role.MEMBER, 7)
    secretary = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    (ana, _) = await services.members.of(1)
    await services.members.end(secretary, ana.membership_id, date(2022, 2, 4))
    await enrol(services, "Ana Ruiz", Role.PRESIDENCY, 7)
    before = await seats(services)
    assert ("Ana Ruiz", Role.PRESIDENCY, date(2022, 2, 5)) in before
    assert (await services.plans.apply(whole)).changes == ()
    assert await seats(services) == before
    report = await services.plans.apply(plan(people=[person("ana", "Ana Ruiz Mora")]))
    assert fields(report, "person ana") == {"name": ("Ana Ruiz", "Ana Ruiz Mora")}, "the rest of the file counts"


async def test_two_commissions_share_a_person_by_key(services: Services, database: Database) -> None:
    await services.plans.apply(plan("obra", people=[person("ana", "Ana Ruiz", Role.PRESIDENCY)]))
    await services.plans.apply(plan("agua", people=[person("ana", "Ana Ruiz", title="Dra.")]))
    assert await people(database) == [("ana", "Ana Ruiz")]
    await enrol(services, "Ana Ruiz", Role.PRESIDENCY, 7, commission_id=1)
    actor = await services.identity.of(7)
    assert actor is not None
    assert [(seat.commission, seat.role) for seat in actor.seats] == [("Obra", Role.PRESIDENCY), ("Agua", Role.MEMBER)]
    assert (await services.members.of(1))[0].full_name == "Dra. Ana Ruiz", "one person has one title"
    await services.plans.apply(plan("agua"))
    assert (await seats(services, 2), len(await seats(services, 1))) == ([], 1)
    assert await people(database) == [("ana", "Ana Ruiz")]


async def test_a_key_is_never_two_people(services: Services, database: Database) -> None:
    """A generic key would hand the account of one presidency to that of another commission."""
    await services.plans.apply(plan("obra", people=[person("presidencia", "Ana Ruiz", Role.PRESIDENCY)]))
    await enrol(services, "Ana Ruiz", Role.PRESIDENCY, 7)
    before = await content(database)
    other = plan("agua", people=[person("presidencia", "Luz Mora", Role.PRESIDENCY)])
    with pytest.raises(
        ImportConflictError, match="presidencia is Ana Ruiz in another commission, and Luz Mora in this"
    ):
        await services.plans.apply(other)
    assert await content(database) == before
    same = plan("agua", people=[person("presidencia", "Mtra. ANA RUÍZ", Role.PRESIDENCY, title="Mtra.")])
    report = await services.plans.apply(same)
    assert done(report)["person presidencia"] is ADDED
    assert fields(report, "person presidencia") == {"name": ("Ana Ruiz", "Mtra. ANA RUÍZ"), "title": ("", "Mtra.")}


async def test_the_activities_and_sessions_of_two_commissions_may_have_the_same_keys(services: Services) -> None:
    await services.plans.apply(plan("obra"))
    await services.plans.apply(plan("agua", activities=[activity("planos", text="Otra")], sessions=[]))
    assert (await services.plans.apply(plan("obra"))).changes == ()
    assert len(await services.activities.of([1, 2])) == 4
    assert (len(await everything(services, 1)), len(await everything(services, 2))) == (2, 0)


# Any edits


@dataclass(frozen=True)
class Visible:
    """What members see of a commission."""

    activities: tuple[ActivityView, ...]
    meetings: tuple[MeetingView, ...]
    members: tuple[Member, ...]


async def visible(services: Services, commission_id: int) -> Visible:
    """Return it without the ids, which nobody sees."""
    return Visible(
        tuple(
            replace(a, id=0, commission_id=0, state=ActivityState.PENDING, last_entry=0)
            for a in await services.activities.of([commission_id])
        ),
        tuple(replace(m, id=0, commission_id=0) for m in await everything(services, commission_id)),
        tuple(
            replace(m, membership_id=0, person_id=0, enrolled_at=None, reach=Reach.NOT_ENROLLED)
            for m in sorted(await services.members.of(commission_id), key=lambda m: m.name)
        ),
    )


MONTHS = st.sampled_from(["2022-02", "2022-03"])
WORDS = st.sampled_from(["Uno", "Dos", "Tres"])


def some(entries: list[st.SearchStrategy[dict[str, Any]]], least: int = 0) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return any choice of those entries in any order."""
    return st.permutations(entries).flatmap(
        lambda order: st.integers(least, len(order)).flatmap(lambda size: st.tuples(*order[:size]).map(list))
    )


edits = st.fixed_dictionaries(
    {
        "activities": some(
            [st.builds(activity, st.just(key), MONTHS, text=WORDS) for key in ("planos", "permisos", "informe")], 1
        ),
        "sessions": some(
            [
                *(st.builds(meeting, st.just(key), MONTHS, name=WORDS) for key in ("primera", "segunda")),
                st.builds(meeting, st.just("instalacion"), date=st.just(date(2022, 2, 1)), held=st.just(True)),
            ]
        ),
        "people": some(
            [
                st.builds(
                    person,
                    st.just(name.lower()),
                    st.just(f"{name} Ruiz"),
                    st.sampled_from([Role.MEMBER, Role.PRESIDENCY]),
                    st.dates(SINCE, SINCE + 20 * DAY),
                    position=WORDS,
                )
                for name in ("Ana", "Luz", "Eva")
            ]
        ),
    }
)
_keys = count(1)


def of_commission(key: str, edit: dict[str, Any]) -> PlanDocument:
    """Return the plan; people are one person wherever their key stands, so those of each commission are its own."""
    return plan(key, **edit | {"people": [{**each, "key": f"{each['key']}-{key}"} for each in edit["people"]]})


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits, st.lists(edits, min_size=1, max_size=3), st.data())
async def test_whatever_was_imported_in_between_the_file_prevails_and_what_was_recorded_stays(
    services: Services, first: dict[str, Any], others: list[dict[str, Any]], data: st.DataObject
) -> None:
    key = f"c{next(_keys)}"
    alone, edited = of_commission(f"{key}-alone", first), of_commission(key, first)
    await services.plans.apply(alone)
    await services.plans.apply(edited)
    ids = {commission.key: commission.id for commission in await services.commissions.all()}
    for number, member in enumerate(await services.members.of(ids[key])):
        if data.draw(st.booleans(), label=f"{member.name} enrols"):
            await enrol(services, member.name, member.role, ids[key] * 10 + number, ids[key])
    secretary = await enrol(services, "Ada Paz", Role.TECHNICAL_SECRETARY, ids[key] * 10 + 9, ids[key])
    numbers = range(1, len(first["activities"]) + 1)
    recorded = data.draw(st.dictionaries(st.sampled_from(numbers), st.sampled_from(ActivityState)), label="recorded")
    for number, state in recorded.items():
        await services.progress.record(secretary, number, state, after=0)

    for other in others:
        await services.plans.apply(of_commission(key, other))
        assert (await services.plans.apply(of_commission(key, other))).changes == ()
    await services.plans.apply(edited)

    shown = await visible(services, ids[key])
    assert replace(shown, members=tuple(m for m in shown.members if m.name != "Ada Paz")) == await visible(
        services, ids[alone.commission.key]
    )
    assert {a.number: a.state for a in await services.activities.of([ids[key]])} == {
        number: recorded.get(number, ActivityState.PENDING) for number in numbers
    }
