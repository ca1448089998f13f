"""The stage on which the demo plays: what a script may rely on."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from prep_bot.domain.role import Role
from prep_bot.simulation import script
from prep_bot.simulation.expectation.history import Act
from prep_bot.simulation.faults import ConnectionRefused
from prep_bot.simulation.play import PAUSE, Play, code_in
from prep_bot.simulation.scene import NoSuchButton
from prep_bot.simulation.stage import open_stage
from prep_bot.simulation.transcript import Line, Remark

ZONE = script.plan().rules.zone
START = datetime(2022, 2, 7, 10, tzinfo=ZONE)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'play.sqlite3'}"


@pytest.fixture
async def play(database_url: str) -> AsyncIterator[Play]:
    async with open_stage(START, database_url) as stage:
        opened = Play(stage, ZONE, lambda _: None)
        await opened.imports(script.plan())
        yield opened


async def test_people_take_their_time(play: Play) -> None:
    ana = play.player("Ana")
    await ana.enrols(await play.invites("Ana", Role.TECHNICAL_SECRETARY))
    at = [event.at for event in play.events if isinstance(event, Line) and event.direction == "in"]
    assert at == [START + PAUSE, START + 2 * PAUSE]


async def test_what_comes_due_while_people_read_is_done_at_its_own_instant(play: Play) -> None:
    """The first attempt fails; the second is due 5 s later, in the middle of a pause."""
    secretary, beto = play.player("Ana"), play.player("Beto")
    await secretary.enrols(await play.invites("Ana", Role.TECHNICAL_SECRETARY))
    await beto.enrols(await play.invites("Beto", Role.MEMBER))
    play.stage.telegram.fail_next("sendMessage", ConnectionRefused(), chat=secretary.user)
    await beto.blocks()
    blocked = play.stage.clock.now()
    await secretary.says("/avance")
    (told,) = (e for e in play.events if isinstance(e, Line) and e.place in play.stage.unprompted)
    assert told.at - blocked == timedelta(seconds=5)


async def test_what_the_bot_writes_by_itself_is_told_from_its_answers(play: Play) -> None:
    secretary, beto = play.player("Ana"), play.player("Beto")
    await secretary.enrols(await play.invites("Ana", Role.TECHNICAL_SECRETARY))
    await beto.enrols(await play.invites("Beto", Role.MEMBER))
    assert play.stage.unprompted == set()
    await beto.blocks()
    (notice,) = play.stage.unprompted
    last = play.stage.telegram.last(secretary.user)
    assert notice == (secretary.user.id, last.id)
    assert "Beto" in last.text


async def test_a_code_is_read_from_an_invitation_only(play: Play) -> None:
    secretary = play.player("Ana")
    await secretary.enrols(await play.invites("Ana", Role.TECHNICAL_SECRETARY))
    code = await secretary.asks_for_link("Instancia interna", "Beto")
    await play.player("Beto").enrols(code)
    with pytest.raises(LookupError):
        code_in(await secretary.says("/avance"))


async def test_a_slip_in_the_script_is_told_as_such(database_url: str) -> None:
    async def perform() -> None:
        async with open_stage(START, database_url) as stage:
            ana = Play(stage, ZONE, lambda _: None).player("Ana")
            await ana.says("Hola")
            await ana.taps("Acepto")

    with pytest.raises(NoSuchButton):
        await perform()


async def test_the_machines_own_settings_do_not_reach_the_stage(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREP_BOT_CLOCK_START", "2030-01-01T00:00:00+00:00")
    monkeypatch.setenv("PREP_BOT_LOG_FORMAT", "nonsense")
    async with open_stage(START, database_url) as stage:
        assert stage.clock.now() == START


async def test_scenes_and_remarks_stand_among_the_lines(play: Play) -> None:
    ana = play.player("Ana")
    play.scene("Febrero")
    await ana.says("Hola")
    play.tells("Ana se va.", ana)
    title, said, _, remark = play.events
    assert isinstance(title, Remark)
    assert isinstance(said, Line)
    assert isinstance(remark, Remark)
    assert (title.title, said.text, remark.text, remark.chats) == (True, "Hola", "Ana se va.", frozenset({"Ana"}))


async def test_while_the_bot_is_down_what_people_do_waits_for_it(play: Play) -> None:
    secretary = play.player("Ana")
    await secretary.enrols(await play.invites("Ana", Role.TECHNICAL_SECRETARY))
    await play.goes_down()
    await play.at("2022-02-09 20:00")
    await secretary.says("/avance")
    await play.at("2022-02-10 10:00")
    assert play.stage.telegram.last(secretary.user).text == "/avance"
    await play.comes_up()
    assert "0 de 33" in play.stage.telegram.last(secretary.user).text
    (outage,) = play.diary.outages
    assert [at.astimezone(ZONE).isoformat()[:13] for at in outage] == ["2022-02-07T10", "2022-02-10T10"]


async def test_what_is_done_with_a_session_is_noted_with_the_instant_at_which_it_was_done(play: Play) -> None:
    secretary = play.player("Ana")
    await secretary.enrols(await play.invites("Ana", Role.TECHNICAL_SECRETARY))
    await secretary.talks("/fijar 5 jueves 24 a las 11", "[Sí, es correcta]", "[Presen…]", "Sala")
    play.notes(5, Act.DATED, "2022-02-24 11:00")
    await secretary.talks("/convocar", "[Convocar ahora]")
    play.notes(5, Act.CONVENED, by="Ana")
    dated, convened = play.diary.steps[5]
    assert dated.starts_at == datetime(2022, 2, 24, 11, tzinfo=ZONE)
    assert (convened.at - dated.at, convened.by, play.diary.convened) == (2 * PAUSE, "Ana", [5])
    with pytest.raises(NoSuchButton):
        await secretary.taps("Nada…")


def test_the_people_of_the_plan_are_called_by_their_part() -> None:
    assert [(person.name, person.title) for person in script.plan().people] == [(part, None) for part in script.PARTS]
