#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containment battery started by root and by an ordinary user, side by side.

    tests/bench/battery_accounts.py GRADUS [--level 2] [--quick]

Run it as root: the ordinary user is an account that nobody has, taken with setpriv (util-linux). Prints the counts of both, and
every row whose verdict differs; ends with 1 if there is one, with 2 where a battery could not be run."""

import argparse
import collections
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

ACCOUNT = "64123"


def battery(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 3) or not done.stdout.startswith("{"):
        print(done.stderr.strip() or f"{words[0]} ended with {done.returncode}", file=sys.stderr)
        sys.exit(2)
    return {row["id"]: row for row in json.loads(done.stdout)["vectors"]}


def hidden(path):
    """Whether an account that is nobody's cannot reach this file."""
    return any(not os.stat(str(part)).st_mode & stat.S_IXOTH for part in pathlib.Path(path).resolve().parents)


def lent_libraries(program, folder):
    """Libraries of the program that lie where only root may look (those that packaging/run fetched for root), in a folder for all."""
    for line in subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines():
        words = line.split()
        if len(words) < 3 or not words[2].startswith("/") or not hidden(words[2]):
            continue
        there = os.path.join(folder, words[0])
        try:
            os.link(os.path.realpath(words[2]), there)
        except OSError:  # another file system
            shutil.copyfile(words[2], there)
        os.chmod(there, os.stat(there).st_mode | 0o444)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gradus")
    parser.add_argument("--level", default="2")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    if os.geteuid() != 0:
        print("Start this as root: it takes the ordinary account itself.", file=sys.stderr)
        sys.exit(2)
    words = [os.path.abspath(asked.gradus), "sandbox", "check", "--level", asked.level, "--json"]
    words += ["--quick"] if asked.quick else []
    with tempfile.TemporaryDirectory(prefix="gradus-accounts-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        ordinary = ["setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups",
                    "env", "HOME=" + folder, "LD_LIBRARY_PATH=" + lent_libraries(words[0], folder)]
        rows = {"root": battery(words, folder), "ordinary": battery(ordinary + words, folder)}
    for who, table in rows.items():
        counts = collections.Counter(row["verdict"] for row in table.values())
        print(f"{who:9}", ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    differ = [name for name in rows["root"] if rows["root"][name]["verdict"] != rows["ordinary"][name]["verdict"]]
    for name in differ:
        for who in rows:
            print(f"{name:22} {who:9} {rows[who][name]['verdict']}: {rows[who][name]['why']}")
    print("The verdicts are the same." if not differ else f"{len(differ)} verdicts differ.")
    sys.exit(1 if differ else 0)


main()
