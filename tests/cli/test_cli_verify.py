"""`prep-bot verify`: the log is as it was written, or the first entry that is not is named."""

import sqlite3
from contextlib import closing

from prep_bot.domain.role import Role
from prep_bot.services.container import Services
from tests.support.operator import PLAN, Operator


def tamper(operator: Operator, statement: str) -> None:
    with closing(sqlite3.connect(operator.database)) as database:
        database.execute(statement)
        database.commit()


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
