"""A plan's file: what it may hold, how it is read and written, and how its problems are told."""

import unicodedata
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_bot.domain.meeting import MeetingKind, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import PlanError, dump, load, packaged, packaged_names, parse
from prep_bot.plans.places import line_numbers

SMALL = """\
format = 1

[commission]
key = "obra"
name = "Comisión de Obra"
short_name = "Obra"
institution = "Instituto"
process = "Proceso 2022"

[[people]]
key = "ana"
name = "Ana Ruiz"
role = "presidency"
since = 2022-01-10

[[months]]
month = "2022-02"
lead = "Dar seguimiento a:"

[[activities]]
key = "plan"
month = "2022-02"
text = "Plan de obra"

[[activities]]
key = "informe"
month = "2022-03"
text = "Informe"

[[sessions]]
key = "primera"
kind = "ordinary"
name = "Primera sesión"
month = "2022-02"
topics = [
    "Plan",
    "Asuntos generales",
]

[rules.privacy]
notice = "Se guarda su nombre y su identificador de Telegram."
"""


ANA = 'people[1] (key "ana")'
PLAN = 'activities[1] (key "plan")'
INFORME = 'activities[2] (key "informe")'
TWIN = 'activities[2] (key "plan")'
TERM = "[rules.notice_terms.ordinary]\n"
OF_TERM = "rules.notice_terms.ordinary"
PRIMERA = 'sessions[1] (key "primera")'


def problems(text: str) -> list[str]:
    with pytest.raises(PlanError) as caught:
        parse(text, name="plan.toml")
    return [str(problem) for problem in caught.value.problems]


def changed(*changes: tuple[str, str]) -> str:
    text = SMALL
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def test_reads_domain_values() -> None:
    plan = parse(
        changed(
            (
                'month = "2022-02"\ntopics',
                'month = "2022-02"\ndate = 2022-02-15\ntime = 10:30:00\nmodality = "mixed"\nheld = true\n'
                'link = "https://example.org/sala"\ntopics',
            ),
            ('text = "Informe"', 'text = "Informe"\ndeadline = 2022-03-20'),
        ),
        name="plan.toml",
    )
    session = plan.sessions[0]
    assert (session.kind, session.month) == (MeetingKind.ORDINARY, Month(2022, 2))
    assert (session.date, session.time, session.modality) == (date(2022, 2, 15), time(10, 30), Modality.MIXED)
    assert (session.held, session.link) == (True, "https://example.org/sala")
    assert session.topics == ("Plan", "Asuntos generales")
    assert plan.people[0].role is Role.PRESIDENCY
    assert plan.activities[1].deadline == date(2022, 3, 20)
    assert plan.commission.legal_basis is None
    assert (plan.first_month, plan.last_month) == (Month(2022, 2), Month(2022, 3))


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("format = 1", "format = 2", "format, line 1", "Input should be 1, not 2"),
        ('key = "obra"\n', "", "commission.key, line 3", "is missing: add it"),
        ('key = "obra"', 'key = "Obra pública"', "commission.key, line 4", "'Obra pública' is not a key: use lower"),
        ('"Comisión de Obra"', '""', "commission.name, line 5", "String should have at least 1 character"),
        ('"Obra"', f'"{"x" * 41}"', "commission.short_name, line 6", "String should have at most 40 characters"),
        ('"Instituto"', "7", "commission.institution, line 7", "must be text between quotes"),
        ('"Ana Ruiz"', f'"{"x" * 201}"', f"{ANA}.name, line 12", "String should have at most 200 characters"),
        ('"presidency"', '"chair"', f"{ANA}.role, line 13", "Input should be 'presidency', 'member', "),
        ("2022-01-10", '"2022-01-10"', f"{ANA}.since, line 14", "must be a date without quotes"),
        ("2022-01-10", "1022-01-10", f"{ANA}.since, line 14", "1022-1 is not a month between 2000 and 2200"),
        ('"2022-02"\nlead', '"2022-05"\nlead', "months[1].month, line 17", "no activity is planned for 2022-05"),
        ('text = "Plan de obra"', "", f"{PLAN}.text, line 20", "is missing: add it"),
        ('"Plan de obra"', '"Plan\\nde obra"', f"{PLAN}.text, line 23", "holds the invisible character U+000A"),
        ('"Plan de obra"', '"Plan\u200bde obra"', f"{PLAN}.text, line 23", "holds the invisible character U+200B"),
        ('"Plan de obra"', f'"{"x" * 1001}"', f"{PLAN}.text, line 23", "String should have at most 1000"),
        ('key = "informe"', 'key = "plan"', f"{TWIN}.key, line 26", "is the same as that of activities[1]"),
        ('"2022-03"', '"marzo"', f"{INFORME}.month, line 27", "'marzo' is not a month such as 2022-02"),
        ('"2022-03"', "3", f"{INFORME}.month, line 27", "write the month between quotes"),
        ('"Informe"', '"Informe"\ndedline = 1', f"{INFORME}.dedline, line 29", "is not a setting of this place"),
        ('"Informe"', '"Informe"\ndeadline = 2022-02-28', f"{INFORME}.deadline, line 29", "2022-02-28 comes before"),
        ('"Informe"', '"Informe"\ndeadline = 2023-04-01', f"{INFORME}.deadline, line 29", "2023-04-01 comes more"),
        ('"ordinary"', '"solemn"', f"{PRIMERA}.kind, line 32", "Input should be 'installation', "),
        ("topics", "date = 2022-03-01\ntopics", f"{PRIMERA}.date, line 35", "2022-03-01 is not in the session's month"),
        ("topics", "time = 10:00:00\ntopics", f"{PRIMERA}.time, line 35", "needs the session's date"),
        ("topics", 'date = 2022-02-01\ntime = "10"\ntopics', f"{PRIMERA}.time, line 36", "must be a time of day"),
        ("topics", "held = true\ntopics", f"{PRIMERA}.held, line 35", "needs the session's date"),
        ("topics", 'held = "sí"\ntopics', f"{PRIMERA}.held, line 35", "must be true or false"),
        ("topics", 'link = "sala 3"\ntopics', f"{PRIMERA}.link, line 35", "Input should be a valid URL"),
        ('"Asuntos generales"', '" "', f"{PRIMERA}.topics[2], line 35", "String should have at least 1 character"),
        ('"ordinary"', '"urgent"', f"{PRIMERA}.kind, line 32", "no plan can foresee an urgent session"),
        ("[rules.", f"{TERM}article = 'x'\n[rules.", f"{OF_TERM}, line 40", "give the term either in hours, such as"),
        ("[rules.", f"{TERM}hours = 1\ndays = 1\n[rules.", f"{OF_TERM}, line 40", "give the term either in hours"),
        ("[rules.", f"{TERM}days = -1\n[rules.", f"{OF_TERM}.days, line 41", "Input should be greater than or equal"),
        ("[rules.", f"{TERM}days = 'tres'\n[rules.", f"{OF_TERM}.days, line 41", "must be a whole number"),
        ("[rules.", f"{TERM}days = 2.5\n[rules.", f"{OF_TERM}.days, line 41", "must be a whole number"),
        ("[rules.", f"{TERM}days = 3\nworking = 'no!'\n[rules.", f"{OF_TERM}.working, line 42", "must be true or"),
        ("[rules.", '[rules.holidays]\nextra = ["x"]\n[rules.', "rules.holidays.extra[1], line 41", "must be a date"),
        ("[rules.", '[rules]\ntimezone = "Oaxaca"\n[rules.', "rules.timezone, line 41", "'Oaxaca' is not an IANA"),
    ],
)
def test_tells_what_is_wrong_and_on_which_line(old: str, new: str, place: str, message: str) -> None:
    (problem,) = problems(changed((old, new)))
    assert problem.startswith(f"{place}: {message}")


def test_tells_every_problem_of_the_file_at_once_in_its_order() -> None:
    """Conflicts between entries are not hidden by problems within entries."""
    found = problems(
        changed(
            ("format = 1", "format = 3"),
            ('role = "presidency"', 'role = "chair"'),
            ('month = "2022-03"', 'month = "2022-3"'),
            ('key = "informe"', 'key = "plan"'),
            ("topics = [", "held = true\ntime = 10:00:00\ntopics = ["),
            ('"Asuntos generales"', "3"),
        )
    )
    assert [problem.split(":")[0] for problem in found] == [
        "format, line 1",
        'people[1] (key "ana").role, line 13',
        'activities[2] (key "plan").key, line 26',
        'activities[2] (key "plan").month, line 27',
        'sessions[1] (key "primera").held, line 35',
        'sessions[1] (key "primera").time, line 36',
        'sessions[1] (key "primera").topics[2], line 37',
    ]


def test_a_deadline_may_lie_up_to_a_year_after_its_month() -> None:
    plan = parse(changed(('"Informe"', '"Informe"\ndeadline = 2023-03-31')), name="plan.toml")
    assert plan.activities[1].deadline == date(2023, 3, 31)


def test_sessions_and_months_are_told_apart_by_key_and_month() -> None:
    month = SMALL[SMALL.index("[[months]]") : SMALL.index("[[activities]]")]
    session = SMALL[SMALL.index("[[sessions]]") : SMALL.index("[rules.")]
    assert problems(changed((month, month + month), (session, session + session))) == [
        "months[2].month, line 21: is the same as that of months[1]: each needs its own",
        'sessions[2] (key "primera").key, line 45: is the same as that of sessions[1]: each needs its own',
    ]


def test_two_spellings_of_a_name_are_one_person() -> None:
    twin = '[[people]]\nkey = "ana-2"\nname = "MTRA. ANÁ RUIZ"\nrole = "member"\nsince = 2022-01-10\n'
    (problem,) = problems(changed(("[[months]]", f"{twin}\n[[months]]")))
    assert problem.startswith('people[2] (key "ana-2").name, line 18: is the same as that of people[1]')


@pytest.mark.parametrize(
    ("section", "limit"), [("people", 100), ("activities", 200), ("sessions", 60)], ids=lambda value: str(value)
)
def test_lists_are_bounded(section: str, limit: int) -> None:
    entries = {
        "people": 'name = "Persona {n}a"\nrole = "guest"\nsince = 2022-01-10',
        "activities": 'month = "2022-02"\ntext = "Algo"',
        "sessions": 'kind = "ordinary"\nname = "Sesión"\nmonth = "2022-02"',
    }
    extra = "\n".join(f'[[{section}]]\nkey = "extra-{n}"\n{entries[section].format(n="b" * n)}\n' for n in range(limit))
    (problem,) = problems(f"{SMALL}\n{extra}")
    assert problem.split(": ", 1)[1] == f"holds more than {limit} entries: remove some"


def test_a_plan_needs_an_activity() -> None:
    empty = SMALL[: SMALL.index("[[months]]")] + SMALL[SMALL.index("[[sessions]]") :]
    assert problems(empty) == ["activities: is missing: add it"]
    assert problems("activities = []\n" + empty) == ["activities, line 1: needs at least one activity"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file: is empty"),
        ("# nothing\n\n", "the file: is empty"),
        ("format = 1\nname = Obra\n", "line 2, column 8: is not TOML: Invalid value"),
        ("format = 1\n\nformat = 1\n", "line 3, column 11: is not TOML: Cannot overwrite a value"),
        ("people = [", "the end of the file: is not TOML: "),
        ("month = 2022-02-30\n", "line 1, column 9: is not TOML: Invalid date or datetime"),
        (f"format = {'1' * 5000}\n", "the file: is not TOML: "),
    ],
    ids=["empty", "comment", "value", "twice", "unclosed", "30-february", "huge"],
)
def test_tells_where_a_file_stops_being_toml(text: str, expected: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(expected)


def test_wrong_shapes_are_told_apart() -> None:
    assert problems('format = 1\ncommission = "x"\npeople = "x"\nactivities = {}\nrules = []\n') == [
        "commission, line 2: must be a table",
        "people, line 3: must be a list",
        "activities, line 4: needs at least one activity",
        "activities, line 4: must be a list",
        "rules, line 5: must be a table",
    ]


def test_an_error_names_the_file_and_each_problem() -> None:
    with pytest.raises(PlanError) as caught:
        parse("x = 1", name="obra.toml")
    assert str(caught.value).startswith("obra.toml is not a valid plan:\n  format: is missing: add it\n")


def test_windows_text_reads_the_same_with_the_same_lines() -> None:
    windows = "\ufeff" + SMALL.replace("\n", "\r\n")
    assert parse(windows, name="a") == parse(SMALL, name="b")
    assert problems(windows.replace("presidency", "chair")) == problems(SMALL.replace("presidency", "chair"))


def test_accents_in_two_characters_are_one_letter() -> None:
    assert parse(unicodedata.normalize("NFD", SMALL), name="a") == parse(SMALL, name="b")


def test_loads_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert load(path) == parse(SMALL, name="x")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "the file: cannot be read: No such file or directory"),
        (b"format = 1\nname = 'Comisi\xf3n'", "line 2: is not UTF-8: save the file as text with the encoding UTF-8"),
        (SMALL.encode("utf-16"), "line 1: is not UTF-8: save the file as text with the encoding UTF-8"),
        (b"", "the file: is empty"),
    ],
    ids=["absent", "latin-1", "utf-16", "empty"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes | None, expected: str) -> None:
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PlanError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(expected)
    assert caught.value.name == str(path)


def test_a_folder_is_not_a_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="the file: cannot be read: Is a directory"):
        load(tmp_path)


def test_packaged_plans_are_found_and_valid() -> None:
    assert "ieepco-prep-2021-2022" in packaged_names()
    for name in packaged_names():
        assert load(packaged(name)).commission.key == name


@pytest.mark.parametrize("name", ["nothing", "../plans/ieepco-prep-2021-2022", ""])
def test_only_packaged_plans_are_found(name: str) -> None:
    with pytest.raises(LookupError, match="ieepco-prep-2021-2022"):
        packaged(name)


@pytest.mark.parametrize("name", packaged_names())
def test_packaged_plans_survive_being_written(name: str) -> None:
    plan = load(packaged(name))
    assert parse(dump(plan), name="again") == plan


@pytest.mark.parametrize(
    "notice", ["\n\nAviso", "uno\r\ndos\rtres", 'dos\n"""tres"""', "dos\n\\ fin \\", "\tuno\x00\n"]
)
def test_a_text_of_several_lines_survives_being_written(notice: str) -> None:
    data = parse(SMALL, name="x").model_dump() | {"rules": {"privacy": {"notice": notice + "." * 40}}}
    plan = PlanDocument.model_validate(data)
    assert parse(dump(plan), name="again").rules.privacy.notice == notice + "." * 40


LINES = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() != ""
)
KEYS = st.from_regex(r"[a-z0-9-]{1,60}", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))
MONTHS = st.builds(Month, st.integers(2000, 2199), st.integers(1, 12)).map(str)


def entries(required: dict[str, st.SearchStrategy[Any]], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(
        st.fixed_dictionaries({"key": KEYS, **required}, optional=more), max_size=4, unique_by=lambda e: e["key"]
    )


@st.composite
def plans(draw: st.DrawFn) -> PlanDocument:
    activities = draw(entries({"month": MONTHS, "text": LINES}).filter(bool))
    sessions = draw(
        entries(
            {"kind": st.sampled_from(sorted(set(MeetingKind) - {MeetingKind.URGENT})), "name": LINES, "month": MONTHS},
            place=LINES,
            modality=st.sampled_from(Modality),
            note=LINES,
            topics=st.lists(LINES, max_size=3),
        )
    )
    for session in sessions:
        if draw(st.booleans()):
            session["date"] = Month.parse(session["month"]).last
            session["time"] = draw(st.times())
            session["held"] = draw(st.booleans())
    people = draw(entries({"role": st.sampled_from(Role), "since": DAYS}, title=LINES, position=LINES))
    months = sorted({activity["month"] for activity in activities})
    basis = st.fixed_dictionaries({"document": LINES, "date": DAYS, "text": LINES})
    optionals = {
        "city": LINES,
        "technical_unit": LINES,
        "objective": LINES,
        "objectives": st.lists(LINES),
        "legal_basis": basis,
    }
    required = dict.fromkeys(("name", "short_name", "institution", "process"), LINES)
    notice = st.text(st.characters(exclude_categories=["Cs"]), min_size=40, max_size=80)
    return PlanDocument.model_validate(
        {
            "format": 1,
            "commission": draw(st.fixed_dictionaries({"key": KEYS, **required}, optional=optionals)),
            "people": [person | {"name": f"Persona {number}"} for number, person in enumerate(people)],
            "months": [{"month": month, "lead": draw(LINES)} for month in months],
            "activities": activities,
            "sessions": sessions,
            "rules": {
                "privacy": {"notice": draw(notice), "url": "https://example.org/aviso"},
                "quorum": {"voting_members": draw(st.integers(1, 9))},
                "reminders": {
                    "deadline_days": sorted(draw(st.sets(st.integers(1, 30), max_size=6)), reverse=True),
                    "at": time(8, 15),
                },
                "holidays": {"extra": draw(st.lists(DAYS, max_size=3)), "electoral_process": draw(st.booleans())},
                "notice_terms": {
                    "ordinary": {"days": draw(st.integers(0, 9)), "article": draw(LINES)},
                    "second_call": {"hours": draw(st.integers(0, 99)), "working": draw(st.booleans())},
                },
            },
        }
    )


@settings(max_examples=50)
@given(plans())
def test_any_plan_survives_being_written(plan: PlanDocument) -> None:
    text = dump(plan, {"format": "made by a test\n\n[[people]]", "people": "key = 1"})
    assert parse(text, name="again") == plan
    assert text.startswith("# made by a test\n#\n# [[people]]\n\nformat = 1\n")


@settings(max_examples=50)
@given(plans())
def test_lines_are_those_of_the_text(plan: PlanDocument) -> None:
    text = dump(plan)
    lines = text.split("\n")
    found = line_numbers(text)
    for section in ("people", "activities", "sessions"):
        for index, entry in enumerate(getattr(plan, section)):
            assert lines[found[section, index] - 1] == f"[[{section}]]"
            assert lines[found[section, index, "key"] - 1] == f'key = "{entry.key}"'
    assert lines[found["rules", "reminders", "at"] - 1] == "at = 08:15:00"


def test_lines_are_not_fooled_by_what_a_string_or_a_list_holds() -> None:
    text = '''\
a = """
[[list]]
b = 1 \\""" # still text
""" # c = 1
d.e = ["]", '[', # [[list]]
  ["x"],
  {
    f = 1 },
]
[[list]]
g = \'\'\'
[x]
\'\'\'
[[list]] # "quoted
[list.sub]
h = 2
"quoted name" = 3
'''
    assert line_numbers(text) == {
        ("a",): 1,
        ("d",): 5,
        ("d", "e"): 5,
        ("list", 0): 10,
        ("list", 0, "g"): 11,
        ("list", 1): 14,
        ("list", 1, "sub"): 15,
        ("list", 1, "sub", "h"): 16,
    }
