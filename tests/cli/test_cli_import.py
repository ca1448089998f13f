"""`prep-bot import`: it shows what it does, does it once, and writes nothing when any of it is wrong."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.role import Role
from prep_bot.plans.file import packaged
from prep_bot.services.container import Services
from tests.support.operator import PLAN, Operator

FIRST = """\
PREP 2021-2022 is activated: nothing due before this moment will be announced.
PREP 2021-2022: 33 activities added, 10 sessions added, 3 people added.
"""
NOTHING = "Nothing to change.\n"


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the packaged plan with the changes, each of a text that it holds once."""
    text = packaged(PLAN).read_text("utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path = folder / "edited.toml"
    path.write_text(text, "utf-8")
    return path


async def test_twice(operator: Operator) -> None:
    operator.settings.clear()  # neither a token nor another server is needed, nor any setting
    rehearsed = await operator("import", "--dry-run", PLAN)
    assert rehearsed.code == 0
    assert "would be activated" in rehearsed.out
    assert rehearsed.out.endswith("Nothing was written: this was a dry run.\n")
    first = await operator("import", str(packaged(PLAN)))
    assert (first.code, first.out, first.err) == (0, FIRST, "")
    again = await operator("import", PLAN)
    assert (again.code, again.out, again.err) == (0, NOTHING, "")


async def test_a_dry_run_leaves_no_trace(operator: Operator) -> None:
    """Neither a file, nor a table, nor the stamp of a rehearsal's clock."""
    rehearsal = ("--clock-start", "2021-11-11T09:00:00-06:00")
    assert (await operator("import", "--dry-run", PLAN, *rehearsal)).code == 0
    assert not operator.database.exists()
    assert (await operator("import", PLAN)).code == 0
    before = operator.database.read_bytes()
    ended = await operator("import", "--dry-run", str(edited(operator.folder, ('title = "Mtro."', 'title = "Dr."'))))
    assert (ended.code, "title: Mtro. → Dr." in ended.out) == (0, True)
    assert operator.database.read_bytes() == before
    operator.database.write_bytes(b"")
    assert (await operator("import", "--dry-run", PLAN, *rehearsal)).code == 0
    assert operator.database.read_bytes() == b""


async def test_a_dry_run_over_what_is_no_database(operator: Operator) -> None:
    operator.database.write_bytes(b"no database" * 99)
    (await operator("import", "--dry-run", PLAN)).refused("the database file is not one, or is damaged")


async def test_two_at_once_migrate_once_and_activate_once(operator: Operator, database_url: str) -> None:
    outcomes = await asyncio.gather(*(operator("import", PLAN, database_url=database_url) for _ in range(2)))
    assert [(outcome.code, outcome.err) for outcome in outcomes] == [(0, "")] * 2
    assert sorted(outcome.out for outcome in outcomes) == [NOTHING, FIRST]


CHANGES = """\
changed   commission ieepco-prep-2021-2022
          details.technical_unit: Unidad de Servicios de Informática y Documentación → (nothing)
added     activity auditor
changed   activity difusores-oficiales
          month: 2022-05 → 2022-06
          deadline: 2022-05-31 → 2022-06-30
changed   activity estimado-actas-final
          text:
            - Estimado final de la cantidad de actas PREP que se prevé acopiar en cada CADT.
            + Estimado final de la cantidad de actas PREP que se prevé acopiar en cada CATD.
added     activity archivo
archived  activity ente-auditor
PREP 2021-2022: 1 commission changed, 2 activities added, 2 activities changed, 1 activity archived.
"""


async def test_an_edited_plan_shows_its_differences_and_keeps_what_was_recorded(
    operator: Operator, services: Services
) -> None:
    made = await services.invitations.create(1, "Beto Ruiz", Role.TECHNICAL_UNIT, by=None)
    await services.invitations.accept(made.code, telegram_id=77)
    beto = await services.identity.of(77)
    assert beto is not None
    for number in (13, 31):
        await services.progress.record(beto.seats[0], number, ActivityState.DONE, after=0)

    session = '[[sessions]]\nkey = "instalacion"'
    plan = edited(
        operator.folder,
        (session, f'[[activities]]\nkey = "archivo"\nmonth = "2022-06"\ntext = "Archivo."\n\n{session}'),
        ("CADT.", "CATD."),
        ('technical_unit = "Unidad de Servicios de Informática y Documentación"\n', ""),
        ('key = "difusores-oficiales"\nmonth = "2022-05"', 'key = "difusores-oficiales"\nmonth = "2022-06"'),
        ('key = "ente-auditor"', 'key = "auditor"'),
    )
    imported = await operator("import", str(plan))
    assert (imported.code, imported.out) == (0, CHANGES)

    activities = {activity.number: activity for activity in await services.activities.of([1])}
    assert len(activities) == 34
    assert activities[31].text.endswith("CATD.")
    assert [number for number, each in activities.items() if each.state is ActivityState.DONE] == [31]

    back = await operator("import", PLAN)
    assert "restored  activity ente-auditor\n" in back.out
    assert "deleted   activity archivo\n" in back.out
    states = {activity.number: activity.state for activity in await services.activities.of([1])}
    assert states[13] is ActivityState.DONE


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("format = 1", "format = 2"), "format, line "),
        (('month = "2022-06"\ntopics', 'month = "junio"\ntopics'), 'sessions[10] (key "ordinaria-8").month, line'),
        (("format = 1", "format = "), "is not TOML"),
    ],
)
async def test_a_broken_file_writes_nothing(operator: Operator, change: tuple[str, str], problem: str) -> None:
    plan = edited(operator.folder, change)
    ended = await operator("import", str(plan))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"prep-bot: {plan} is not a valid plan:\n  ")
    assert problem in ended.err
    assert not operator.database.exists()


async def test_the_file_cannot_take_back_what_has_happened(operator: Operator, services: Services) -> None:
    with closing(sqlite3.connect(operator.database)) as connection, connection:
        for state in ("scheduled", "convened"):
            change = "UPDATE meeting SET state = ?, starts_at = '2022-06-20 16:00:00' WHERE number = 10"
            connection.execute(change, (state,))
    text = packaged(PLAN).read_text("utf-8")
    start, end = text.index('[[sessions]]\nkey = "ordinaria-8"'), text.index("# What is not set here")
    plan = edited(operator.folder, (text[start:end], ""))
    (await operator("import", str(plan))).refused("cancel the session first")
    assert len(await services.activities.of([1])) == 33
