// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep of a draft by real keys and clicks: the text it makes, the runs it counts, and each step undone.
#include "design_desk.h"
#include "pages/design/finding_strip.h"
#include "pages/design/sweep_panel.h"
#include "support/suite.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>

using namespace gradus;

namespace {

const std::string kText = "# mine\n[experiment]\nname = \"swept\"\nseeds = [1, 2, 3, 4, 5] # five\n[ladder]\n"
                          "generations = 4\n";

struct Desk : tests::DesignDesk
{
    explicit Desk(const std::string& text = kText) : DesignDesk(text)
    {
        page.showLower(pages::DesignPage::Lower::Sweep);
    }
    void set(const char* key, const char* values)
    {
        auto* box = page.findChild<QComboBox*>("sweepKey");
        box->setFocus();
        box->lineEdit()->selectAll();
        QTest::keyClicks(box->lineEdit(), QString::fromLatin1(key));
        auto* field = page.findChild<QLineEdit*>("sweepValues");
        field->setFocus();
        field->clear();
        QTest::keyClicks(field, QString::fromLatin1(values));
        QTest::keyClick(field, Qt::Key_Return);
    }
    std::size_t runs() { return spec::expand(document().experiment())->size(); }
};

} // namespace

class SweepPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void axes_areSetChangedAndRemoved()
    {
        Desk desk;
        QCOMPARE(desk.page.sweep().countText(), QStringLiteral("1 condition \u00d7 5 seeds = 5 runs"));
        std::vector<std::string> texts{desk.document().text()};
        const auto step = [&] {
            if (desk.document().text() == texts.back()) return false;
            texts.push_back(desk.document().text());
            return desk.document().undoStack().count() == static_cast<int>(texts.size()) - 1;
        };
        desk.set("training.epochs", "2, 4, 8");
        QVERIFY2(step(), desk.document().text().c_str());
        desk.set("training.decay", "linear, constant");
        QVERIFY2(step(), desk.document().text().c_str());
        QCOMPARE(desk.runs(), std::size_t{30});
        QCOMPARE(desk.page.sweep().countText(), QStringLiteral("6 conditions \u00d7 5 seeds = 30 runs"));
        QTableWidget* table = desk.page.sweep().table();
        QCOMPARE(table->rowCount(), 2);
        table->item(0, 2)->setText("2, 4"); // as the cell's editor does
        QVERIFY(step());
        QCOMPARE(desk.runs(), std::size_t{20});
        table->setFocus();
        table->setCurrentCell(0, 0);
        QTest::keyClick(table, Qt::Key_Delete);
        QVERIFY(step());
        QCOMPARE(table->rowCount(), 1);
        QCOMPARE(desk.runs(), std::size_t{10});
        QVERIFY(desk.document().text().starts_with(
            "# mine\n[experiment]\nname = \"swept\"\nseeds = [1, 2, 3, 4, 5] # five\n"));
        while (texts.size() > 1) {
            texts.pop_back();
            desk.document().undoStack().undo();
            QCOMPARE(desk.document().text(), texts.back());
        }
        QCOMPARE(table->rowCount(), 0);
    }
    void wrongAxes_changeNothingAndAreSaid()
    {
        Desk desk;
        for (const auto& [key, values, said] :
             {std::tuple("nonsense.key", "2", "is no key"), std::tuple("training.epochs", "", "needs values"),
              std::tuple("training.epochs", "two", "training.epochs"), std::tuple("training.epochs", "2, 2", "twice"),
              std::tuple("experiment.seeds", "1, 2", "experiment.seeds")}) {
            desk.set(key, values);
            QCOMPARE(desk.document().text(), kText);
            const QString sentence = desk.page.findChild<pages::FindingStrip*>("findingStrip")->sentence();
            QVERIFY2(sentence.contains(QLatin1String(said)), qPrintable(sentence));
        }
    }
};
GRADUS_SUITE(SweepPanelTest)
#include "sweep_panel_test.moc"
