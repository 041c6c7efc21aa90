"""The bot with a fast clock for contacts: ``hurried_bot DAY BEGUN``, the settings from the environment."""

from __future__ import annotations

import sys
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from benchmarks.faulty.processes import FastTime
from bot.app import serve_web
from bot.contacts_loop import Rounds
from fieldwork.settings import read_settings

if __name__ == "__main__":
    day, begun = map(float, sys.argv[1:])
    try:
        serve_web(read_settings(None), rounds=Rounds(FastTime(day, begun), timedelta(seconds=0.1)))
    except OperationalError:  # the database is gone just now: whoever starts services starts it again
        sys.exit(1)
