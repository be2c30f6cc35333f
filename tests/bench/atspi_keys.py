#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the Design page as a screen reader does, over a real AT-SPI bus, and checks that every keyframe is there.

Starts a session bus, an X server without a screen, the accessibility bus and the window; walks the tree that the window
offers; prints every keyframe with its name and value; changes a value through the bus, as assistive technology may, and
reads it back. Exit code 1 where a keyframe of the file is missing, has another value, or does not take one.

    tests/bench/atspi_keys.py --workbench build/release/bin/gradus-workbench

Needs the packages at-spi2-core, xvfb and python3-dbus, and therefore the system's Python.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

KEYS = [(0.0, 0.3), (0.4, 0.5), (0.7, 0.62), (1.0, 0.9)]
DRAFT = (
    '[experiment]\nname = "spoken"\n[gap]\ncurve = { keys = ['
    + ", ".join(f"[{x}, {y}]" for x, y in KEYS)
    + "] }\n"
)
PATIENCE = 30  # seconds for the window to come up


def wait_for(what, make):
    end = time.time() + PATIENCE
    while time.time() < end:
        made = make()
        if made:
            return made
        time.sleep(0.2)
    sys.exit(f"{what} did not come within {PATIENCE} seconds.")


class Tree:
    """What programs offer on the accessibility bus."""

    ITEM = "org.a11y.atspi.Accessible"
    VALUE = "org.a11y.atspi.Value"

    def __init__(self, dbus, bus):
        self.dbus, self.bus = dbus, bus

    def item(self, name, path):
        return self.bus.get_object(name, path, introspect=False)

    def get(self, item, interface, key):
        return item.Get(interface, key, dbus_interface="org.freedesktop.DBus.Properties")

    def name(self, item):
        return str(self.get(item, self.ITEM, "Name"))

    def role(self, item):
        return str(item.GetRoleName(dbus_interface=self.ITEM))

    def children(self, item):
        return [self.item(str(n), str(p)) for n, p in item.GetChildren(dbus_interface=self.ITEM)]

    def root(self):
        return self.item("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")

    def walk(self, item, depth=0):
        yield depth, item
        if depth < 30:
            for child in self.children(item):
                try:
                    yield from self.walk(child, depth + 1)
                except self.dbus.exceptions.DBusException:
                    pass  # went while we looked


def inside(arguments):
    import dbus

    display = f":{os.getpid() % 5000 + 100}"
    children = [subprocess.Popen(["Xvfb", display, "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)]
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    try:
        with tempfile.TemporaryDirectory() as folder:
            draft = pathlib.Path(folder) / "spoken.toml"
            draft.write_text(DRAFT)
            environment["XDG_CONFIG_HOME"] = environment["XDG_DATA_HOME"] = folder
            launcher = "/usr/libexec/at-spi-bus-launcher"
            children.append(subprocess.Popen([launcher, "--launch-immediately"], env=environment))
            session = dbus.SessionBus()

            def address():
                try:
                    offered = session.get_object("org.a11y.Bus", "/org/a11y/bus", introspect=False)
                    return str(offered.GetAddress(dbus_interface="org.a11y.Bus"))
                except dbus.exceptions.DBusException:
                    return ""

            tree = Tree(dbus, dbus.bus.BusConnection(wait_for("The accessibility bus", address)))
            time.sleep(1)  # the X server
            window = [arguments.workbench, str(draft), "--page", "design"]
            children.append(subprocess.Popen(window, env=environment))

            def lane():
                for application in tree.children(tree.root()):
                    for _, item in tree.walk(application):
                        if tree.role(item) == "chart" and tree.name(item) == "Gap curve":
                            return item
                return None

            chart = wait_for("The lane of the gap", lane)
            return check(tree, chart)
    finally:
        for child in reversed(children):
            child.terminate()
            child.wait()


def check(tree, chart):
    wrong = 0
    keys = [item for item in tree.children(chart) if tree.role(item) == "slider"]
    for number, (x, y) in enumerate(KEYS, 1):
        if number > len(keys):
            print(f"key {number} is missing")
            wrong += 1
            continue
        name = tree.name(keys[number - 1])
        value = float(tree.get(keys[number - 1], tree.VALUE, "CurrentValue"))
        good = name == f"Key {number} of {len(KEYS)} at {100 * x:.1f} percent" and abs(value - y) < 1e-9
        print(f"{'ok   ' if good else 'WRONG'} slider  {name!r}  value {value:g}")
        wrong += not good
    if keys and not wrong:
        properties = "org.freedesktop.DBus.Properties"
        keys[1].Set(tree.VALUE, "CurrentValue", tree.dbus.Double(0.55, variant_level=1), dbus_interface=properties)
        value = float(tree.get(keys[1], tree.VALUE, "CurrentValue"))
        print(f"key 2 set to 0.55 over the bus reads {value:g}")
        wrong += abs(value - 0.55) > 1e-9
    print(f"{len(keys)} keyframes over AT-SPI, {wrong} wrong")
    return 1 if wrong or len(keys) != len(KEYS) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workbench", default="build/release/bin/gradus-workbench")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        return inside(arguments)
    again = [sys.executable, __file__, "--workbench", arguments.workbench, "--inside"]
    return subprocess.run(["dbus-run-session", "--", *again]).returncode


if __name__ == "__main__":
    sys.exit(main())
