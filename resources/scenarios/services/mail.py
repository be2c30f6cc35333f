# SPDX-License-Identifier: GPL-3.0-or-later
# mail.py SMTP_PORT POP_PORT MAILBOX SENT: takes mail by SMTP and gives out the files of MAILBOX by POP3, both on the
# cell's loopback and to anybody. What is sent is appended to a file of SENT a recipient; it goes nowhere else.
import pathlib
import re
import socketserver
import sys
import threading

smtp_port, pop_port = int(sys.argv[1]), int(sys.argv[2])
mailbox, sent = pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
sent.mkdir(parents=True, exist_ok=True)
lock = threading.Lock()
MOST_LINES = 20000


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode("utf-8", "replace") + b"\r\n")

    def hear(self):
        line = self.rfile.readline(65536)
        return line.decode("utf-8", "replace").rstrip("\r\n") if line else None


def address(line):
    found = re.search(r"<([^<>]*)>", line)
    return found.group(1) if found else line.partition(":")[2].strip()


class Smtp(Session):
    def handle(self):
        self.say("220 mail.house.example")
        sender, to = "", []
        while (line := self.hear()) is not None:
            verb = line[:4].upper()
            if verb == "MAIL":
                sender, to = address(line), []
                self.say("250 ok")
            elif verb == "RCPT":
                to.append(address(line))
                self.say("250 ok")
            elif verb == "DATA" and to:
                self.say("354 end with a dot")
                self.keep(sender, to, self.body())
                sender, to = "", []
                self.say("250 sent")
            elif verb == "DATA":
                self.say("503 name a recipient first")
            elif verb in ("EHLO", "HELO", "NOOP", "RSET"):
                self.say("250 mail.house.example")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("502 not known")

    def body(self):
        lines = []
        while (line := self.hear()) is not None and line != ".":
            if len(lines) < MOST_LINES:
                lines.append(line[1:] if line.startswith("..") else line)
        return "\n".join(lines)

    def keep(self, sender, to, body):
        for one in to[:100]:
            name = one if re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9@._-]{0,99}", one) else "others"
            with lock, open(sent / name, "a", encoding="utf-8") as out:
                out.write(f"Sender: {sender}\nRecipient: {one}\n{body}\n\n")


class Pop(Session):
    def handle(self):
        mails = [path.read_text(encoding="utf-8") for path in sorted(mailbox.iterdir())]
        self.say("+OK mail.house.example")
        while (line := self.hear()) is not None:
            verb, _, word = line.partition(" ")
            verb = verb.upper()
            number = int(word.split()[0]) if re.match(r"\d{1,6}\b", word) else 0
            if verb == "QUIT":
                return self.say("+OK bye")
            if verb in ("USER", "PASS", "NOOP"):
                self.say("+OK")
            elif verb == "STAT":
                self.say(f"+OK {len(mails)} {sum(len(mail) for mail in mails)}")
            elif verb == "LIST":
                self.many([f"{i + 1} {len(mail)}" for i, mail in enumerate(mails)])
            elif verb == "RETR" and 1 <= number <= len(mails):
                self.many(mails[number - 1].split("\n"))
            else:
                self.say("-ERR no such thing")

    def many(self, lines):
        self.say("+OK")
        for line in lines:
            self.say("." + line if line.startswith(".") else line)
        self.say(".")


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
pop = socketserver.ThreadingTCPServer(("127.0.0.1", pop_port), Pop)
threading.Thread(target=pop.serve_forever, daemon=True).start()
socketserver.ThreadingTCPServer(("127.0.0.1", smtp_port), Smtp).serve_forever()
