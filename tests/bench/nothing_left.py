#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command that starts cells and counts, from outside, what it leaves behind.

usage: nothing_left.py COMMAND ...        e.g. nothing_left.py gradus bench sandbox --episodes 1000
Processes: this script adopts every orphan among the command's descendants, so that what outlives the command is its child.
Mounts and control groups: those that are seen here, before and after. Files: the command has a temporary folder of its own;
/dev/shm and /tmp are looked at for what the accounts of cells own. Descriptors and threads of the command itself: looked at
four times a second; the most in the first and in the last quarter of the run. Exit code 1 if anything is left.
"""
import ctypes
import os
import pathlib
import pwd
import subprocess
import sys
import tempfile
import threading
import time

PR_SET_CHILD_SUBREAPER = 36


def mounts():
    return len(pathlib.Path("/proc/self/mountinfo").read_text().splitlines())


def control_groups():
    return sum(len(folders) for _, folders, _ in os.walk("/sys/fs/cgroup"))


def files_of_cells():
    """What an account that nobody has, or the sandbox's own, holds in the folders that all may write to."""
    known = {entry.pw_uid for entry in pwd.getpwall() if entry.pw_name != "gradus-sandbox"}
    found = 0
    for top in ("/tmp", "/dev/shm", "/var/tmp"):
        for folder, folders, files in os.walk(top):
            for name in folders + files:
                try:
                    found += os.lstat(os.path.join(folder, name)).st_uid not in known
                except OSError:
                    pass  # went away meanwhile: another program's
    return found


def children():
    """Names of the living processes whose parent this is; one that has ended and only waits to be collected is not left."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if fields.get("PPid") == str(os.getpid()) and not fields.get("State", "").startswith("Z"):
            found.append(fields["Name"])
    return found


def watch(pid, samples, ended):
    while not ended.wait(0.25):
        try:
            samples.append((len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))))
        except OSError:
            return


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as temporary:
        os.chmod(temporary, 0o1777)
        before = mounts(), control_groups(), files_of_cells()
        begun, samples, ended = time.monotonic(), [], threading.Event()
        process = subprocess.Popen(sys.argv[1:], env=os.environ | {"TMPDIR": temporary})
        watcher = threading.Thread(target=watch, args=(process.pid, samples, ended))
        watcher.start()
        code = process.wait()
        seconds = time.monotonic() - begun
        ended.set()
        watcher.join()
        left = children()
        after = mounts(), control_groups(), files_of_cells()
        temporaries = sum(len(folders) + len(files) for _, folders, files in os.walk(temporary))
    quarter = max(1, len(samples) // 4)
    most = [[max(column) for column in zip(*part)] for part in (samples[:quarter], samples[-quarter:])]
    print(f"\nexit code {code} after {seconds:.0f} s; beside the command's own end:")
    print(f"processes left: {len(left)} {' '.join(sorted(set(left)))}".rstrip())
    print(f"mounts: {before[0]} before, {after[0]} after; control groups: {before[1]}, {after[1]}")
    print(f"files: {temporaries} in its temporary folder; of accounts of cells {before[2]} before, {after[2]} after")
    if samples:
        print(f"the command's descriptors and threads, the most in the first quarter: {most[0][0]}, {most[0][1]}; "
              f"in the last: {most[1][0]}, {most[1][1]} ({len(samples)} looks)")
    clean = not left and not temporaries and before == after
    return code or (0 if clean else 1)


if __name__ == "__main__":
    sys.exit(main())
