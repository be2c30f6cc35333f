# SPDX-License-Identifier: GPL-3.0-or-later
# dns.py PORT ZONE LOG: a name server on the cell's loopback, by UDP and TCP. ZONE has lines "name type value" (A and TXT);
# every name that is asked for is a line of LOG, known or not.
import socket
import socketserver
import struct
import sys
import threading

port, log = int(sys.argv[1]), sys.argv[3]
TYPES = {"A": 1, "TXT": 16}
records = {}
with open(sys.argv[2], encoding="utf-8") as lines:
    for line in lines:
        name, kind, value = line.split(maxsplit=2)
        records.setdefault((name.lower(), TYPES[kind]), []).append(value.strip())
names = {name for name, _ in records}
lock = threading.Lock()


def rdata(kind, value):
    if kind == TYPES["A"]:
        return socket.inet_aton(value)
    text = value.encode()[:255]
    return bytes([len(text)]) + text


def answer(query):
    """The reply to one question; nothing for what is no question."""
    if len(query) < 17 or query[2] & 0x80:
        return b""
    labels, at = [], 12
    while at < len(query) and query[at]:
        if query[at] > 63:
            return b""
        labels.append(query[at + 1 : at + 1 + query[at]])
        at += 1 + query[at]
    if at + 5 > len(query):
        return b""
    kind = struct.unpack("!H", query[at + 1 : at + 3])[0]
    name = b".".join(labels).decode("ascii", "backslashreplace")
    with lock, open(log, "a", encoding="utf-8") as out:
        out.write(name.replace("\n", " ") + "\n")
    found = records.get((name.lower(), kind), [])
    code = 0 if name.lower() in names else 3
    reply = query[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(found), 0, 0) + query[12 : at + 5]
    for value in found:
        data = rdata(kind, value)
        reply += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
    return reply


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(answer(self.request[0]), self.client_address)


class Tcp(socketserver.StreamRequestHandler):
    def handle(self):
        while len(size := self.rfile.read(2)) == 2:
            reply = answer(self.rfile.read(struct.unpack("!H", size)[0]))
            self.wfile.write(struct.pack("!H", len(reply)) + reply)


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
udp = socketserver.ThreadingUDPServer(("127.0.0.1", port), Udp)
threading.Thread(target=udp.serve_forever, daemon=True).start()
socketserver.ThreadingTCPServer(("127.0.0.1", port), Tcp).serve_forever()
