// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn on the Design page by real events, launched and run by the real worker: what ran is what was drawn, and
// a run's future drawn anew is a branch whose past stayed.
#include "base/files.h"
#include "controller/gap_controller.h"
#include "data/fingerprint.h"
#include "editor/lane_view.h"
#include "pages/design/batch_view.h"
#include "pages/design/design_page.h"
#include "pages/design/finding_strip.h"
#include "pages/design/mix_panel.h"
#include "store/store_reader.h"

#include "program.h"
#include "support/must.h"
#include "support/suite.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QMouseEvent>
#include <QProcess>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <map>

using namespace gradus;
using namespace gradus::tests;
using pages::DesignPage;
using pages::MixPanel;
using viewmodels::Launcher;

namespace {

/// A few seconds of work on two cores.
const std::string kText =
    "[experiment]\nname = \"drawn\"\nseeds = [3]\n"
    "[ladder]\ngenerations = 5\nstart = 0\n"
    "[task]\ntest_items = 100\n"
    "[gap] # drawn by hand\ncontroller = \"schedule\"\n"
    "curve = { keys = [[0.0, 0.3], [0.5, 0.35], [1.0, 0.4]] }\n"
    "[training]\nlabels = 64\nepochs = 1\n"
    "[signals]\naggregate = \"majority\"\n"
    "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n"
    "weight = { keys = [[0.0, 0.8], [1.0, 0.2]] }\n"
    "[[signals.source]]\nname = \"noisy\"\nkind = \"synthetic\"\nnoise = \"uniform\"\nrate = 0.2\n"
    "weight = { keys = [[0.0, 0.3], [1.0, 0.6]] }\n"
    "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\n"
    "weight = { keys = [[0.0, 0.2], [1.0, 0.5]] }\n";

void drag(QWidget& widget, const QPoint& from, const QPoint& to)
{
    QTest::mousePress(&widget, Qt::LeftButton, {}, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(&widget, &event);
    }
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, to);
}

void dragKey(editor::LaneView& lane, std::size_t key, const QPoint& by)
{
    const QPoint at = lane.pixelOf(lane.track().curve().keys.at(key)).toPoint();
    drag(lane, at, at + by);
}

struct Bench
{
    QTemporaryDir folder;
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    viewmodels::LaunchPlace place{.workspace = folder.path(), .program = QStringLiteral(GRADUS_PROGRAM)};
    DesignPage page{theme, place};
    Launcher launcher{place};

    Bench()
    {
        // As the shell does.
        QObject::connect(&page, &DesignPage::launchRequested, &page, [this](const QString& toml) {
            if (const auto launched = launcher.launch(toml.toStdString()); !launched)
                page.showNotice(QString::fromStdString(launched.error().message), true);
        });
        QObject::connect(&page, &DesignPage::branchRequested, &page, [this](const Launcher::Branch& branch, bool) {
            if (const auto launched = launcher.branch(branch); !launched)
                page.showNotice(QString::fromStdString(launched.error().message), true);
        });
        page.resize(1368, 1000);
        page.show();
        page.activateWindow();
        if (!QTest::qWaitForWindowActive(&page)) qFatal("the page got no focus");
    }
    std::string store() const { return launcher.storePath().toStdString(); }
    viewmodels::ScheduleDocument& document() { return page.document(); }
    QString said() const { return page.findChild<pages::FindingStrip*>()->sentence(); }
    void press(const char* button) const
    {
        QTest::mouseClick(page.findChild<QPushButton*>(QLatin1String(button)), Qt::LeftButton);
    }
    std::vector<store::RunRow> runs() const
    {
        auto reader = store::StoreReader::open(store());
        if (!reader) return {};
        auto rows = reader->runs();
        return rows ? *rows : std::vector<store::RunRow>{};
    }
    /// How many runs have finished; fails fast when one failed.
    int finished() const
    {
        int count = 0;
        for (const store::RunRow& run : runs()) {
            if (run.state == store::RunState::Failed) qFatal("a run failed: %s", run.failure.c_str());
            count += run.state == store::RunState::Finished ? 1 : 0;
        }
        return count;
    }
    store::RunDetail detailOf(const std::string& uuid) const
    {
        const auto reader = must(store::StoreReader::open(store()));
        return must(reader.detail(must(reader.findRun(uuid)).id));
    }
};

/// What the controller asked for at each step, by the generation it was asked from, to the last bit.
std::map<int, double> wantedBy(const store::RunDetail& detail)
{
    std::map<int, double> wanted;
    for (const store::EventRow& event : detail.events) {
        const QJsonObject details = QJsonDocument::fromJson(QByteArray::fromStdString(event.detailsJson)).object();
        if (details.contains("wanted")) wanted[event.generation] = details["wanted"].toDouble();
    }
    return wanted;
}

std::map<int, std::string> weightsOf(const store::RunDetail& detail)
{
    std::map<int, std::string> hashes;
    for (const auto& generation : detail.generations)
        hashes[generation.generation] = generation.checkpointHash;
    return hashes;
}

} // namespace

class DrawnRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freshDraft_getsThreeSourcesThatTheProgramTakes()
    {
        Bench bench;
        const QMenu* kinds = bench.page.findChild<QPushButton*>("addSource")->menu();
        for (const char* kind : {"model", "persona", "truth"})
            kinds->findChild<QAction*>(QLatin1String(kind))->trigger();
        QCOMPARE(bench.document().sourceLists().at(0).sources.size(), std::size_t{3});
        int handed = 0;
        for (QAction* action : bench.page.findChild<QPushButton*>("mixPresets")->menu()->actions()) {
            if (!action->text().startsWith(QLatin1String("Hand over"))) continue;
            action->trigger();
            ++handed;
        }
        QCOMPARE(handed, 1);
        QVERIFY2(bench.page.save(), qPrintable(bench.said()));
        const Outcome checked = runGradus(bench.folder.path(), {"check", bench.document().path()});
        QVERIFY2(checked.exitCode == 0, checked.err.constData());
    }
    void whatIsDrawn_isWhatRuns()
    {
        Bench bench;
        QVERIFY(bench.page.openText(kText));
        dragKey(bench.page.lane(), 1, {30, -40}); // the gap
        bench.page.mix().showView(MixPanel::View::Lanes);
        QCoreApplication::processEvents();
        const auto lanes = bench.page.mix().lanes();
        QCOMPARE(lanes.size(), 3);
        dragKey(*lanes[0], 1, {0, -12});
        editor::LaneView& noisy = *lanes[1];
        const QPoint onCurve = noisy.toPixel({0.6, schedule::Evaluator(noisy.track().curve())(0.6)}).toPoint();
        drag(noisy, onCurve, onCurve + QPoint(0, 10)); // a key on the curve, dragged in the same press
        const spec::Experiment drawn = bench.document().experiment();
        QVERIFY(drawn.gap.curve.keys[1].y != 0.35);
        QCOMPARE(drawn.signals.sources[1].weight.keys.size(), std::size_t{3});
        QVERIFY(drawn.signals.sources[0].weight.keys[1].y != 0.2);

        bench.press("launch");
        QTRY_COMPARE_WITH_TIMEOUT(bench.finished(), 1, 120'000);
        const store::RunDetail detail = bench.detailOf(bench.runs().front().uuid);
        QVERIFY(detail.run.experimentHash == spec::hashOf(drawn));
        const schedule::Evaluator gap(drawn.gap.curve);
        const std::map<int, double> wanted = wantedBy(detail);
        QVERIFY(wanted.size() >= 3);
        for (const auto& [from, asked] : wanted)
            QVERIFY2(asked == gap(controller::scheduleFraction(from, 5)), qPrintable(QString::number(from)));

        const auto reader = must(store::StoreReader::open(bench.store()));
        std::size_t compared = 0;
        std::vector<store::SeriesPoints> weights;
        std::vector<store::SeriesPoints> shares;
        for (const spec::SignalSource& source : drawn.signals.sources) {
            weights.push_back(must(reader.series(detail.run.id, "signal/weight/" + source.name)));
            shares.push_back(must(reader.series(detail.run.id, "signal/share/" + source.name)));
            QCOMPARE(weights.back().points.size(), std::size_t{4}); // generations 2 to 5
            QCOMPARE(shares.back().points.size(), std::size_t{4});
        }
        double apart = 0;
        for (int generation = 2; generation <= 5; ++generation) {
            const auto at = static_cast<std::size_t>(generation - 2);
            double sum = 0;
            for (const spec::SignalSource& source : drawn.signals.sources)
                sum += spec::weightAt(source, generation, 5);
            for (std::size_t j = 0; j < drawn.signals.sources.size(); ++j) {
                const double weight = spec::weightAt(drawn.signals.sources[j], generation, 5);
                QVERIFY(weights[j].points[at].value == weight); // bit for bit
                apart = std::max(apart, std::abs(shares[j].points[at].value - weight / sum));
                ++compared;
            }
        }
        QCOMPARE(compared, std::size_t{12});
        qInfo("the largest difference between a drawn and a counted share is %.2g", apart);
        QVERIFY2(apart < 0.02, qPrintable(QString::number(apart)));
    }

    /// A source that is silent about some items has so much less of the supervision, whatever its weight is.
    void shares_areCountedFromTheVotesThatWereKept()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath("part.toml");
        const std::string text = "[experiment]\nname = \"part\"\nseeds = [3]\n[ladder]\ngenerations = 3\nstart = 0\n"
                                 "[task]\ntest_items = 100\n[training]\nlabels = 64\nepochs = 1\n"
                                 "[signals]\naggregate = \"majority\"\n"
                                 "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n"
                                 "weight = { keys = [[0.0, 0.6], [1.0, 0.3]] }\n"
                                 "[[signals.source]]\nname = \"half\"\nkind = \"truth\"\nshare = 0.5\nweight = 0.4\n";
        QVERIFY(writeFileAtomically(file.toStdString(), text));
        const QString storePath = folder.filePath("gradus.db");
        const Outcome ran = runGradus(folder.path(), {"run", file, "--store", storePath});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto reader = must(store::StoreReader::open(storePath.toStdString()));
        const store::RunDetail detail = must(reader.detail(must(reader.runs()).front().id));
        const spec::Experiment experiment = *spec::parseExperiment(text, "x");
        double silent = 0;
        for (int generation = 2; generation <= 3; ++generation) {
            std::map<std::string, std::vector<int>> said;
            for (const events::VoteRecord& votes : must(reader.votes(detail.run.id, generation)))
                if (votes.source != spec::kAnchorsName) said[votes.source] = votes.labels;
            QCOMPARE(said.size(), std::size_t{2});
            std::map<std::string, double> counted;
            std::map<std::string, double> drawn;
            double items = 0;
            double sum = 0;
            for (const spec::SignalSource& source : experiment.signals.sources)
                sum += drawn[source.name] = spec::weightAt(source, generation, 3);
            for (std::size_t i = 0; i < said["past"].size(); ++i) {
                double all = 0;
                for (const auto& [name, labels] : said)
                    all += labels[i] >= 0 ? drawn[name] : 0;
                if (!(all > 0)) continue;
                items += 1;
                for (const auto& [name, labels] : said)
                    if (labels[i] >= 0) counted[name] += drawn[name] / all;
            }
            QVERIFY(items > 0);
            for (const spec::SignalSource& source : experiment.signals.sources) {
                const auto series = must(reader.series(detail.run.id, "signal/share/" + source.name));
                QCOMPARE(series.points.size(), std::size_t{2});
                const double stored = series.points[static_cast<std::size_t>(generation - 2)].value;
                QVERIFY2(std::abs(stored - counted[source.name] / items) < 1e-12, source.name.c_str());
            }
            silent = std::max(silent, drawn["half"] / sum - counted["half"] / items);
        }
        qInfo("a source that is silent about half of the items has %.3f less than its drawn share", silent);
        QVERIFY(silent > 0.02); // a drawn share is no longer what is counted
    }

    /// Drawn before the run: its items are the run's, and who can be asked says of each what it then says in the run.
    void batch_holdsWhatTheSourcesOfTheRunSay()
    {
        Bench bench;
        QVERIFY(bench.page.openText(kText));
        pages::BatchView& batch = bench.page.mix().batch();
        bench.page.mix().showView(MixPanel::View::Batch);
        bench.page.mix().desk().setPlayhead(0.7);
        QCOMPARE(batch.generation(), 4); // 2 + 0.7 of three steps
        bench.press("drawBatch");
        QTRY_VERIFY_WITH_TIMEOUT(batch.table()->rowCount() > 0, 60'000);
        QVERIFY2(batch.says().startsWith(QStringLiteral("Generation 4: the first 32 of 64 items")),
                 qPrintable(batch.says()));
        QVERIFY2(batch.says().contains(QStringLiteral("past is not asked: it asks generations")),
                 qPrintable(batch.says()));
        const QTableWidget& table = *batch.table();
        QCOMPARE(table.columnCount(), 6); // item, three sources, together, truth
        QVERIFY(table.horizontalHeaderItem(2)->text().startsWith(QStringLiteral("noisy (0.5")));

        bench.press("launch");
        QTRY_COMPARE_WITH_TIMEOUT(bench.finished(), 1, 120'000);
        const auto reader = must(store::StoreReader::open(bench.store()));
        std::map<QString, std::map<QString, QString>> said; // by source, by item
        for (const events::VoteRecord& record : must(reader.votes(bench.runs().front().id, 4)))
            for (std::size_t i = 0; i < record.items.size(); ++i)
                said[QString::fromStdString(record.source)][QString::fromStdString(data::itemName(record.items[i]))] =
                    QString::number(record.labels[i]);
        int wrong = 0;
        for (int row = 0; row < table.rowCount(); ++row) {
            const QString name = table.item(row, 0)->toolTip().section(QLatin1Char(':'), 0, 0);
            QVERIFY2(said["past"].contains(name), qPrintable(name)); // the run asked about this item
            QCOMPARE(table.item(row, 1)->text(), QStringLiteral("–"));
            QCOMPARE(table.item(row, 2)->text(), said["noisy"].at(name));
            QCOMPARE(table.item(row, 3)->text(), said["truth"].at(name));
            wrong += table.item(row, 2)->text() != table.item(row, 5)->text() ? 1 : 0;
        }
        QVERIFY(wrong > 0 && wrong < table.rowCount()); // a fifth of the noisy source's labels

        QVERIFY(bench.document().setValue("training.labels", "80", QStringLiteral("Setting")).ok());
        QVERIFY(batch.says().contains(QStringLiteral("changed since")));
    }

    void futureOfARun_isDrawnAnewAndItsPastRefusesEdits()
    {
        Bench bench;
        QVERIFY(bench.page.openText(kText));
        bench.press("launch");
        QTRY_COMPARE_WITH_TIMEOUT(bench.finished(), 1, 120'000);
        const std::string parent = bench.runs().front().uuid;
        auto past = must(viewmodels::pastOfRun(bench.store(), parent.substr(0, 8)));
        QCOMPARE(past.finished, 5);
        QCOMPARE(past.generation, 4); // the last after which anything may come
        bench.page.beginBranch(past);
        auto* kept = bench.page.findChild<QComboBox*>(QStringLiteral("keptGeneration"));
        QVERIFY(kept->isVisible());
        QCOMPARE(kept->currentText(), QStringLiteral("A4"));
        QCOMPARE(bench.page.findChild<QPushButton*>(QStringLiteral("launch"))->text(), QStringLiteral("Apply"));
        kept->setFocus();
        QTest::keyClick(kept, Qt::Key_Up); // A3 is the last one kept: the step to A4 is open
        QCOMPARE(kept->currentText(), QStringLiteral("A3"));
        QCOMPARE(bench.document().past()->generation, 3);
        const double closed = controller::scheduleFraction(2, 5);
        QCOMPARE(bench.document().closedUntil(), std::optional<double>(closed));

        // The past: a key, the curve, a source's weight, a number, a setting. Nothing moves, and words say why.
        const std::string before = bench.document().text();
        editor::LaneView& gap = bench.page.lane();
        dragKey(gap, 0, {0, -40});
        QVERIFY2(bench.said().contains(QStringLiteral("is over")), qPrintable(bench.said()));
        bench.page.showNotice({}, false);
        const QPoint onCurve = gap.toPixel({0.2, schedule::Evaluator(gap.track().curve())(0.2)}).toPoint();
        drag(gap, onCurve, onCurve + QPoint(0, 30));
        QVERIFY2(bench.said().contains(QStringLiteral("is over")), qPrintable(bench.said()));
        bench.page.showNotice({}, false);
        QTest::mouseClick(&gap, Qt::LeftButton, {}, gap.pixelOf(gap.track().curve().keys[0]).toPoint());
        QTest::keyClick(&gap, Qt::Key_Up);
        QVERIFY2(bench.said().contains(QStringLiteral("The gap's curve (gap.curve) cannot change before 33.3 %")),
                 qPrintable(bench.said()));
        const Outcome typed =
            runGradus(bench.folder.path(), {"branch", QString::fromStdString(parent), "--from-generation", "3", "--set",
                                            "gap.curve={ keys = [[0.0, 0.1], [1.0, 0.2]] }", "--store",
                                            QString::fromStdString(bench.store())});
        QCOMPARE(typed.exitCode, 2); // one rule, one sentence
        QVERIFY2(typed.err.contains(bench.said().toUtf8()), typed.err.constData());
        QCOMPARE(bench.runs().size(), std::size_t{1});
        bench.page.showNotice({}, false);
        QTest::mouseDClick(&gap, Qt::LeftButton, {}, gap.toPixel({0.1, 0.12}).toPoint());
        QVERIFY2(bench.said().contains(QStringLiteral("cannot change")), qPrintable(bench.said()));
        QTest::keyClick(&gap, Qt::Key_Escape);
        const auto setting = bench.document().setValue("task.test_items", "50", QStringLiteral("Setting"));
        QVERIFY(!setting.ok());
        QVERIFY2(setting.error().message.find("shaped the generations up to A3") != std::string::npos,
                 setting.error().message.c_str());
        QCOMPARE(bench.document().text(), before);
        QVERIFY(!bench.document().isUnsaved());

        // The future.
        const std::size_t last = gap.track().curve().keys.size() - 1;
        dragKey(gap, last, {0, 30});
        QVERIFY2(bench.document().isUnsaved(), qPrintable(bench.said()));
        const double drawn = bench.document().curve().keys[last].y;
        QVERIFY(drawn != 0.4);
        bench.press("copyCommand");
        const QString command = QGuiApplication::clipboard()->text();
        QVERIFY2(command.startsWith(QStringLiteral("gradus branch %1 --from-generation 3 --set 'gap.curve=")
                                        .arg(QString::fromStdString(parent))),
                 qPrintable(command));
        bench.press("launch"); // Apply
        QTRY_COMPARE_WITH_TIMEOUT(bench.finished(), 2, 120'000);
        const store::RunRow branch = bench.runs().front();
        QVERIFY(branch.uuid != parent);
        QVERIFY(branch.lineage.has_value());
        QCOMPARE(branch.lineage->parent, parent);
        QCOMPARE(branch.lineage->generation, 3);
        const store::RunDetail child = bench.detailOf(branch.uuid);
        const store::RunDetail original = bench.detailOf(parent);
        const auto was = weightsOf(original);
        const auto is = weightsOf(child);
        for (int generation = 1; generation <= 3; ++generation)
            QCOMPARE(is.at(generation), was.at(generation));
        QVERIFY(wantedBy(child).at(4) == schedule::Evaluator(bench.document().curve())(1.0));
        QVERIFY(wantedBy(child).at(4) != wantedBy(original).at(4));

        // Left, it is a draft like any other, whose past may be drawn.
        bench.press("leaveBranch");
        QVERIFY(!kept->isVisible());
        dragKey(gap, 0, {0, -20});
        QVERIFY(bench.document().curve().keys[0].y != 0.3);
    }
};

GRADUS_SUITE(DrawnRunTest)
#include "drawn_run_test.moc"
