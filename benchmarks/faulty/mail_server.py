"""A mail server that takes its time: ``mail_server PORT RECORD`` writes a line for each mail it takes."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

SLOWEST = 0.2


class Record:
    """Writes each mail down before it is acknowledged, and dawdles on both sides of that."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - named by aiosmtpd
        """Take a mail."""
        await asyncio.sleep(random.uniform(0, SLOWEST))
        with self.path.open("a", encoding="utf-8") as file:
            for recipient in envelope.rcpt_tos:
                file.write(json.dumps({"to": recipient, "at": time.time()}) + "\n")
        await asyncio.sleep(random.uniform(0, SLOWEST))
        return "250 OK"


async def serve(port: int, record: Path) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Record(record), hostname="127.0.0.1"), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
