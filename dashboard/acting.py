"""Doing something on a page: as the viewer, now, with what stood in the way said in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
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
from fieldwork.standing import STOCKHOLM
from fieldwork.wording import say as say_of_mail
from questionnaires.errors import Problem

T = TypeVar("T")
DONE, FAILED, ROUND = "done", "failed", "round"
"""What is to be said at the next drawing, done or not, and a number that empties the fields of a form."""

Work = Callable[[Session, Viewer, datetime], T]


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day on which people live: a wave ends at midnight there."""
    return now().astimezone(STOCKHOLM).date()


def act(work: Work[T], done: Callable[[T], str]) -> None:
    """Do something, and draw the page anew with ``done`` said on it; else say what stood in the way."""
    result: list[T] = []
    wrong = _tried(lambda session, who, at: result.append(work(session, who, at)))
    if wrong:
        st.error(wrong)
        return
    st.session_state[DONE] = done(result[0])
    st.session_state[ROUND] = rounds() + 1
    st.rerun()


def attempt(work: Work[None]) -> None:
    """Do something before the page is drawn; what stood in the way is said on it."""
    if wrong := _tried(work):
        st.session_state[FAILED] = wrong


def _tried(work: Work[None]) -> str:
    """Do something and return what stood in the way in words; '' where nothing did."""
    try:
        stored.write(lambda session: work(session, viewer(), now()))
    except InputError as error:
        return listed(error.problems)
    except NotABounce as error:
        return say_of_mail(language(), f"bounces.{error.code}")
    except NotAllowed:
        return say("act.not_allowed")
    except (CouldNotStore, OperationalError):
        return say("act.could_not_store")
    return ""


def rounds() -> int:
    """Return the number that is part of the keys of fields that are emptied once something is done."""
    return int(st.session_state.get(ROUND, 0))


def told() -> bool:
    """Say what was done since the last drawing, and what could not be; return whether there was anything."""
    done, wrong = st.session_state.pop(DONE, ""), st.session_state.pop(FAILED, "")
    if done:
        st.success(done)
    if wrong:
        st.error(wrong)
    return bool(done or wrong)


def listed(problems: Sequence[Problem]) -> str:
    """Return everything that stood in the way as a list, each with what to do."""
    return "\n".join(f"- {in_words(problem, language())}" for problem in problems)
