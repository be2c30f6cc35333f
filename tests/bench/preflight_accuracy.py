#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near `gradus check` comes to the time that the templates then take: measured now, and from the store's history.

Usage: preflight_accuracy.py GRADUS TEMPLATES_FOLDER [NAME ...]
Each template is run twice with two seeds of its own, so that nothing published is run again.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SEEDS = ("[101, 102]", "[103, 104]")


def with_seeds(text: str, seeds: str) -> str:
    return re.sub(r"^seeds = \[[^\]]*\]", f"seeds = {seeds}", text, count=1, flags=re.MULTILINE)


def main() -> int:
    gradus = str(pathlib.Path(sys.argv[1]).resolve())
    folder = pathlib.Path(sys.argv[2])
    names = sys.argv[3:] or ["progressive", "gap-annealing", "noise-sensitivity", "signal-diversity", "source-count"]
    print(f"{'template':<20} {'origin':<9} {'runs':>4} {'estimate':>9} {'taken':>9} {'error':>7}")
    for name in names:
        text = (folder / f"{name}.toml").read_text()
        with tempfile.TemporaryDirectory() as place:
            for origin, seeds in zip(("measured", "history"), SEEDS):
                file = pathlib.Path(place) / "e.toml"
                file.write_text(with_seeds(text, seeds))
                said = subprocess.run([gradus, "check", "e.toml", "--json", "--store", "gradus.db"], cwd=place,
                                      capture_output=True, text=True, check=True)
                estimate = json.loads(said.stdout)
                begun = time.monotonic()
                subprocess.run([gradus, "run", "e.toml", "--store", "gradus.db"], cwd=place, check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                taken = time.monotonic() - begun
                error = estimate["seconds"] / taken - 1
                print(f"{name:<20} {origin:<9} {estimate['runs']:>4} {estimate['seconds']:>8.1f}s {taken:>8.1f}s "
                      f"{100 * error:>+6.0f}%", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
