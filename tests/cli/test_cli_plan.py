"""`prep-bot plan`: what a plan holds, what looks wrong in it, and a plan for another process."""

from prep_bot.plans.file import load, packaged
from tests.support.operator import PLAN, Operator

COUNTS = """\
month    activities  sessions
2021-11           0         1
2021-12           2         2
2022-01           5         1
2022-02           8         2
2022-03           6         1
2022-04           5         1
2022-05           4         1
2022-06           3         1
total            33        10  3 people
"""


async def test_check(operator: Operator) -> None:
    checked = await operator("plan", "check", PLAN)
    assert (checked.code, checked.err) == (0, "")
    assert COUNTS in checked.out
    assert 'warning [acronym] activities[31] (key "estimado-actas-final")' in checked.out
    assert checked.out.endswith("\n5 warnings, 2 notes.\n")


async def test_a_strict_check_fails_for_warnings_alone(operator: Operator) -> None:
    strict = await operator("plan", "check", "--strict", str(packaged(PLAN)))
    assert strict.code == 1
    assert COUNTS in strict.out
    text = packaged(PLAN).read_text("utf-8").replace("CADT", "CATD").replace("Centros de Apoyo", "Centros de Acopio")
    (operator.folder / "plan.toml").write_text(text, "utf-8")
    strict = await operator("plan", "check", "--strict", "plan.toml")
    assert (strict.code, strict.out.splitlines()[-1]) == (0, "0 warnings, 2 notes.")


async def test_a_plan_for_another_process(operator: Operator) -> None:
    printed = await operator("plan", "new", "--from", PLAN, "--start", "2026-12")
    assert (printed.code, printed.err) == (0, "")
    written = await operator("plan", "new", "--from", PLAN, "--start", "2026-12", "--key", "otro", "--output", "n.toml")
    assert written.code == 0
    assert "prep-bot plan check n.toml" in written.out
    path = operator.folder / "n.toml"
    assert path.read_text("utf-8") == printed.out.replace('key = "ieepco-prep-2026-2027"', 'key = "otro"')
    assert str(load(path).first_month) == "2026-12"

    again = await operator("plan", "new", "--from", PLAN, "--start", "2027-12", "--output", "n.toml")
    again.refused("n.toml exists already")
    assert str(load(path).first_month) == "2026-12"
    (await operator("plan", "new", "--from", PLAN, "--start", "2027-12", "--output", "no/n.toml")).refused(
        "no/n.toml cannot be written: No such file or directory"
    )


async def test_what_cannot_be_begun(operator: Operator) -> None:
    assert (await operator("plan", "new", "--from", PLAN, "--start", "diciembre")).code == 2
    bad = await operator("plan", "new", "--from", PLAN, "--start", "2026-12", "--key", "Otra clave")
    bad.refused("'Otra clave' is not a key: use lower-case letters")
    same = await operator("plan", "new", "--from", PLAN, "--start", "2026-12", "--key", PLAN)
    same.refused("another process is another commission")
    late = await operator("plan", "new", "--from", PLAN, "--start", "2200-11")
    late.refused("is not a month between 2000 and 2200")
