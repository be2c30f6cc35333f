# SPDX-License-Identifier: GPL-3.0-or-later
"""One experiment tracker doing what `gradus bench store` does; driven by trackers.py.

usage: tracker_peer.py TRACKER ACTION FOLDER [--points N] [--runs R] [--series S] [--pace STEPS]
TRACKER: trackio, mlflow, tensorboard or aim. ACTION:
  write   logs the points, each step with one call where the tracker can take a whole step, and ends the runs; durable then
  read    reads one series of the first run, whole
  charts  reads every series of every run, as a page that draws them all must
  log     logs steps at a pace and prints each one once the call has returned; to be killed
  count   how many steps of the first run are there
Prints one line of JSON.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time


def value(step):
    return 1.0 / (1 + step)


def series_names(series):
    return [f"bench/series_{i}" for i in range(series)]


class Trackio:
    def __init__(self, folder):
        os.environ["TRACKIO_DIR"] = str(folder)
        os.environ["TRACKIO_SHOW_DASHBOARD"] = "0"
        import trackio
        from trackio.sqlite_storage import SQLiteStorage

        self.trackio, self.storage = trackio, SQLiteStorage

    def begin(self, run):
        self.trackio.init(project="bench", name=f"run-{run}")

    def step(self, names, step):
        self.trackio.log({name: value(step) for name in names}, step=step)

    def end(self):
        self.trackio.finish()

    def read(self, run, names):
        rows = self.storage.get_logs("bench", f"run-{run}", max_points=None)
        return {name: [row[name] for row in rows if name in row] for name in names}


class MLflow:
    """SQLite store, 1,000 metrics a call: the fastest way it has."""

    def __init__(self, folder):
        import logging

        logging.disable(logging.WARNING)
        import mlflow
        from mlflow.entities import Metric

        mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
        self.client, self.metric = mlflow.MlflowClient(), Metric
        found = self.client.get_experiment_by_name("bench")
        self.experiment = found.experiment_id if found else self.client.create_experiment("bench")
        self.run, self.waiting = None, []

    def begin(self, run):
        self.run = self.client.create_run(self.experiment, run_name=f"run-{run}").info.run_id

    def step(self, names, step):
        now = int(time.time() * 1000)
        self.waiting += [self.metric(name, value(step), now, step) for name in names]
        if len(self.waiting) + len(names) > 1000:
            self.flush()

    def flush(self):
        if self.waiting:
            self.client.log_batch(self.run, metrics=self.waiting)
        self.waiting = []

    def end(self):
        self.flush()
        self.client.set_terminated(self.run)

    def read(self, run, names):
        found = self.client.search_runs([self.experiment], f"attributes.run_name = 'run-{run}'")[0].info.run_id
        return {name: [m.value for m in self.client.get_metric_history(found, name)] for name in names}


class TensorBoard:
    """Written by tensorboardX, read by TensorBoard's own accumulator with nothing thinned."""

    def __init__(self, folder):
        self.folder, self.writer = folder, None

    def begin(self, run):
        from tensorboardX import SummaryWriter

        self.writer = SummaryWriter(str(self.folder / f"run-{run}"))

    def step(self, names, step):
        for name in names:
            self.writer.add_scalar(name, value(step), step)

    def end(self):
        self.writer.close()

    def read(self, run, names):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        events = EventAccumulator(str(self.folder / f"run-{run}"), size_guidance={"scalars": 0})
        events.Reload()
        return {name: [e.value for e in events.Scalars(name)] for name in names}


class Aim:
    def __init__(self, folder):
        import aim

        self.aim, self.folder, self.run = aim, folder, None
        if not (folder / ".aim").exists():
            aim.Repo.from_path(str(folder), init=True)

    def begin(self, run):
        self.run = self.aim.Run(repo=str(self.folder), experiment=f"run-{run}", log_system_params=False,
                                system_tracking_interval=None, capture_terminal_logs=False)
        with open(self.folder / "hashes", "a") as hashes:
            hashes.write(self.run.hash + "\n")

    def step(self, names, step):
        for name in names:
            self.run.track(value(step), name=name, step=step)

    def end(self):
        self.run.close()

    def settle(self):
        # Without an index rebuilt its own reader sees no run that was just written.
        subprocess.run([pathlib.Path(sys.executable).with_name("aim"), "storage", "--repo", self.folder, "reindex", "-y"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def read(self, run, names):
        from aim.storage.context import Context

        hashes = (self.folder / "hashes").read_text().split()
        found = self.aim.Repo(str(self.folder)).get_run(hashes[run])
        return {name: found.get_metric(name, Context({})).values.sparse_numpy()[1].tolist() for name in names}


TRACKERS = {"trackio": Trackio, "mlflow": MLflow, "tensorboard": TensorBoard, "aim": Aim}


def size_of(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tracker", choices=TRACKERS)
    parser.add_argument("action", choices=["write", "read", "charts", "log", "count"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--series", type=int, default=10)
    parser.add_argument("--pace", type=float, default=200)
    o = parser.parse_args()
    # What a tracker says of itself is no figure.
    shown, sys.stdout = sys.stdout, sys.stderr
    o.folder.mkdir(parents=True, exist_ok=True)
    tracker, names = TRACKERS[o.tracker](o.folder), series_names(o.series)
    steps = o.points // (o.runs * o.series)
    figures = {}
    begun = time.perf_counter()
    if o.action == "write":
        for run in range(o.runs):
            tracker.begin(run)
            if run == 0:
                begun = time.perf_counter()  # importing and starting is not logging
            for step in range(steps):
                tracker.step(names, step)
            tracker.end()
        took = time.perf_counter() - begun
        written = steps * o.runs * o.series
        getattr(tracker, "settle", lambda: None)()
        figures = {"points": written, "rows_per_second": written / took, "bytes_per_point": size_of(o.folder) / written}
    elif o.action == "read":
        points = len(tracker.read(0, names[:1])[names[0]])
        figures = {"read_points": points, "read_milliseconds": (time.perf_counter() - begun) * 1e3}
    elif o.action == "charts":
        points = sum(len(values) for run in range(o.runs) for values in tracker.read(run, names).values())
        figures = {"points": points, "charts_milliseconds": (time.perf_counter() - begun) * 1e3}
    elif o.action == "log":
        tracker.begin(0)
        begun = time.perf_counter()
        for step in range(10**9):
            tracker.step(names, step)
            print(step + 1, file=shown, flush=True)
            time.sleep(max(0.0, begun + (step + 1) / o.pace - time.perf_counter()))
    else:
        getattr(tracker, "settle", lambda: None)()
        figures = {"steps": len(tracker.read(0, names[:1])[names[0]])}
    print(json.dumps(figures), file=shown)


if __name__ == "__main__":
    main()
