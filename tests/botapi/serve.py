"""Run the stand-in as a process: `python tests/botapi/serve.py --port 0` tells its address in JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main() -> None:
    # This folder itself must not be searched for modules: its files have ordinary names.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from botapi.server import TOKEN, World, address, listen, serve

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="0 takes a free port")
    arguments.add_argument("--token", default=TOKEN, help="the only bot token that is known")
    given = arguments.parse_args()
    listening = listen(given.port)
    line = {"url": address(listening), "token": given.token}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    serve(World(given.token), listening)


if __name__ == "__main__":
    main()
