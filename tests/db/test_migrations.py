"""The tables: made by migrations that agree with the models, by one process at a time, and closed to illegal states."""

import asyncio
import importlib
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, MetaData, Table, TextClause, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col

import prep_bot.db
from prep_bot.db.agenda import AgendaItem
from prep_bot.db.announcement import Announcement
from prep_bot.db.attendance import AttendanceRecord
from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database, create_engine
from prep_bot.db.file import StoredFile
from prep_bot.db.meeting import Meeting
from prep_bot.db.migrate import UnknownSchemaError, alembic_config, migrate
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import Invitation, Membership, Person
from prep_bot.db.petition import Petition
from prep_bot.db.plan import Activity, ProgressEntry
from prep_bot.db.runtime import ClockStamp, Heartbeat
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import LEGAL_CHANGES, MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.domain.role import Role

NOON = datetime(2022, 4, 3, 18, tzinfo=UTC)
DAY = date(2022, 4, 3)


async def run(database: Database, work: Callable[[Connection], Any]) -> Any:
    await database.dispose()  # a connection made before another process changed the tables remembers the old ones
    async with database.writer() as connection:
        result = await connection.run_sync(work)
        await connection.commit()
    return result


def models() -> MetaData:
    """What the models say, all of them: a table whose module nobody imports would not be missed."""
    for module in pkgutil.iter_modules(prep_bot.db.__path__, "prep_bot.db."):
        importlib.import_module(module.name)
    return SQLModel.metadata


def structure(connection: Connection) -> dict[str, Any]:
    """What the database itself says of its tables."""

    def plain(found: Any) -> Any:
        if isinstance(found, Mapping):
            return {name: plain(value) for name, value in found.items()}
        return str(found) if isinstance(found, TextClause) else repr(found)

    def in_order(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return sorted((plain(each) for each in found), key=str)

    inspector = inspect(connection)
    return {
        table: {
            "columns": in_order(inspector.get_columns(table)),
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": in_order(inspector.get_foreign_keys(table)),
            "unique": in_order(inspector.get_unique_constraints(table)),
            "checks": in_order(inspector.get_check_constraints(table)),
            "indexes": in_order(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


async def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), models())

    assert await run(database, differences) == []


async def test_down_and_up_again(database: Database) -> None:
    migrated = await run(database, structure)
    await run(database, lambda connection: command.downgrade(alembic_config(connection), "base"))
    assert await run(database, structure) == {}
    await run(database, models().create_all)
    modelled = await run(database, structure)
    assert modelled == migrated, "checks and partial indexes too, which Alembic does not compare"
    await run(database, models().drop_all)
    await migrate(database)
    assert await run(database, structure) == migrated


async def test_there_is_one_line_of_migrations(database: Database) -> None:
    heads = await run(database, lambda connection: ScriptDirectory.from_config(alembic_config(connection)).get_heads())
    assert len(heads) == 1


async def test_migrating_again_changes_nothing(database: Database) -> None:
    before = await run(database, structure)
    await migrate(database)
    assert await run(database, structure) == before


async def test_several_that_start_at_once_migrate_once(database_url: str) -> None:
    opened = [Database(create_engine(database_url)) for _ in range(4)]
    try:
        await asyncio.gather(*(migrate(database) for database in opened))
        for database in opened:
            async with database.read() as session:
                assert (await session.execute(select(Heartbeat))).all() == []
    finally:
        for database in opened:
            await database.dispose()


async def test_foreign_keys_are_on_again_after_a_migration(database_url: str) -> None:
    database = Database(create_engine(database_url))
    try:
        await migrate(database)  # in the one connection that the pool then gives again
        async with database.write() as session:
            session.add(Membership(commission_id=1, person_id=1, role=Role.GUEST, starts_on=DAY))
            with pytest.raises(IntegrityError):
                await session.commit()
    finally:
        await database.dispose()


# What follows is about a newer version of the program: a copy of this one with two migrations more.

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {revision!r}, {after!r}, None, None


def upgrade():
    with op.batch_alter_table({table!r}, recreate="auto") as table:
        table.add_column(sa.Column("nickname", sa.String(), nullable=False, server_default="Anita"))
        table.alter_column("name", existing_type=sa.String(), type_=sa.String(length=200))
    pass
"""

MIGRATE = """
import asyncio, sys
from prep_bot.db.engine import Database, create_engine
from prep_bot.db.migrate import migrate

asyncio.run(migrate(Database(create_engine(sys.argv[1]))))
"""


@pytest.fixture
def head() -> str:
    """The newest revision of this version."""
    script = ScriptDirectory(Path(prep_bot.db.__path__[0]) / "migrations")
    (found,) = script.get_heads()
    return found


@pytest.fixture
def newer(tmp_path: Path, head: str) -> Path:
    """A folder with the newer version of the program."""
    copy = tmp_path / "newer"
    shutil.copytree(
        Path(prep_bot.db.__path__[0]).parent, copy / "prep_bot", ignore=shutil.ignore_patterns("__pycache__")
    )
    versions = copy / "prep_bot/db/migrations/versions"
    for revision, after, table in (("newer1", head, "person"), ("newer2", "newer1", "commission")):
        source = MIGRATION.format(revision=revision, after=after, table=table)
        (versions / f"{revision}.py").write_text(source, "utf-8")
    return copy


def start(program: Path, database_url: str) -> "subprocess.Popen[str]":
    """Start a process of that version, which brings the database up to date."""
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE, database_url], cwd=program, stderr=subprocess.PIPE, text=True
    )


async def ended(*processes: "subprocess.Popen[str]") -> list[tuple[int, str]]:
    """Wait for the processes; return the exit code of each and what it complained of."""

    async def one(process: "subprocess.Popen[str]") -> tuple[int, str]:
        _, errors = await asyncio.to_thread(process.communicate, timeout=60)
        return process.returncode, errors

    return await asyncio.gather(*(one(process) for process in processes))


async def content(database: Database) -> dict[str, list[Any]]:
    """Return all rows of the tables that the models know, as plain values."""

    def rows(connection: Connection) -> dict[str, list[Any]]:
        return {
            name: [tuple(row) for row in connection.execute(text(f"SELECT {columns(table)} FROM {name}"))]  # noqa: S608
            for name, table in models().tables.items()
        }

    def columns(table: Table) -> str:
        return ", ".join(f'"{column.name}"' for column in table.columns)

    return await run(database, rows)


async def test_no_row_is_lost_when_a_table_that_others_refer_to_is_made_anew(
    database: Database, database_url: str, newer: Path
) -> None:
    await one_of_each(database)
    before = await content(database)
    assert await ended(start(newer, database_url)) == [(0, "")]
    assert await content(database) == before
    async with database.read() as session:
        assert (await session.execute(text("SELECT nickname FROM person"))).scalars().all() == ["Anita"]


async def test_two_processes_that_start_together_migrate_once(database_url: str, newer: Path) -> None:
    assert await ended(start(newer, database_url), start(newer, database_url)) == [(0, ""), (0, "")]


async def test_of_two_migrations_one_of_which_fails_none_is_applied(
    database: Database, database_url: str, newer: Path, head: str
) -> None:
    await one_of_each(database)
    before = await content(database), await run(database, structure)
    second = newer / "prep_bot/db/migrations/versions/newer2.py"
    second.write_text(second.read_text("utf-8").replace("pass", "1 / 0"), "utf-8")
    ((code, error),) = await ended(start(newer, database_url))
    assert code == 1
    assert "ZeroDivisionError" in error
    assert (await content(database), await run(database, structure)) == before
    async with database.read() as session:
        assert (await session.execute(text("SELECT version_num FROM alembic_version"))).scalars().all() == [head]


async def test_a_migration_that_leaves_rows_without_their_parent_is_not_applied(
    database: Database, database_url: str, newer: Path
) -> None:
    await one_of_each(database)
    before = await content(database)
    second = newer / "prep_bot/db/migrations/versions/newer2.py"
    second.write_text(second.read_text("utf-8").replace("pass", "op.execute('DELETE FROM person')"), "utf-8")
    ((code, error),) = await ended(start(newer, database_url))
    assert code == 1
    assert "without their parent" in error or "violates foreign key" in error, error
    assert await content(database) == before


async def test_a_database_of_a_newer_version_is_left_alone(database: Database, database_url: str, newer: Path) -> None:
    assert await ended(start(newer, database_url)) == [(0, "")]
    with pytest.raises(UnknownSchemaError, match="newer2"):
        await migrate(database)
    assert await ended(start(newer, database_url)) == [(0, "")], "the newer version still opens it"


# What no code may store, however wrong it is.

ANOTHER_MEETING = (
    "INSERT INTO meeting (commission_id, key, number, kind, name, urgency, month, state, since, call, place, link, "
    "topics, note, added) SELECT commission_id, 'other', number, kind, name, urgency, month, '{}', since, call, place, "
    "link, topics, note, added FROM meeting"
)

ILLEGAL: list[tuple[str, str]] = [
    ("ck_addressee_answer_known", "UPDATE addressee SET answer = 'perhaps', answered_at = '2022-04-04'"),
    ("ck_addressee_answered_at_some_time", "UPDATE addressee SET answer = 'remote'"),
    ("ck_addressee_answered_at_some_time", "UPDATE addressee SET answered_at = '2022-04-04'"),
    ("ck_addressee_told_by_some_means", "UPDATE addressee SET told_means = 'oficio'"),
    ("ck_addressee_told_recorded_by_somebody", "UPDATE addressee SET told_at = '2022-04-04', told_means = 'oficio'"),
    ("ck_addressee_told_recorded_by_somebody", "UPDATE addressee SET told_recorded_by = person_id"),
    ("ck_agenda_item_standard_known", "UPDATE agenda_item SET standard = 'coffee'"),
    ("ck_announcement_attachment_known", "UPDATE announcement SET file_id = 'f', attachment = 'bomb'"),
    ("ck_announcement_file_of_a_kind", "UPDATE announcement SET file_id = 'f'"),
    ("ck_attendance_arrived_who_attends", "UPDATE attendance SET arrived_at = '2022-04-04'"),
    ("ck_attendance_attendance_known", "UPDATE attendance SET attendance = 'asleep'"),
    ("ck_clock_stamp_only_one", "UPDATE clock_stamp SET id = 2"),
    ("ck_delivery_to_a_person_or_a_group", "UPDATE delivery SET person_id = NULL"),
    ("ck_delivery_to_a_person_or_a_group", "UPDATE delivery SET group_of = (SELECT id FROM commission)"),
    ("ck_delivery_state_known", "UPDATE delivery SET state = 'lost'"),
    ("ck_delivery_leased_until", "UPDATE delivery SET state = 'leased'"),
    ("ck_delivery_leased_until", "UPDATE delivery SET lease_until = '2022-04-04'"),
    ("ck_delivery_sent_as_message", "UPDATE delivery SET state = 'sent'"),
    ("ck_invitation_used_or_revoked", "UPDATE invitation SET used_at = '2022-04-04', revoked_at = '2022-04-04'"),
    ("ck_meeting_dated_before_convened", "UPDATE meeting SET state = 'scheduled'"),
    ("ck_meeting_dated_before_convened", ANOTHER_MEETING.format("convened")),
    ("ck_meeting_dated_before_convened", ANOTHER_MEETING.format("no_quorum")),
    (
        "ck_meeting_in_session_with_quorum",
        ANOTHER_MEETING.format("in_session")
        .replace("(commission_id", "(starts_at, commission_id")
        .replace("SELECT commission_id", "SELECT since, commission_id"),
    ),
    ("ck_meeting_held_on_a_day", "UPDATE meeting SET state = 'held'"),
    ("ck_meeting_kind_known", "UPDATE meeting SET kind = 'secret'"),
    ("ck_meeting_modality_known", "UPDATE meeting SET modality = 'by_telepathy'"),
    ("ck_meeting_state_known", ANOTHER_MEETING.format("lost")),
    ("ck_meeting_undated_has_no_date", "UPDATE meeting SET starts_at = '2022-04-04'"),
    ("ck_meeting_urgent_for_a_reason", "UPDATE meeting SET kind = 'urgent'"),
    ("ck_meeting_urgent_for_a_reason", "UPDATE meeting SET urgency = 'Motivo'"),
    ("ck_membership_dates_in_order", "UPDATE membership SET ends_on = '2022-04-02'"),
    ("ck_membership_role_known", "UPDATE membership SET role = 'king'"),
    ("ck_notice_kind_known", "UPDATE notice SET kind = 'rumour'"),
    ("ck_notice_state_known", "UPDATE notice SET state = 'lost'"),
    ("ck_petition_reached_or_withdrawn", "UPDATE petition SET reached_at = made_at, withdrawn_at = made_at"),
    ("ck_progress_entry_state_known", "UPDATE progress_entry SET state = 'nearly'"),
    ("ck_progress_entry_undone_by_somebody", "UPDATE progress_entry SET undone_at = '2022-04-04'"),
    ("ck_progress_entry_undone_by_somebody", "UPDATE progress_entry SET undone_by = recorded_by"),
]


async def one_of_each(database: Database) -> None:
    """A row of each table that has rules."""
    async with database.write() as session:
        commission = Commission(
            key="obra",
            name="Obra",
            short_name="Obra",
            institution="I",
            details={},
            rules={},
            activated_at=NOON,
            derived_until=NOON,
        )
        person = Person(name="Ana Ruiz")
        session.add_all([commission, person, ClockStamp(start=NOON, origin=NOON, rate=60)])
        await session.flush()
        theirs: Mapping[str, Any] = {"commission_id": commission.id}
        both: Mapping[str, Any] = {**theirs, "person_id": person.id}
        activity = Activity(**theirs, key="a", number=1, month=Month.of(DAY), text="A", deadline=DAY)
        meeting = Meeting(
            **theirs,
            key="m",
            number=1,
            kind=MeetingKind.ORDINARY,
            name="M",
            month=Month.of(DAY),
            state=MeetingState.UNSCHEDULED,
            since=NOON,
            modality=Modality.REMOTE,
            topics=["Uno"],
        )
        membership = Membership(**both, role=Role.MEMBER, created_at=NOON, starts_on=DAY)
        delivery = Delivery(person_id=person.id, priority=1, state=DeliveryState.QUEUED, next_attempt_at=NOON)
        announcement = Announcement(**theirs, text="Aviso", made_at=NOON, made_by=person.id or 0)
        session.add_all([activity, meeting, membership, delivery, announcement])
        await session.flush()
        convocation = Convocation(
            meeting_id=meeting.id or 0,
            version=1,
            starts_at=NOON,
            made_at=NOON,
            made_by=person.id or 0,
            sends_at=NOON,
            counts_from=NOON,
            particulars={},
            letter={},
            term={},
        )
        entry = ProgressEntry(
            activity_id=activity.id or 0, state=ActivityState.DONE, recorded_at=NOON, recorded_by=person.id or 0
        )
        notice = Notice(
            **both,
            cause="c",
            kind=NoticeKind.RELINKED,
            due_at=NOON,
            state=NoticeState.QUEUED,
            data={"x": [1]},
            delivery_id=delivery.id,
        )
        invitation = Invitation(membership_id=membership.id or 0, code_hash="h", created_at=NOON, expires_at=NOON)
        session.add_all([convocation, entry, notice, invitation])
        await session.flush()
        session.add(Addressee(convocation_id=convocation.id or 0, person_id=person.id or 0))
        absent = AttendanceRecord(
            meeting_id=meeting.id or 0,
            call=1,
            person_id=person.id or 0,
            attendance=Attendance.ABSENT,
            recorded_at=NOON,
            recorded_by=person.id or 0,
        )
        petition = Petition(
            **theirs, topic="T", reason="R", made_by=person.id or 0, made_at=NOON, lapses_at=NOON, needed=2
        )
        point = AgendaItem(meeting_id=meeting.id or 0, position=1, text="P")
        session.add_all(
            [absent, petition, point, StoredFile(sha256="f", size=1, media_type="text/plain", content=b"x")]
        )
        await session.commit()


def test_every_rule_of_the_tables_has_its_case_below() -> None:
    rules = {
        str(constraint.name)
        for table in models().tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert rules == {rule for rule, _ in ILLEGAL}


async def test_an_illegal_state_is_refused_by_the_database_itself(database: Database) -> None:
    await one_of_each(database)
    for rule, change in ILLEGAL:
        async with database.write() as session:
            with pytest.raises(IntegrityError, match=rule):
                await session.execute(text(change))


async def test_a_session_changes_its_state_only_as_is_legal(database: Database) -> None:
    """The database says of each pair of states what the domain says."""
    await one_of_each(database)

    def columns_in(state: MeetingState) -> dict[str, Any]:
        return {"starts_at": None if state.undated else NOON, "held_on": DAY, "quorum_at": NOON, "state": state}

    done = set()
    for before in MeetingState:
        for after in MeetingState:
            async with database.write() as session:
                another = (await session.execute(select(Meeting))).scalar_one()
                values = {c.name: getattr(another, c.name) for c in inspect(Meeting).columns} | columns_in(before)
                meeting = Meeting(**values | {"id": None, "key": "another"})
                session.add(meeting)
                await session.flush()
                change = update(Meeting).where(col(Meeting.id) == meeting.id).values(**columns_in(after))
                try:
                    await session.execute(change)
                except IntegrityError as error:
                    assert "illegal change of a session's state" in str(error)  # noqa: PT017 - most pairs raise nothing
                else:
                    done.add((before, after))
    legal = {(before, after) for before, afters in LEGAL_CHANGES.items() for after in afters}
    assert done == legal | {(state, state) for state in MeetingState}


async def test_a_person_has_one_current_seat_in_a_commission_and_any_number_of_ended_ones(database: Database) -> None:
    await one_of_each(database)
    columns = "commission_id, person_id, role, position, from_plan, created_at, starts_on"
    ended_too = text(f"INSERT INTO membership ({columns}, ends_on) SELECT {columns}, :on FROM membership LIMIT 1")  # noqa: S608
    async with database.write() as session:
        for _ in range(2):
            await session.execute(ended_too, {"on": DAY})
        with pytest.raises(IntegrityError):
            await session.execute(ended_too, {"on": None})
