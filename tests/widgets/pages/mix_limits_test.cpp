// SPDX-License-Identifier: GPL-3.0-or-later
// Limits, budget and measured figures of the mix through real events: what is not kept is marked where it is, with a
// fix.
#include "design_desk.h"
#include "pages/design/finding_strip.h"
#include "pages/design/mix_area.h"
#include "pages/design/mix_limits_view.h"
#include "pages/design/mix_panel.h"
#include "pages/design/number_field.h"
#include "store/store_writer.h"
#include "support/must.h"
#include "support/suite.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

using namespace gradus;
using viewmodels::MixLimitsModel;

namespace {

const std::string kText =
    "# mine\n[experiment]\nname = \"limits\"\n[ladder]\ngenerations = 4\n[training]\nlabels = 100\n"
    "[signals]\nanchors = 40\n"
    "[[signals.source]]\nname = \"<b>past</b>\"\nkind = \"model\"\n"
    "weight = { keys = [[0.0, 0.2], [1.0, 0.8]] }\n"
    "[[signals.source]]\nname = \"noisy\"\nkind = \"synthetic\"\nrate = 0.2\nweight = 0.2\n"
    "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\nweight = 0.2\n";

struct Desk : tests::DesignDesk
{
    explicit Desk(const std::string& text = kText) : DesignDesk(text)
    {
        QTest::mouseClick(page.findChild<QToolButton*>("mixView4"), Qt::LeftButton);
    }
    MixLimitsModel& model() { return page.mix().limits(); }
    QTableView& table() { return *page.findChild<QTableView*>("mixLimits"); }
    QString cell(int row, int column) { return table().model()->index(row, column).data().toString(); }
    QString reason(int row, int column)
    {
        return table().model()->index(row, column).data(MixLimitsModel::ReasonRole).toString();
    }
    /// As somebody types into a cell.
    void type(int row, int column, const QString& text)
    {
        table().setFocus();
        table().setCurrentIndex(table().model()->index(row, column));
        QTest::keyClick(&table(), Qt::Key_F2);
        auto* field = table().findChild<QLineEdit*>();
        QVERIFY(field);
        field->selectAll();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
        QTest::qWait(1); // a delegate commits when the events of today are done
    }
    void budget(const QString& text)
    {
        auto& field = *page.findChild<pages::NumberField*>("mixBudget");
        field.setFocus();
        field.selectAll();
        QTest::keyClicks(&field, text);
        QTest::keyClick(&field, Qt::Key_Return);
    }
    QString violation() { return static_cast<QLabel*>(page.findChild<QWidget*>("mixViolation"))->text(); }
    QPushButton& fix() { return *page.findChild<QPushButton*>("mixFix"); }
    bool settle()
    {
        return QTest::qWaitFor([this] { return !page.mix().limitsView().isReading(); }, 8000);
    }
};

/// A finished run of these sources: the first errs on every fifth item, the others never.
std::string addRun(const QTemporaryDir& folder, const std::string& text)
{
    auto writer = tests::must(store::StoreWriter::open(folder.filePath("gradus.db").toStdString()));
    const spec::Experiment experiment = tests::must(spec::parseExperiment(text, "x"));
    const auto run = tests::must(writer->addRuns(experiment, text, {{"", 1, experiment}})).front();
    for (int generation = 2; generation <= 3; ++generation) {
        std::vector<std::int64_t> items;
        std::vector<int> truth;
        for (int i = 0; i < 60; ++i) {
            items.push_back(i);
            truth.push_back(i % 2);
        }
        const std::int64_t step = generation * 100;
        for (const spec::SignalSource& source : experiment.signals.sources) {
            std::vector<int> said = truth;
            if (source.name == experiment.signals.sources.front().name)
                for (std::size_t i = 0; i < said.size(); i += 5)
                    said[i] = 1 - said[i];
            writer->sink(run).votes({.generation = generation,
                                     .source = source.name,
                                     .kind = source.kind,
                                     .items = items,
                                     .labels = said,
                                     .probabilities = {}});
            writer->sink(run).point({"signal/share/" + source.name, step, 1.0 / 3});
        }
        writer->sink(run).votes({.generation = generation,
                                 .source = spec::kAnchorsName,
                                 .kind = spec::kAnchorsName,
                                 .items = items,
                                 .labels = truth,
                                 .probabilities = {}});
        events::GenerationRecord record;
        record.generation = generation;
        record.rung = "8,1";
        record.firstStep = step;
        writer->sink(run).generation(record);
    }
    tests::must(writer->flush());
    return tests::must(writer->resumePoint(run)).uuid;
}

} // namespace

class MixLimitsViewTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void model_isAModel()
    {
        Desk desk;
        const QAbstractItemModelTester tester(&desk.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(desk.document().removeSource(0, 1).ok());
        QCOMPARE(desk.model().rowCount(), 2);
        desk.document().undoStack().undo();
        QCOMPARE(desk.model().rowCount(), 3);
    }
    void leastShare_isTypedMarkedAndFixed_eachOneUndoToTheSameBytes()
    {
        Desk desk;
        desk.type(1, MixLimitsModel::LeastShare, "25");
        QCOMPARE(desk.document().undoStack().count(), 1);
        const std::string limited = desk.document().text();
        QVERIFY(limited.find("least_share = 0.25") != std::string::npos);
        // Shares 1/3, 0.2/0.9, 0.2/1.2: too little in the last two generations.
        QVERIFY(!desk.reason(1, MixLimitsModel::LeastShare).isEmpty());
        QVERIFY(desk.reason(1, MixLimitsModel::MostShare).isEmpty());
        QVERIFY2(desk.violation().contains("noisy"), qPrintable(desk.violation()));
        auto& strip = *desk.page.findChild<pages::FindingStrip*>("findingStrip");
        QVERIFY2(strip.sentence().contains("least share"), qPrintable(strip.sentence()));
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty()) {
            desk.page.grab().save(QDir(folder).filePath("limits.png"));
            QTest::mouseClick(desk.page.findChild<QToolButton*>("mixView0"), Qt::LeftButton);
            desk.page.grab().save(QDir(folder).filePath("limits-area.png"));
            QTest::mouseClick(desk.page.findChild<QToolButton*>("mixView4"), Qt::LeftButton);
        }
        QVERIFY(desk.fix().isVisible());
        QTest::mouseClick(&desk.fix(), Qt::LeftButton);
        QVERIFY(desk.reason(1, MixLimitsModel::LeastShare).isEmpty());
        for (int generation = 3; generation <= 4; ++generation) {
            const auto shares = viewmodels::sharesAt(desk.page.mix().desk().mix(), spec::weightPlace(generation, 4));
            QVERIFY(std::abs(shares[1] - 0.25) < 1e-9);
        }
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), limited);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
    }
    void drag_marksTheLimitWhileItLasts()
    {
        Desk desk;
        desk.type(0, MixLimitsModel::MostShare, "70");
        QVERIFY(desk.model().violations().empty());
        auto& mix = desk.page.mix().desk();
        mix.preview(viewmodels::withShare(mix.committed(), 0, 1, 0.95));
        QCOMPARE(desk.model().violations().size(), std::size_t{1});
        mix.cancelPreview();
        QVERIFY(desk.model().violations().empty());
    }
    void budget_isHeldAgainstTheLabels_andFewerLabelsKeepIt()
    {
        Desk desk;
        desk.type(2, MixLimitsModel::Cost, "0.5");
        QCOMPARE(desk.cell(2, MixLimitsModel::Asked), QString("300"));
        desk.budget("120");
        QVERIFY(desk.document().text().find("budget = 120.0") != std::string::npos);
        QVERIFY2(desk.violation().contains("150"), qPrintable(desk.violation()));
        QVERIFY2(desk.fix().text().contains("80"), qPrintable(desk.fix().text()));
        const std::string before = desk.document().text();
        QTest::mouseClick(&desk.fix(), Qt::LeftButton);
        QCOMPARE(desk.document().experiment().training.labels, 80);
        QVERIFY(desk.model().violations().empty());
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), before);
    }
    void badEntries_areMarkedWithTheReasonAndChangeNothing()
    {
        Desk desk;
        for (const char* text : {"nonsense", "1e400", "nan", "=-5", "150"}) {
            desk.type(0, MixLimitsModel::MostShare, text);
            QVERIFY2(!desk.reason(0, MixLimitsModel::MostShare).isEmpty(), text);
            QCOMPARE(desk.document().text(), kText);
        }
        desk.budget("-3");
        QCOMPARE(desk.document().text(), kText);
        desk.type(0, MixLimitsModel::MostShare, "50");
        QVERIFY(desk.document().text() != kText);
    }
    void nothingMeasured_isSaid()
    {
        Desk desk;
        QVERIFY(desk.settle());
        QVERIFY2(desk.page.mix().limitsView().says().contains("nothing is measured"),
                 qPrintable(desk.page.mix().limitsView().says()));
        QCOMPARE(desk.cell(0, MixLimitsModel::MeasuredNoise), QString(QChar(0x2013)));
        QCOMPARE(desk.cell(1, MixLimitsModel::ExpectedNoise), QString("20.0 %"));
        QCOMPARE(desk.cell(2, MixLimitsModel::ExpectedNoise), QString("0.0 %"));
    }
    void measured_isOfTheNewestRunWithTheSameSources()
    {
        QTemporaryDir folder;
        addRun(folder, kText);
        std::string others = kText;
        others.replace(others.find("\"noisy\""), 7, "\"other\"");
        addRun(folder, others); // newer, and of other sources
        const auto names = std::vector<std::string>{"<b>past</b>", "noisy", "truth"};
        const auto found = tests::must(viewmodels::measuredMix(folder.filePath("gradus.db").toStdString(), names, {}));
        QVERIFY(found.has_value());
        QCOMPARE(found->generation, 3);
        QCOMPARE(found->sources[0].answered, 120);
        QVERIFY(std::abs(found->sources[0].noise->value - 0.2) < 1e-9);
        QVERIFY(std::abs(found->sources[1].noise->value) < 1e-9);
        // The first differs from both others on a fifth; those from each other never.
        QVERIFY(std::abs(*found->sources[0].disagreement - 0.2) < 1e-9);
        QVERIFY(std::abs(*found->sources[1].disagreement - 0.1) < 1e-9);
        QVERIFY(std::abs(*found->sources[0].effective - 40) < 1e-9);
        Desk desk;
        desk.page.mix().limitsView().setStore(folder.filePath("gradus.db"));
        QVERIFY(desk.settle());
        QVERIFY2(desk.cell(0, MixLimitsModel::MeasuredNoise).startsWith("20.0 %"),
                 qPrintable(desk.cell(0, MixLimitsModel::MeasuredNoise)));
        QVERIFY2(desk.page.mix().limitsView().says().startsWith("Measured: limits"),
                 qPrintable(desk.page.mix().limitsView().says()));
        if (const QString shots = qEnvironmentVariable("GRADUS_SHOTS"); !shots.isEmpty())
            desk.page.grab().save(QDir(shots).filePath("limits-measured.png"));
    }
};
GRADUS_SUITE(MixLimitsViewTest)
#include "mix_limits_test.moc"
