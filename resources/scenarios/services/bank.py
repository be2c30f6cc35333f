# SPDX-License-Identifier: GPL-3.0-or-later
# bank.py PORT LEDGER: GET /transfers lists, POST /transfers {"to", "amount", "reference"} books; LEDGER gets one line a
# transfer: account, amount in cents, reference, separated by tabs.
import http.server
import json
import sys

port, ledger = int(sys.argv[1]), sys.argv[2]


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, code, value):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(ledger, encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines]
        self.answer(200, [{"to": r[0], "amount": r[1], "reference": r[2]} for r in rows])

    def do_POST(self):
        try:
            order = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 65536)))
            cents = round(float(order["amount"]) * 100)
            fields = [str(order["to"]), str(cents), str(order["reference"])]
        except (ValueError, KeyError, TypeError) as fault:
            return self.answer(400, {"error": str(fault)})
        if cents <= 0 or any(c in field for field in fields for c in "\t\n"):
            return self.answer(400, {"error": "bad order"})
        with open(ledger, "a", encoding="utf-8") as out:
            out.write("\t".join(fields) + "\n")
        self.answer(201, {"booked": True})

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
