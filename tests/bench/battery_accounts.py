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
                    "env", "HOME=" + folder]
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
