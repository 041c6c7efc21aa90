"""Who acts in the dashboard, and who may."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldwork.errors import NotAllowed
from fieldwork.problems import InputError
from fieldwork.rights import Role, Viewer, require_inspector, require_named_inspector
from fieldwork.users import acting_user, add_user


def test_the_only_user_acts_without_being_named(store: Session) -> None:
    assert acting_user(store) is None
    add_user(store, "Anna", Role.INSPECTOR)
    assert acting_user(store) == Viewer("Anna", Role.INSPECTOR)


def test_one_of_several_users_has_to_be_named(store: Session) -> None:
    add_user(store, "Anna", Role.INSPECTOR)
    add_user(store, "Mia", Role.MANAGER)
    with pytest.raises(InputError, match="are several"):
        acting_user(store)
    assert acting_user(store, "Mia") == Viewer("Mia", Role.MANAGER)
    with pytest.raises(InputError, match="is not a user"):
        acting_user(store, "Okänd")


@pytest.mark.parametrize("viewer", [Viewer("Mia", Role.MANAGER), Viewer("Ada", Role.ADMINISTRATOR)])
def test_only_an_inspector_may_act(viewer: Viewer) -> None:
    for required in (require_inspector, require_named_inspector):
        with pytest.raises(NotAllowed):
            required(viewer)


def test_an_inspector_without_a_name_may_look_but_not_act() -> None:
    require_inspector(Viewer("", Role.INSPECTOR))
    with pytest.raises(NotAllowed, match="Nobody is named"):
        require_named_inspector(Viewer("", Role.INSPECTOR))
