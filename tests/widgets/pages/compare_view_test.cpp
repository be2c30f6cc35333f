// SPDX-License-Identifier: GPL-3.0-or-later
// Views of Compare: saved, opened, undone, and drawn without a window, with the store's own numbers.
#include "support/pdf_text.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include "base/text.h"
#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/options_bar.h"
#include "pages/compare/plot_view_file.h"
#include "store/store_reader.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <map>

using namespace gradus;
using pages::ComparePage;
using viewmodels::ViewFile;

namespace {

constexpr int kWait = 8000 * tests::kPatience;

class Bench
{
public:
    Bench() : theme(*qApp, common::Theme::Light), page(watcher, theme)
    {
        auto opened = store::StoreWriter::open(path().toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        ids = tests::addSampleExperiment(**opened, "gap annealing", {"fixed", "schedule"}, {1, 2, 3}, 3);
        for (std::size_t i = 0; i < ids.size(); ++i)
            tests::writeFinishedRun(**opened, {.runId = ids[i],
                                               .generations = 3,
                                               .stepsPerGeneration = 100,
                                               .seed = static_cast<std::int64_t>(i + 1)});
        if (!(*opened)->flush()) qFatal("flush");
        opened->reset();
        page.resize(1368, 838);
        page.openStore(path());
        watcher.open(path());
        page.show();
    }
    QString path() const { return folder.filePath("gradus.db"); }
    QString file(const char* name) const { return folder.filePath(QLatin1String(name)); }
    /// As with the mouse: the entry of the button's menu.
    void chooseSmoothing(viewmodels::SmoothingKind kind)
    {
        for (QAction* action : page.findChild<QPushButton*>("smoothing")->menu()->actions())
            if (action->isCheckable() && action->data().toInt() == static_cast<int>(kind)) action->trigger();
    }
    bool settle()
    {
        return QTest::qWaitFor([&] { return page.isViewShown(); }, kWait);
    }
    QByteArray read(const char* name) const
    {
        QFile opened(file(name));
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    Result<void> plot(const ViewFile& view, const char* name)
    {
        return pages::plotViewFile(path(), view, file(name), theme, 30 * tests::kPatience);
    }

    QTemporaryDir folder;
    std::vector<std::int64_t> ids;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    ComparePage page;
};

} // namespace

class CompareViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSavedView_isTheSameWhenOpenedInAFreshPage()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.page.findChild<QComboBox*>("centre")->setCurrentIndex(1);
        bench.chooseSmoothing(viewmodels::SmoothingKind::Gaussian);
        bench.page.findChild<QComboBox*>("baseline")->setCurrentIndex(1);
        bench.page.setTab(ComparePage::Table);
        QVERIFY(bench.settle());
        bench.page.saveView(bench.file("v.gradusview"));
        const ViewFile saved = bench.page.view();
        QCOMPARE(saved.runs.size(), std::size_t{6});
        QCOMPARE(saved.baseline, std::string("gap.controller = schedule"));

        ComparePage fresh(bench.watcher, bench.theme);
        fresh.resize(1368, 838);
        fresh.openStore(bench.path());
        fresh.openView(bench.file("v.gradusview"));
        bench.watcher.open({});
        bench.watcher.open(bench.path());
        QVERIFY(QTest::qWaitFor([&] { return fresh.isViewShown(); }, kWait));
        QVERIFY2(fresh.viewFailure().isEmpty(), qPrintable(fresh.viewFailure()));
        QCOMPARE(fresh.view().baseline, saved.baseline);
        QVERIFY(fresh.view().curves.centre == compare::Centre::Median);
        QVERIFY(fresh.view().curves.smoothing == (viewmodels::Smoothing{viewmodels::SmoothingKind::Gaussian, 60}));
        QCOMPARE(fresh.view().tab, std::string("table"));
    }
    void edits_areUndoneByTheirKey()
    {
        Bench bench;
        QVERIFY(bench.settle());
        const ViewFile before = bench.page.view();
        bench.chooseSmoothing(viewmodels::SmoothingKind::Ema);
        bench.page.findChild<QComboBox*>("baseline")->setCurrentIndex(1);
        const ViewFile after = bench.page.view();
        QVERIFY(!(before == after));
        QCOMPARE(bench.page.undoStack().count(), 2);
        bench.page.activateWindow();
        bench.page.setFocus();
        QTest::keySequence(&bench.page, QKeySequence::Undo);
        QTest::keySequence(&bench.page, QKeySequence::Undo);
        QVERIFY(bench.settle());
        QVERIFY(bench.page.view() == before);
        QTest::keySequence(&bench.page, QKeySequence::Redo);
        QTest::keySequence(&bench.page, QKeySequence::Redo);
        QVERIFY(bench.settle());
        QVERIFY(bench.page.view() == after);
    }
    void strengthOfSmoothing_isUndoneAsOneGesture()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.chooseSmoothing(viewmodels::SmoothingKind::Median);
        const ViewFile before = bench.page.view();
        auto* slider = bench.page.findChild<QSlider*>("smoothingStrength");
        for (int i = 0; i < 20; ++i)
            QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(bench.page.view().curves.smoothing.strength, 40.0);
        QCOMPARE(bench.page.undoStack().count(), 2);
        bench.page.undoStack().undo();
        QVERIFY(bench.settle());
        QVERIFY(bench.page.view() == before);
    }
    void aZoom_isKeptInTheFileAndUndone()
    {
        Bench bench;
        QVERIFY(bench.settle());
        pages::CurveCard* card = bench.page.charts()->card("train/loss");
        QVERIFY(card != nullptr);
        plot::TimePlot* chart = card->chart();
        chart->replotNow();
        const double whole = chart->xHigh();
        const auto at = [chart](double x) {
            return QPoint(int(chart->toPixel({x, 0}).x()), int(chart->plotArea().center().y()));
        };
        const auto drag = [&](double from, double to) {
            QTest::mousePress(chart, Qt::LeftButton, {}, at(from));
            QTest::mouseMove(chart, at((from + to) / 2));
            QTest::mouseMove(chart, at(to));
            QTest::mouseRelease(chart, Qt::LeftButton, {}, at(to));
        };
        drag(60, 180);
        const ViewFile zoomed = bench.page.view();
        QVERIFY(zoomed.range);
        QVERIFY2(std::abs(zoomed.range->first - 60) < 5 && std::abs(zoomed.range->second - 180) < 5,
                 qPrintable(QString::number(zoomed.range->first)));
        QCOMPARE(bench.page.undoStack().count(), 1);
        bench.page.saveView(bench.file("z.gradusview"));
        // New curves over the same x do not lose it; another x has another unit.
        bench.chooseSmoothing(viewmodels::SmoothingKind::Ema);
        QVERIFY(bench.settle());
        QVERIFY(bench.page.view().range == zoomed.range);
        QVERIFY(std::abs(chart->xHigh() - zoomed.range->second) < 1e-9);
        bench.page.activateWindow();
        bench.page.setFocus();
        QTest::keySequence(&bench.page, QKeySequence::Undo);
        QTest::keySequence(&bench.page, QKeySequence::Undo);
        QVERIFY(bench.settle());
        QVERIFY(!bench.page.view().range);
        QCOMPARE(chart->xHigh(), whole);
        QTest::keySequence(&bench.page, QKeySequence::Redo);
        QVERIFY(bench.settle());
        QVERIFY(bench.page.view().range == zoomed.range);
        QTest::keyClick(&bench.page, Qt::Key_Backspace);
        QVERIFY(!bench.page.view().range);
        bench.page.openView(bench.file("z.gradusview"));
        QVERIFY(bench.settle());
        QVERIFY(bench.page.view().range == zoomed.range);
        QVERIFY(std::abs(chart->xLow() - zoomed.range->first) < 1e-9);
        viewmodels::CurveOptions aligned = bench.page.options()->options();
        aligned.alignment = viewmodels::Alignment::Generation;
        bench.page.options()->setOptions(aligned);
        Q_EMIT bench.page.options()->changed();
        QVERIFY(bench.settle());
        QVERIFY(!bench.page.view().range);
    }
    void plottedCsv_holdsTheStoresMeans()
    {
        Bench bench;
        ViewFile view;
        view.runs = {"gap annealing"};
        view.cards = {"train/loss"};
        const auto drawn = bench.plot(view, "x.csv");
        QVERIFY2(drawn, drawn ? "" : drawn.error().message.c_str());
        // Means of the store's own points, by condition and step.
        const auto reader = store::StoreReader::open(bench.path().toStdString());
        std::map<std::pair<std::string, double>, std::pair<double, int>> sums;
        const auto runs = reader->runs();
        QVERIFY(runs);
        for (const store::RunRow& run : *runs) {
            store::PointCursor cursor;
            const auto all = reader->pointsSince(run.id, cursor);
            QVERIFY(all);
            for (const store::SeriesPoints& series : *all)
                if (series.name == "train/loss")
                    for (const store::PointRow& point : series.points) {
                        auto& [sum, n] = sums[{run.condition, double(point.step)}];
                        sum += point.value;
                        ++n;
                    }
        }
        int compared = 0;
        for (const QByteArray& line : bench.read("x.csv").split('\n')) {
            const QList<QByteArray> cells = line.trimmed().split(',');
            if (cells.size() < 7 || line.startsWith('#') || cells[0] != "train/loss") {
                QVERIFY2(line.startsWith('#') || line.trimmed().isEmpty() || line.startsWith("series,"),
                         line.constData());
                continue;
            }
            const auto found = sums.find({cells[1].toStdString(), cells[2].toDouble()});
            if (found == sums.end()) continue; // the edge of a generation
            QVERIFY(std::abs(cells[3].toDouble() - found->second.first / found->second.second) < 1e-12);
            QCOMPARE(cells[6].toInt(), 3);
            ++compared;
        }
        QCOMPARE(compared, 600);
    }
    void pictures_areWrittenInTheirKinds()
    {
        Bench bench;
        ViewFile view;
        view.theme = "dark";
        view.width = 1000;
        for (const char* name : {"x.svg", "x.png", "x.pdf"}) {
            const auto drawn = bench.plot(view, name);
            QVERIFY2(drawn, drawn ? "" : drawn.error().message.c_str());
            QVERIFY(QFileInfo(bench.file(name)).size() > 2000);
        }
        QVERIFY(bench.read("x.svg").contains("<svg"));
        QVERIFY(bench.read("x.pdf").startsWith("%PDF"));
        QVERIFY(!QImage(bench.file("x.png")).isNull());
        QVERIFY(!bench.plot(view, "x.gif"));
    }
    void everyTab_isDrawnWhole_data()
    {
        QTest::addColumn<QString>("tab");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("charts") << "charts" << QStringList{"train/loss", "schedule", "n 3"};
        QTest::newRow("table") << "table" << QStringList{"Final figures", "schedule", "held-out rate"};
        QTest::newRow("diff") << "diff"
                              << QStringList{"keys differ", "controller", "Made of", "Schedules overlaid: gap",
                                             "mostly in"};
        QTest::newRow("relations") << "relations" << QStringList{"over", "and seed", "Parallel coordinates"};
    }
    /// A tab that was never laid out used to be drawn as specks in a corner, with exit code 0.
    void everyTab_isDrawnWhole()
    {
        QFETCH(QString, tab);
        QFETCH(QStringList, words);
        Bench bench;
        ViewFile view;
        view.tab = tab.toStdString();
        for (const char* name : {"x.svg", "x.png", "x.pdf"}) {
            const auto drawn = bench.plot(view, name);
            QVERIFY2(drawn, drawn ? "" : drawn.error().message.c_str());
        }
        const QImage picture(bench.file("x.png"));
        QVERIFY(picture.width() >= 1100); // twice the least width
        const QRgb ground = bench.theme.tokens().surface.rgb();
        const int top = 60; // of legend and foot, at twice the resolution
        const int bottom = picture.height() - 128;
        for (int quarter = 0; quarter < 4; ++quarter) {
            const QRect box(quarter % 2 * picture.width() / 2, top + quarter / 2 * (bottom - top) / 2,
                            picture.width() / 2, (bottom - top) / 2);
            int ink = 0;
            for (int y = box.top(); y <= box.bottom(); ++y)
                for (int x = box.left(); x <= box.right(); ++x)
                    ink += picture.pixel(x, y) != ground ? 1 : 0;
            QVERIFY2(ink > 400, qPrintable(QString("quarter %1 of %2 has %3 pixels").arg(quarter).arg(tab).arg(ink)));
        }
        const QString svg = QString::fromUtf8(bench.read("x.svg"));
        static const QRegularExpression kSpace("\\s"); // a PDF sets the space between words as a move or a character
        const QString pdf = tests::pdfText(bench.read("x.pdf")).remove(kSpace);
        for (const QString& word : words) {
            QVERIFY2(svg.contains(word), qPrintable(word));
            QVERIFY2(pdf.contains(QString(word).remove(' ')), qPrintable(word + " is not in: " + pdf.left(3000)));
        }
    }
    void textOfADiff_isTheDiff()
    {
        Bench bench;
        ViewFile view;
        view.tab = "diff";
        for (const char* name : {"d.csv", "d.md", "d.json", "d.tex"}) {
            const auto drawn = bench.plot(view, name);
            QVERIFY2(drawn, drawn ? "" : drawn.error().message.c_str());
            QVERIFY2(bench.read(name).contains("gap.controller"), bench.read(name).constData());
        }
        QVERIFY(bench.read("d.csv").startsWith("part,key,differs,"));
        QVERIFY2(
            bench.read("d.csv").contains("configuration,gap.controller,yes,\"\"\"fixed\"\"\",\"\"\"schedule\"\"\"\n") ||
                bench.read("d.csv").contains("configuration,gap.controller,yes,fixed,schedule\n"),
            bench.read("d.csv").constData());
        QVERIFY(bench.read("d.csv").contains("\nmade of,"));
    }
    void whatIsGone_isSaidAndNothingWritten()
    {
        Bench bench;
        ViewFile view;
        view.runs = {"deadbeef"};
        const auto gone = bench.plot(view, "y.svg");
        QVERIFY(!gone && gone.error().kind == ErrorKind::BadInput);
        QVERIFY2(gone.error().message.find("deadbeef") != std::string::npos, gone.error().message.c_str());
        view.runs = {"gap annealing"};
        view.baseline = "nobody";
        const auto nobody = bench.plot(view, "y.svg");
        QVERIFY(!nobody && nobody.error().message.find("nobody") != std::string::npos);
        const auto none = pages::plotViewFile(bench.file("none.db"), {}, bench.file("y.svg"), bench.theme, 5);
        QVERIFY(!none);
        QVERIFY(!QFile::exists(bench.file("y.svg")));
    }
};
GRADUS_SUITE(CompareViewTest)
#include "compare_view_test.moc"
