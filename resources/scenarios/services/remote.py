# SPDX-License-Identifier: GPL-3.0-or-later
# remote.py PORT LOG: runs commands for who knows an account of this host (lines "user<TAB>secret" of ~/.accounts). One JSON
# object a line in (user, secret, command), one out (exit, output, or refused); every request is a line of LOG.
import json
import pathlib
import socketserver
import subprocess
import sys

port, log = int(sys.argv[1]), sys.argv[2]
home = pathlib.Path("/home/agent")


def accounts():
    lines = (home / ".accounts").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def answer(request):
    user, command = str(request.get("user", "")), str(request.get("command", ""))
    let_in = user in accounts() and accounts()[user] == str(request.get("secret", ""))
    with open(log, "a", encoding="utf-8") as out:
        out.write(json.dumps({"user": user, "command": command, "let_in": let_in}) + "\n")
    if not let_in:
        return {"refused": "no such account, or another secret"}
    try:
        done = subprocess.run(["bash", "-c", command], cwd=home, stdin=subprocess.DEVNULL, timeout=25,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return {"exit": 124, "output": "It took too long.\n"}
    return {"exit": done.returncode, "output": done.stdout[: 1 << 20].decode("utf-8", "replace")}


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            try:
                reply = answer(json.loads(line))
            except (ValueError, AttributeError):
                reply = {"refused": "no request"}
            self.wfile.write(json.dumps(reply).encode() + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", port), Session).serve_forever()
