"""`prep-bot verify`: the log is as it was written, or the first entry that is not is named."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from prep_bot.documents import certificate_of
from prep_bot.domain.meeting import Modality
from prep_bot.domain.role import Role
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from tests.support.operator import PLAN, Operator
from tests.support.small_plan import enrol


def tamper(operator: Operator, statement: str) -> None:
    with closing(sqlite3.connect(operator.database)) as database:
        database.execute(statement)
        database.commit()


def forge(constancia: Path, was: str, now: str) -> None:
    constancia.write_text(constancia.read_text("utf-8").replace(was, now, 1), "utf-8")


def put_head_on_its_last_entry(constancia: Path) -> None:
    """Let the file claim that its last entry is the head, under a hash that sorts behind every other."""
    data = json.loads(constancia.read_text("utf-8"))
    data["log"]["head"] = {"sequence": data["log"]["entries"][-1]["sequence"], "hash": "f" * 64}
    constancia.write_text(json.dumps(data), "utf-8")


async def test_a_sound_log(operator: Operator, services: Services) -> None:
    await services.invitations.create(1, "Ana", Role.MEMBER, by=None)
    (report,) = await services.ledger.check()
    shown = await operator("verify")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"{PLAN}: sound, {report.sequence} entries, head {report.sequence}:{report.hash}\n"
    assert (await operator("verify", "--head", f"{report.sequence}:{report.hash}")).code == 0


async def test_a_tampered_log(operator: Operator, services: Services) -> None:
    await services.invitations.create(1, "Ana", Role.MEMBER, by=None)
    tamper(operator, "UPDATE audit_event SET actor_id = NULL, act = 'invitation.revoked' WHERE sequence = 2")
    shown = await operator("verify")
    assert shown.code == 1
    assert shown.err.startswith(f"prep-bot: {PLAN}: entry 2 (invitation.revoked, ")
    assert shown.err.endswith("is not as it was written\n")
    assert shown.out.startswith(f"{PLAN}: broken, ")


async def test_a_log_whose_end_was_cut_off(operator: Operator, services: Services) -> None:
    """What is left of it is sound: only a head that was told before shows it."""
    await services.invitations.create(1, "Ana", Role.MEMBER, by=None)
    (report,) = await services.ledger.check()
    tamper(operator, "DELETE FROM audit_event WHERE sequence = (SELECT max(sequence) FROM audit_event)")
    assert (await operator("verify")).code == 0
    for head in (f"{report.sequence}:{report.hash}", "x", f"1:{report.hash}"):
        shown = await operator("verify", "--head", head)
        assert shown.code == 1
        assert "the log was rewritten after that head was told" in shown.err


@pytest.fixture
async def constancia(operator: Operator, services: Services) -> Path:
    """The data file of a constancia that this database issued."""
    secretary = await enrol(services, "Ana López Ríos", Role.TECHNICAL_SECRETARY, 7)
    meeting = await services.meetings.numbered(secretary, 8)
    assert meeting is not None
    now = services.clock.now()
    to = Appointment(now + timedelta(days=30), Modality.IN_PERSON, "Sala")
    dated = await services.calendar.appoint(secretary, meeting.id, meeting.since, to)
    convocation = await services.convocations.convene(secretary, dated.id, dated.since, now, 0)
    prepared = await services.certificates.prepare(secretary, convocation)
    issued = await services.certificates.issue(secretary, prepared, *certificate_of(prepared))
    file = operator.folder / "constancia.json"
    file.write_bytes(issued.json)
    return file


async def test_a_constancia_that_verifies(operator: Operator, constancia: Path) -> None:
    shown = await operator("verify", "--constancia", constancia.name)
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[0] == "constancia.json: sound by itself"
    assert lines[-1] == "constancia 1 of convocation 1: as it was issued"
    alone = await operator("verify", "--alone", "--constancia", constancia.name, database_url="nothing")
    said = "names, particulars and the hashes of documents are proved against the database only"
    assert (alone.code, alone.out) == (0, f"constancia.json: sound by itself\n{said}\n")


async def test_a_constancia_that_was_tampered_with(operator: Operator, constancia: Path) -> None:
    forge(constancia, "Ana López Ríos", "Ana Pérez Ríos")
    shown = await operator("verify", "--constancia", constancia.name)
    assert shown.code == 1
    assert shown.err == "prep-bot: constancia 1 of convocation 1 was issued otherwise: issued_by.name\n"


async def test_a_constancia_whose_entries_were_tampered_with(operator: Operator, constancia: Path) -> None:
    forge(constancia, "meeting.convened", "meeting.invented")
    shown = await operator("verify", "--alone", "--constancia", constancia.name)
    assert shown.code == 1
    assert "is not what its hash says" in shown.err


async def test_a_log_that_was_rewritten_after_a_constancia(operator: Operator, constancia: Path) -> None:
    """So well that its own chain is sound again: here, as if nothing had ever been written."""
    tamper(operator, "DELETE FROM audit_event")
    shown = await operator("verify", "--constancia", constancia.name)
    assert shown.code == 1
    assert "is not in the log: one of the two was rewritten" in shown.err
    assert "this database issued no constancia 1 of convocation 1" in shown.err


async def test_a_constancia_of_elsewhere(operator: Operator, constancia: Path) -> None:
    shown = await operator("verify", "--constancia", constancia.name, database_url="sqlite+aiosqlite:///other.sqlite3")
    assert shown.code == 1
    assert f"this database has no commission {PLAN}: --alone checks the constancia by itself" in shown.err


async def test_a_convocation_that_was_rewritten(operator: Operator, constancia: Path) -> None:
    tamper(operator, "UPDATE convocation SET particulars = replace(particulars, 'Sala', 'Otra sala')")
    shown = await operator("verify")
    assert shown.code == 1
    assert "(meeting.convened, meeting:8) is contradicted by the tables: the particulars of convocation 1" in shown.err


async def test_a_stored_file_that_was_altered(operator: Operator, constancia: Path) -> None:
    tamper(operator, "UPDATE stored_file SET content = x'25504446' WHERE media_type = 'application/pdf'")
    shown = await operator("verify")
    assert shown.code == 1
    assert "the content kept under" in shown.err


async def test_what_checks_nothing_is_refused(operator: Operator, constancia: Path, tmp_path: Path) -> None:
    for options in (["--alone"], ["--alone", "--constancia", str(constancia), "--head", "1:ab"]):
        shown = await operator("verify", *options)
        assert shown.code != 0
        assert "name its file with --constancia" in shown.err


async def test_a_head_that_is_not_its_entry(operator: Operator, constancia: Path) -> None:
    put_head_on_its_last_entry(constancia)
    shown = await operator("verify", "--alone", "--constancia", str(constancia))
    assert shown.code != 0
    assert "is not that entry" in shown.err
