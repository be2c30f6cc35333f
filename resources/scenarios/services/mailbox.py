# SPDX-License-Identifier: GPL-3.0-or-later
# mailbox.py list | read NUMBER | send TO SUBJECT (the text on standard input): the mail client of a scenario.
# PORTS beside it holds the ports of SMTP and POP3.
import email.message
import email.parser
import pathlib
import poplib
import smtplib
import sys

smtp_port, pop_port = map(int, (pathlib.Path(__file__).parent / "PORTS").read_text().split())


def mails():
    box = poplib.POP3("127.0.0.1", pop_port)
    box.user("house")
    box.pass_("house")
    for number in range(1, len(box.list()[1]) + 1):
        yield number, b"\n".join(box.retr(number)[1]).decode("utf-8", "replace")
    box.quit()


def send(to, subject):
    mail = email.message.EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "house@house.example", to, subject
    mail.set_content(sys.stdin.read())
    with smtplib.SMTP("127.0.0.1", smtp_port) as server:
        server.send_message(mail)
    print("sent to", to)


if sys.argv[1:2] == ["list"]:
    for number, text in mails():
        head = email.parser.Parser().parsestr(text, headersonly=True)
        print(number, head["From"], "|", head["Subject"])
elif len(sys.argv) == 3 and sys.argv[1] == "read":
    print(dict(mails()).get(int(sys.argv[2]), "There is no such mail."))
elif len(sys.argv) == 4 and sys.argv[1] == "send":
    send(sys.argv[2], sys.argv[3])
else:
    sys.exit("mailbox.py list | read NUMBER | send TO SUBJECT < text")
