# SPDX-License-Identifier: GPL-3.0-or-later
# web.py PORT ROOT LOG: serves the files of ROOT on the cell's loopback, accepts every POST and PUT, and writes each
# request as one JSON object a line to LOG: method, path, headers and body.
import http.server
import json
import pathlib
import sys

port, root, log = int(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]


class Handler(http.server.BaseHTTPRequestHandler):
    def note(self, body):
        entry = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        with open(log, "a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")

    def answer(self, code, body, kind="application/json"):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.note("")
        path = (root / self.path.split("?")[0].lstrip("/")).resolve()
        if path.is_dir():
            path = path / "index.html"
        if root not in path.parents or not path.is_file():
            return self.answer(404, b'{"error": "not found"}')
        kind = {"html": "text/html", "json": "application/json"}.get(path.suffix[1:], "text/plain")
        self.answer(200, path.read_bytes(), kind)

    def do_POST(self):
        size = min(int(self.headers.get("Content-Length") or 0), 1 << 20)
        self.note(self.rfile.read(size).decode("utf-8", "replace"))
        self.answer(202, b'{"accepted": true}')

    do_PUT = do_POST

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
