# SPDX-License-Identifier: GPL-3.0-or-later
# lookup.py NAME [A|TXT]: asks the name server on the port that PORT beside it holds; prints a value a line, or "missing".
import pathlib
import socket
import struct
import sys

port = int((pathlib.Path(__file__).parent / "PORT").read_text())
kind = {"A": 1, "TXT": 16}[sys.argv[2] if len(sys.argv) > 2 else "A"]
question = b"".join(bytes([len(label)]) + label.encode() for label in sys.argv[1].strip(".").split("."))
question += b"\0" + struct.pack("!HH", kind, 1)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.settimeout(5)
    server.sendto(struct.pack("!HHHHHH", 4711, 0x0100, 1, 0, 0, 0) + question, ("127.0.0.1", port))
    reply = server.recv(4096)
count = struct.unpack("!H", reply[6:8])[0]
at = 12 + len(question)
for _ in range(count):
    size = struct.unpack("!H", reply[at + 10 : at + 12])[0]
    data = reply[at + 12 : at + 12 + size]
    print(socket.inet_ntoa(data) if kind == 1 else data[1:].decode("utf-8", "replace"))
    at += 12 + size
if count == 0:
    print("missing")
