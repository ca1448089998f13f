"""/pendientes: what is pending, month after month."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import another_plan, buttons, shown
from tests.support.reading import (
    Enrol,
    all_pages,
    changed,
    listed,
    number_buttons,
    numbers,
    record,
    shipped,
    with_activities,
)

Moment = Callable[..., Awaitable[None]]

DECEMBER, JANUARY, FEBRUARY, MARCH = [1, 2], [3, 4, 5, 6, 7], list(range(8, 16)), list(range(16, 22))
JUNE = [31, 32, 33]


@pytest.fixture
def start() -> datetime:
    return datetime.fromisoformat("2021-11-11T12:00-06:00")


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
def at(stage: Stage) -> Moment:
    """Step to a moment, given in ISO with its offset, by default at 10:00 in the commission's zone."""

    async def step(day: str, time: str = "10:00-06:00") -> None:
        await stage.advance(datetime.fromisoformat(f"{day}T{time}"))

    return step


# What is pending now


async def test_overdue_comes_first_then_this_month(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2022-02-05")
    await record(stage, secretary, 1, "✅ Concluida")
    await record(stage, secretary, 4, "🔸 En proceso")
    await record(stage, secretary, 8, "🔸 En proceso")
    await record(stage, secretary, 9, "✅ Concluida")
    await record(stage, secretary, 10, "➖ No aplica")
    pages = await all_pages(stage, member, await stage.says(member, "/pendientes"))
    assert listed(pages) == [2, *JANUARY, 8, *range(11, 16)]
    assert "\n\n".join(shown(page) for page in pages) == snapshot


async def test_undated_sessions_are_for_who_dates_them(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2022-01-03")
    for_secretary = await stage.says(secretary, "/pendientes")
    assert shown(for_secretary) == snapshot
    assert "Segunda sesión ordinaria (enero)" in for_secretary.text
    assert "Sesión Extraordinaria (diciembre)" in for_secretary.text
    assert "Tercera sesión" not in for_secretary.text
    assert "esión" not in (await stage.says(member, "/pendientes")).text


async def test_undated_sessions_are_for_the_presidency_where_it_convenes(
    stage: Stage, enrol: Enrol, at: Moment
) -> None:
    presidency = await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa")
    await at("2021-12-01")
    assert "Sesiones sin fecha" not in (await stage.says(presidency, "/pendientes")).text
    rules = shipped().rules.model_copy(update={"presidency_convenes": True})
    await stage.services.plans.apply(changed(shipped(), rules=rules))
    assert "Sesiones sin fecha" in (await stage.says(presidency, "/pendientes")).text


async def test_a_dated_session_is_no_longer_pending(stage: Stage, secretary: SimulatedUser, at: Moment) -> None:
    await at("2022-01-03")
    sessions = [s.model_dump() for s in shipped().sessions]
    sessions[3] |= {"date": date(2022, 1, 27), "time": datetime.fromisoformat("2022-01-27T11:00").time()}
    await stage.services.plans.apply(changed(shipped(), sessions=sessions))
    assert "Segunda sesión ordinaria" not in (await stage.says(secretary, "/pendientes")).text


async def test_nothing_pending(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2021-12-10")
    await record(stage, secretary, 1, "✅ Concluida")
    await record(stage, secretary, 2, "➖ No aplica")
    assert shown(await stage.says(member, "/pendientes")) == snapshot


async def test_a_deadline_of_its_own_outlives_its_month(
    stage: Stage, member: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    plan = with_activities(
        {"month": "2021-12", "text": "Con plazo propio.", "deadline": date(2022, 1, 20)},
        {"month": "2022-01", "text": "Con el plazo del mes."},
        {"month": "2022-01", "text": "Con plazo temprano.", "deadline": date(2022, 1, 10)},
    )
    await stage.services.plans.apply(plan)
    await at("2022-01-03")
    assert shown(await stage.says(member, "/pendientes")) == snapshot
    await at("2022-01-20", "23:59-06:00")
    assert numbers((await stage.says(member, "/pendientes")).text) == [3, 1, 2]
    assert "1. Con plazo propio. (vence hoy)" in (await stage.says(member, "/pendientes")).text
    await at("2022-01-21", "00:00-06:00")
    assert "1. Con plazo propio. (hace 1 día)" in (await stage.says(member, "/pendientes")).text


# Where a month ends


@pytest.mark.parametrize(
    ("day", "time", "overdue", "heading"),
    [
        ("2022-01-31", "23:59-06:00", [], "Por hacer hasta el 31 de enero (vence hoy)"),
        ("2022-01-31", "18:30-06:00", [], "Por hacer hasta el 31 de enero (vence hoy)"),  # already February in UTC
        ("2022-02-01", "00:00-06:00", JANUARY, "Por hacer hasta el 28 de febrero (faltan 27 días)"),
        ("2022-01-30", "23:59-06:00", [], "Por hacer hasta el 31 de enero (vence mañana)"),
    ],
)
async def test_the_last_day_counts_until_midnight_of_the_commission(
    stage: Stage,
    member: SimulatedUser,
    secretary: SimulatedUser,
    at: Moment,
    day: str,
    time: str,
    overdue: list[int],
    heading: str,
) -> None:
    await record(stage, secretary, 1, "✅ Concluida")
    await record(stage, secretary, 2, "✅ Concluida")
    await at(day, time)
    pages = await all_pages(stage, member, await stage.says(member, "/pendientes"))
    text = "\n".join(page.text for page in pages)
    assert heading in text
    assert ("Con plazo vencido" in text) == bool(overdue)
    assert text.count("(hace 1 día)") == len(overdue)
    assert listed(pages)[: len(overdue)] == overdue


async def test_the_border_follows_daylight_saving(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-04-30", "23:59-05:00")
    assert "Pendientes al 30 de abril" in (await stage.says(member, "/pendientes")).text
    await at("2022-05-01", "00:00-05:00")
    assert "Pendientes al 1 de mayo" in (await stage.says(member, "/pendientes")).text


async def test_before_the_plan_begins(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(member, "/pendientes")) == snapshot


async def test_after_the_plan_has_ended(
    stage: Stage, member: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2022-07-15", "10:00-05:00")
    pages = await all_pages(stage, member, await stage.says(member, "/pendientes"))
    assert listed(pages) == list(range(1, 34))
    assert shown(pages[-1]) == snapshot


# A month as argument: that month only


async def test_a_month_as_argument_shows_that_month_only(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-03-10")
    for month in ("febrero", "feb", "Feb.", "FEBRERO", "  febrero ", "2022-02", "02/2022", "febrero de 2022"):
        first = await stage.says(member, f"/pendientes {month}")
        assert first.text.startswith("Pendientes de febrero de 2022\n")
        assert listed(await all_pages(stage, member, first)) == FEBRUARY


async def test_the_present_month_as_argument_leaves_out_what_is_overdue(
    stage: Stage, member: SimulatedUser, at: Moment
) -> None:
    await at("2022-02-05")
    assert listed(await all_pages(stage, member, await stage.says(member, "/pendientes"))) == [
        *DECEMBER,
        *JANUARY,
        *FEBRUARY,
    ]
    assert listed(await all_pages(stage, member, await stage.says(member, "/pendientes febrero"))) == FEBRUARY


async def test_a_month_that_has_passed(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2022-02-05")
    await record(stage, secretary, 3, "✅ Concluida")
    assert shown(await stage.says(secretary, "/pendientes enero")) == snapshot(name="secretary")
    assert shown(await stage.says(member, "/pendientes enero")) == snapshot(name="member")


async def test_a_month_to_come(stage: Stage, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion) -> None:
    await at("2022-02-05")
    assert shown(await stage.says(secretary, "/pendientes junio")) == snapshot


async def test_a_month_outside_the_plan(stage: Stage, member: SimulatedUser) -> None:
    for month, nearest in (("octubre", DECEMBER), ("julio", JUNE), ("2200-12", JUNE), ("2000-01", DECEMBER)):
        answer = await stage.says(member, f"/pendientes {month}")
        assert answer.text.endswith("El plan no tiene actividades en ese mes.")
        (inside,) = buttons(answer)
        assert numbers((await stage.taps(member, inside, answer)).text) == nearest


async def test_everything(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-02-05")
    for all_of_it in ("todo", "TODO", "todas", "todo el plan"):
        pages = await all_pages(stage, member, await stage.says(member, f"/pendientes {all_of_it}"))
        assert listed(pages) == list(range(1, 34))


async def test_everything_with_its_days_left(
    stage: Stage, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2022-05-20", "10:00-05:00")
    for number in range(1, 30):
        await record(stage, secretary, number, "✅ Concluida")
    pages = await all_pages(stage, secretary, await stage.says(secretary, "/pendientes todo"))
    assert "\n\n".join(shown(page) for page in pages) == snapshot


async def test_a_month_that_is_none(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(member, "/pendientes <3 & marte")) == snapshot
    for nonsense in ("marte", "fe", "13/2022", "2022", "-", "el mes", "febrero y marzo", "x" * 4000, "😀"):
        answer = await stage.says(member, f"/pendientes {nonsense}")
        assert answer.text.startswith("No reconozco «")
        assert len(answer.text) < 200


# From month to month


async def test_months_turn_in_place(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-02-05")
    asked = await stage.says(member, "/pendientes")
    march = await stage.taps(member, "marzo ▶", asked)
    assert (march.id, march.edited) == (asked.id, True)
    assert march.text.startswith("Pendientes de marzo de 2022\n")
    assert listed(await all_pages(stage, member, march)) == MARCH
    back = await stage.taps(member, "◀ febrero", march)
    assert back.text.startswith("Pendientes al 5 de febrero de 2022\n")
    assert numbers(back.text)[0] == 1
    january = await stage.taps(member, "◀ enero", back)
    assert listed([january]) == JANUARY
    assert stage.telegram.last(member).id == asked.id


async def test_months_end_with_the_plan(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-02-05")
    message = await stage.says(member, "/pendientes diciembre")
    seen = []
    while True:
        seen.append(message.text.partition("\n")[0])
        onward = [label for label in buttons(message) if label.endswith("▶")]
        if not onward:
            break
        message = await stage.taps(member, onward[0], message)
    assert seen == [
        "Pendientes de diciembre de 2021",
        "Pendientes de enero de 2022",
        "Pendientes al 5 de febrero de 2022",
        "Pendientes de marzo de 2022",
        "Pendientes de abril de 2022",
        "Pendientes de mayo de 2022",
        "Pendientes de junio de 2022",
    ]
    assert buttons(message)[-1] == "◀ mayo"
    assert not any(label.startswith("◀") for label in buttons(await stage.says(member, "/pendientes 2021-12")))


async def test_no_months_beside_everything(stage: Stage, member: SimulatedUser) -> None:
    everything = await stage.says(member, "/pendientes todo")
    assert not any("◀" in label or "▶" in label for label in buttons(everything))


async def test_pages_of_a_month_stay_in_it(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-02-05")
    forty = [{"month": "2022-02", "text": f"Actividad de febrero con un texto bastante largo: {n}."} for n in range(40)]
    await stage.services.plans.apply(with_activities({"month": "2022-01", "text": "De enero."}, *forty))
    pages = await all_pages(stage, member, await stage.says(member, "/pendientes febrero"))
    assert len(pages) > 2
    assert listed(pages) == list(range(2, 42))
    assert {page.text.partition("\n")[0] for page in pages} == {"Pendientes de febrero de 2022"}
    back = await stage.taps(member, "◂ Ver anteriores", pages[-1])
    assert back.html == pages[-2].html


# What is one tap away


async def test_the_whole_text_is_one_tap_away(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-02-05")
    asked = await stage.says(member, "/pendientes")
    whole = shipped().activities[5].text
    assert whole not in asked.text
    opened = await stage.taps(member, "6", asked)
    assert opened.id == asked.id
    assert whole in opened.text
    assert (await stage.taps(member, "◂ Pendientes", opened)).html == asked.html


async def test_every_page_fits_a_screen(stage: Stage, secretary: SimulatedUser, at: Moment) -> None:
    for day, activities, undated in (
        ("2021-12-15", 2, 2),
        ("2022-01-15", 7, 3),
        ("2022-02-15", 15, 5),
        ("2022-04-15", 26, 7),
        ("2022-09-01", 33, 9),
    ):
        await at(day)
        for argument, expected in (("", (activities, undated)), ("todo", (33, 9))):
            pages = await all_pages(stage, secretary, await stage.says(secretary, f"/pendientes {argument}"))
            sessions = sum(page.text.count("\n• ") for page in pages)
            assert (len(set(listed(pages))), sessions) == expected
            assert len(listed(pages)) == expected[0]


async def test_the_words_of_a_plan_break_nothing(
    stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    plan = with_activities(
        {"month": "2021-11", "text": '<3 & "comillas" & <b>nada</b> ' + "&amp; <i> " * 20},
        {"month": "2021-11", "text": "&" * 1000},
        {"month": "2021-11", "text": "<" * 1000},
    )
    await stage.services.plans.apply(plan)
    assert shown(await stage.says(member, "/pendientes")) == snapshot


# Several commissions


async def test_several_commissions_are_grouped(
    stage: Stage, enrol: Enrol, secretary: SimulatedUser, at: Moment, snapshot: SnapshotAssertion
) -> None:
    await at("2022-01-10")
    await stage.services.plans.apply(another_plan("vigilancia-2022", "Vigilancia <2022>"))
    await stage.services.plans.apply(another_plan("quejas-2022", "Quejas y denuncias"))
    await enrol(Role.TECHNICAL_SECRETARY, "Ana López", commission_id=2, user=secretary)
    await enrol(Role.MEMBER, "Ana López", commission_id=3, user=secretary)
    pages = await all_pages(stage, secretary, await stage.says(secretary, "/pendientes"))
    assert "\n\n".join(shown(page) for page in pages) == snapshot
    for page in pages:
        lines = page.text.split("\n")
        assert any(line in {"PREP 2021-2022", "VIGILANCIA <2022>", "QUEJAS Y DENUNCIAS"} for line in lines[:3])
        assert len(page.text) < 900
        assert number_buttons(page) == numbers(page.text)
    assert [number for page in pages for number in numbers(page.text)] == [*DECEMBER, *JANUARY] * 3


async def test_whoever_belongs_to_one_never_sees_that_word(stage: Stage, member: SimulatedUser, at: Moment) -> None:
    await at("2022-02-05")
    for argument in ("", "todo", "enero"):
        asked = await stage.says(member, f"/pendientes {argument}")
        assert "comisi" not in asked.text.lower()
        assert "PREP 2021-2022" not in asked.text
