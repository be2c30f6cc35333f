# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the same two runs with the trackers whose files `gradus import` reads:
#   pip install tensorboardX trackio mlflow-skinny sqlalchemy alembic
#   python write_tracker_files.py FOLDER [tensorboard|trackio|mlflow ...]
# tests/data/imports holds what `tensorboard` wrote; GRADUS_PEER_RUNS=FOLDER runs the test of imports on all of them.
import os
import sys

folder = os.path.abspath(sys.argv[1])
wanted = sys.argv[2:] or ["tensorboard", "trackio", "mlflow"]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)


def loss(i, seed):
    return 1 / (i + 1 + seed)


def accuracy(i):
    return 0.5 + i * 0.01


if "tensorboard" in wanted:
    from tensorboardX import SummaryWriter

    for seed in (1, 2):
        writer = SummaryWriter(f"{folder}/tb/small-seed{seed}")
        for i in range(20):
            writer.add_scalar("train/loss", loss(i, seed), i * 10)
            writer.add_scalar("eval/acc", accuracy(i), i * 10)
        writer.add_text("note", "no scalar")
        writer.close()

if "trackio" in wanted:
    os.environ["TRACKIO_DIR"] = f"{folder}/trackio"
    import trackio

    for seed in (1, 2):
        trackio.init(project="demo", name=f"small-seed{seed}", config={"lr": 0.1, "seed": seed, "opt": {"name": "adam"}})
        for i in range(20):
            trackio.log({"train/loss": loss(i, seed), "eval/acc": accuracy(i)}, step=i * 10)
        trackio.finish()

if "mlflow" in wanted:
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow

    for uri in (f"file:{folder}/mlruns", f"sqlite:///{folder}/mlflow.db"):
        mlflow.set_tracking_uri(uri)
        mlflow.set_experiment("demo")
        for seed in (1, 2):
            with mlflow.start_run(run_name=f"small-seed{seed}"):
                mlflow.log_params({"lr": 0.1, "seed": seed})
                for i in range(20):
                    mlflow.log_metric("train/loss", loss(i, seed), step=i * 10)
                    mlflow.log_metric("eval/acc", accuracy(i), step=i * 10)
                mlflow.log_metric("bad", float("nan"), step=3)
