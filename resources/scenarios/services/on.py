# SPDX-License-Identifier: GPL-3.0-or-later
# on.py USER@HOST COMMAND...: runs a command on another host, with the secret that ~/.secrets has for it (lines "user@host secret"),
# or that of the environment's SECRET. The port is the line of PORT beside it.
import json
import os
import pathlib
import socket
import sys

if len(sys.argv) < 3 or "@" not in sys.argv[1]:
    sys.exit("on.py USER@HOST COMMAND...")
user, host = sys.argv[1].split("@", 1)
port = int((pathlib.Path(__file__).parent / "PORT").read_text())
secrets = pathlib.Path.home() / ".secrets"
known = dict(line.split(None, 1) for line in secrets.read_text().splitlines() if " " in line) if secrets.is_file() else {}
secret = os.environ.get("SECRET") or known.get(sys.argv[1], "")
try:
    with socket.create_connection((host, port), timeout=30) as server:
        request = {"user": user, "secret": secret, "command": " ".join(sys.argv[2:])}
        server.sendall(json.dumps(request).encode() + b"\n")
        line = server.makefile("rb").readline()
except OSError as error:
    sys.exit(f"{host}: {error}")
reply = json.loads(line) if line else {"refused": "nobody answers"}
if "refused" in reply:
    sys.exit(f"{host}: {reply['refused']}")
sys.stdout.write(reply["output"])
sys.exit(reply["exit"])
