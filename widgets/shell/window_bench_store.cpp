// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/window_bench_store.h"

#include "pages/home/home_page.h"
#include "pages/live/live_page.h"
#include "plot/settled.h"
#include "shell/main_window.h"
#include "store/bench_runs.h"
#include "store/run_settings.h"
#include "store/store_reader.h"
#include "store/store_writer.h"
#include "viewmodels/runs_model.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QTimer>

#include <atomic>
#include <optional>
#include <thread>

namespace gradus::shell {

namespace {

constexpr int kStarts = 7;            // of the program
constexpr int kOpenings = 5;          // of a store in a window that stands
constexpr double kWatchedSeconds = 6; // of a run that writes
constexpr double kWaitSeconds = 30;   // for what must arrive before anything can be measured
constexpr QSize kPage{1200, 800};

/// Milliseconds until done, looked at after every round of events; none: it took too long.
std::optional<double> untilDone(const std::function<void()>& act, const std::function<bool()>& done)
{
    QElapsedTimer clock;
    clock.start();
    QTimer ticking; // else a wait in which nothing comes would not end
    ticking.start(100);
    act();
    while (!done()) {
        if (clock.elapsed() > 1000 * kWaitSeconds) return std::nullopt;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
}

Workspace emptyWorkspace(const QTemporaryDir& folder)
{
    return {.folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
}

} // namespace

BenchWorkspace::BenchWorkspace(int runs)
    : m_isThere(store::writeManyRuns(QFile::encodeName(store()).toStdString(), runs).ok())
{
}

QVector<store::RunRow> BenchWorkspace::rows() const
{
    const auto reader = store::StoreReader::open(QFile::encodeName(store()).toStdString());
    auto found = reader ? reader->runs() : Result<std::vector<store::RunRow>>(reader.error());
    store::SettingsCache settings;
    if (!found || !reader->addSettings(*found, settings, found->size())) return {};
    return QVector<store::RunRow>(found->begin(), found->end());
}

BenchFigure startIn(const QString& folder, const QString& program, const QString& name)
{
    BenchFigure figure{name, 500, {}};
    for (int i = 0; i < kStarts; ++i) {
        QProcess process;
        QElapsedTimer clock;
        clock.start();
        process.start(program, {QStringLiteral("--first-paint"), folder});
        if (!process.waitForReadyRead(static_cast<int>(1000 * kWaitSeconds))) return figure;
        figure.samples.append(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
        process.waitForFinished();
    }
    return figure;
}

BenchFigure commitToPixel(common::ThemeController& theme, const BenchWorkspace& place)
{
    BenchFigure figure{QStringLiteral("commit to pixel, 10,000 points/s"), 500, {}, true};
    auto writer = store::StoreWriter::open(QFile::encodeName(place.store()).toStdString());
    spec::Experiment experiment;
    experiment.experiment.name = "bench";
    if (!writer) return figure;
    const auto runs = (*writer)->addRuns(experiment, {}, {{"", 1, experiment}});
    if (!runs || !(*writer)->claim(runs->front())) return figure;
    const std::int64_t run = runs->front();
    viewmodels::StoreWatcher watcher;
    viewmodels::RunsModel model;
    QObject::connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
    pages::LivePage page(watcher, model, theme);
    page.resize(kPage);
    page.show();
    QObject::connect(&page, &pages::LivePage::latencyMeasured, &page,
                     [&](double milliseconds) { figure.samples.append(milliseconds); });
    std::atomic<bool> enough{false};
    std::thread worker([&] {
        for (std::int64_t step = 1; !enough;) {
            for (int i = 0; i < 100; ++i, ++step)
                (*writer)->sink(run).point({"train/loss", step, 0.5});
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    });
    watcher.open(place.store());
    page.showRun(run);
    (void)plot::waitUntil([&] { return page.run().hasPoints() && model.totalRuns() > 0; }, kWaitSeconds);
    (void)plot::waitUntil([] { return false; }, 1);
    figure.samples.clear(); // of the page as it opens
    (void)plot::waitUntil([] { return false; }, kWatchedSeconds);
    enough = true;
    worker.join();
    return figure;
}

namespace {

/// From act in a window that stands, on a workspace of its own, until done.
BenchFigure opened(const QString& what, common::ThemeController& theme, const std::function<void(MainWindow&)>& act,
                   const std::function<bool(MainWindow&)>& done)
{
    BenchFigure figure{what, 1000, {}};
    for (int i = 0; i < kOpenings; ++i) {
        const QTemporaryDir folder;
        MainWindow window(theme, emptyWorkspace(folder), false);
        window.resize(kPage);
        window.show();
        (void)plot::waitUntil([&] { return window.session().isLoaded(); }, kWaitSeconds);
        plot::settle(window);
        const auto took = untilDone([&] { act(window); }, [&] { return done(window); });
        if (!took) return figure;
        figure.samples.append(*took);
    }
    return figure;
}

} // namespace

BenchFigure exampleOpened(common::ThemeController& theme)
{
    const auto what = QStringLiteral("example opened");
    if (exampleStorePath().isEmpty()) return {what, 1000, {}};
    return opened(
        what, theme, [](MainWindow& window) { Q_EMIT window.findChild<pages::HomePage*>()->openExampleRequested(); },
        [](MainWindow& window) { return !window.session().runs().isEmpty() && window.desk().isReady("live"); });
}

BenchFigure manyRunsListed(common::ThemeController& theme, const BenchWorkspace& place)
{
    return opened(
        QStringLiteral("50,000 runs listed"), theme,
        [&place](MainWindow& window) { window.session().openStore(place.store()); },
        [](MainWindow& window) { return !window.session().runs().isEmpty(); });
}

} // namespace gradus::shell
