"""Doing something on a page: as the viewer, now, with what stood in the way said in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import streamlit as st
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from dashboard import stored
from dashboard.access import viewer
from dashboard.catalogue import language, say
from dashboard.problem_words import in_words
from fieldwork.bounces import NotABounce
from fieldwork.errors import CouldNotStore, NotAllowed
from fieldwork.problems import InputError
from fieldwork.rights import Viewer
from fieldwork.wording import say as say_of_mail
from questionnaires.errors import Problem

T = TypeVar("T")
DONE, ROUND = "done", "round"
"""What is to be said at the next drawing, and a number that empties the fields of a form."""

Work = Callable[[Session, Viewer, datetime], T]


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def act(work: Work[T], done: Callable[[T], str]) -> None:
    """Do something, and draw the page anew with ``done`` said on it; else say what stood in the way."""
    try:
        result = stored.write(lambda session: work(session, viewer(), now()))
    except InputError as error:
        refused(error.problems)
    except NotABounce as error:
        st.error(say_of_mail(language(), f"bounces.{error.code}"))
    except NotAllowed:
        st.error(say("act.not_allowed"))
    except (CouldNotStore, OperationalError):
        st.error(say("act.could_not_store"))
    else:
        st.session_state[DONE] = done(result)
        st.session_state[ROUND] = rounds() + 1
        st.rerun()


def rounds() -> int:
    """Return the number that is part of the keys of fields that are emptied once something is done."""
    return int(st.session_state.get(ROUND, 0))


def told() -> None:
    """Say what has been done since the last drawing."""
    done = st.session_state.pop(DONE, "")
    if done:
        st.success(done)


def refused(problems: Sequence[Problem]) -> None:
    """Say everything that stood in the way, each with what to do."""
    st.error("\n".join(f"- {in_words(problem, language())}" for problem in problems))
