"""What each role may do: the whole table, written down once more so that a change of it is seen."""

import pytest

from prep_bot.domain.role import TABLE, VOTING, Permission, Role, may

P, M, S, R, U, G = (
    Role.PRESIDENCY,
    Role.MEMBER,
    Role.TECHNICAL_SECRETARY,
    Role.PARTY_REPRESENTATIVE,
    Role.TECHNICAL_UNIT,
    Role.GUEST,
)

EXPECTED = {
    Permission.READ_PLAN: {P, M, S, R, U},
    Permission.READ_CALENDAR: {P, M, S, R, U},
    Permission.READ_INVITED_MEETINGS: {P, M, S, R, U, G},
    Permission.READ_MEMBERS: {P, M, S, R, U},
    Permission.RECORD_PROGRESS: {S, U},
    Permission.CONVENE: {S},
    Permission.PETITION: {P, M},
    Permission.READ_PETITIONS: {P, M, S},
    Permission.READ_ATTENDANCE: {P, S},
    Permission.CERTIFY: {P, S},
    Permission.BROADCAST: {S},
    Permission.INVITE: {S},
    Permission.LINK_GROUP: {S},
    Permission.OWN_DATA: {P, M, S, R, U, G},
}


def test_the_table_covers_every_permission() -> None:
    assert set(TABLE) == set(EXPECTED) == set(Permission)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_what_the_table_says_and_nothing_else(role: Role, permission: Permission) -> None:
    assert may(role, permission) is (role in EXPECTED[permission])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_the_setting_lets_the_presidency_convene_and_changes_nothing_else(role: Role, permission: Permission) -> None:
    changed = (role, permission) == (Role.PRESIDENCY, Permission.CONVENE)
    assert may(role, permission, presidency_convenes=True) is (changed or may(role, permission))


def test_presidency_and_members_vote() -> None:
    assert {P, M} == VOTING
