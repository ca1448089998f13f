"""`prep-bot invite`, `invitations` and `revoke`."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from prep_bot.domain.role import Role
from prep_bot.services.container import Services
from prep_bot.services.invitations import UnusableCodeError
from tests.support.conversation import another_plan
from tests.support.operator import TOKEN, Operator

ZONE = ZoneInfo("America/Mexico_City")
_LINK = re.compile(r"https://t\.me/prep_prueba_bot\?start=([\w-]{22})")


def code_of(out: str) -> str:
    """Return the code of the link, which is the first line."""
    match = _LINK.fullmatch(out.splitlines()[0])
    assert match is not None, out
    return match[1]


async def test_a_person_of_the_plan(operator: Operator, services: Services) -> None:
    before = datetime.now(UTC)
    invited = await operator("invite", "--role", "member", "--name", "Mtra. nayma enriquez estrada")
    assert (invited.code, invited.err) == (0, "")
    assert "For Nayma Enríquez Estrada, member of PREP 2021-2022, and nobody else." in invited.out
    until = re.search(r"It works once, until (.{16}) \(America/Mexico_City\)\.", invited.out)
    assert until is not None
    expires = datetime.strptime(until[1], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    assert abs(expires - before - timedelta(days=7)) < timedelta(minutes=2)
    offered = await services.invitations.offer(code_of(invited.out))
    assert (offered.name, offered.role) == ("Nayma Enríquez Estrada", Role.MEMBER)
    assert sum(set(line) <= set("█▀▄ ") for line in invited.out.splitlines() if line) >= 18  # the QR code
    assert TOKEN not in invited.out
    assert "loses its access" not in invited.out

    await services.invitations.accept(code_of(invited.out), telegram_id=77)
    again = await operator("invite", "--role", "member", "--name", "Nayma Enríquez Estrada")
    assert "when they accept, their present Telegram account loses its access" in again.out


async def test_a_guest_is_invited_to_sessions(operator: Operator, services: Services) -> None:
    arguments = ("invite", "--role", "guest", "--name", "Ana Luz")
    (await operator(*arguments, "--meeting", "11")).refused("add --meeting N")
    invited = await operator(*arguments, "--meeting", "3", "--meeting", "4")
    assert "For Ana Luz, guest of PREP 2021-2022" in invited.out
    wrong = await operator("invite", "--role", "member", "--name", "Ana Luz", "--meeting", "3")
    assert (wrong.code, wrong.out) == (2, "")


@pytest.mark.parametrize(
    ("role", "name", "advice"),
    [
        ("member", " ", "correct --name"),
        ("technical_secretary", "Carmelita Sibaja Ochoa", "Carmelita Sibaja Ochoa is presidency in this commission"),
    ],
)
async def test_who_cannot_be_invited(operator: Operator, services: Services, role: str, name: str, advice: str) -> None:
    (await operator("invite", "--role", role, "--name", name)).refused(advice)
    assert await services.invitations.open(1) == ()


async def test_an_unknown_role(operator: Operator) -> None:
    unknown = await operator("invite", "--role", "boss", "--name", "Ana Luz")
    assert (unknown.code, unknown.out) == (2, "")


async def test_nothing_is_made_when_the_link_cannot_be(operator: Operator, services: Services) -> None:
    made = await services.invitations.create(1, "Ana Luz", Role.TECHNICAL_UNIT, by=None)
    arguments = ("invite", "--role", "technical_unit", "--name", "Ana Luz")
    (await operator(*arguments, token="")).refused("set PREP_BOT_TOKEN")
    (await operator(*arguments, api_base_url="http://127.0.0.1:1/bot")).refused("Telegram was not reached")
    assert (await services.invitations.offer(made.code)).name == "Ana Luz"


async def test_which_commission(operator: Operator, services: Services) -> None:
    empty = f"sqlite+aiosqlite:///{operator.folder / 'empty.sqlite3'}"
    arguments = ("invite", "--role", "technical_unit", "--name", "Ana Luz")
    (await operator(*arguments, database_url=empty)).refused("import its plan first")
    await services.plans.apply(another_plan("otra", "Otra Comisión"))
    (await operator(*arguments)).refused("add --commission with one of ieepco-prep-2021-2022, otra")
    (await operator(*arguments, "--commission", "ajena")).refused("no commission 'ajena'")
    invited = await operator(*arguments, "--commission", "otra")
    assert "For Ana Luz, technical unit of Otra Comisión" in invited.out


async def test_the_open_ones_are_listed_and_revoked(operator: Operator, services: Services) -> None:
    await services.plans.apply(another_plan("otra", "Otra Comisión"))
    ana = await services.invitations.create(1, "Ana Luz", Role.TECHNICAL_UNIT, by=None)
    beto = await services.invitations.create(2, "Beto Ruiz", Role.TECHNICAL_SECRETARY, by=None)
    listed = (await operator("invitations")).out.splitlines()
    assert [re.sub(r"until .*", "until …", line) for line in listed] == [
        "   1  Ana Luz, technical unit of PREP 2021-2022, until …",
        "   2  Beto Ruiz, technical secretary of Otra Comisión, until …",
    ]
    assert (await operator("invitations", "--commission", "otra")).out.splitlines() == listed[1:]

    revoked = await operator("revoke", "2")
    assert (revoked.code, revoked.out) == (0, "Invitation 2 is worthless now.\n")
    with pytest.raises(UnusableCodeError):
        await services.invitations.offer(beto.code)
    (await operator("revoke", "2")).refused("no invitation 2 can still be used")
    assert (await services.invitations.offer(ana.code)).name == "Ana Luz"
