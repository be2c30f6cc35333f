// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothing chosen by menu and slider: lines are smoothed, the raw trace stays behind, the card says so, values do not.
#include "live_desk.h"
#include "support/suite.h"

#include "pages/live/live_card.h"

#include <QMenu>
#include <QPushButton>
#include <QSlider>

#include <cmath>

using namespace gradus;
using Desk = gradus::tests::LiveDesk;

namespace {

constexpr int kPatience = 5000;

void choose(const Desk& desk, int kind)
{
    for (QAction* action : desk.find<QPushButton>("smoothing")->menu()->actions())
        if (action->isCheckable() && action->data().toInt() == kind) action->trigger();
}

const plot::Series* find(const pages::LiveCard& card, const QString& id)
{
    for (const plot::Series& series : card.timePlot()->series())
        if (series.id == id) return &series;
    return nullptr;
}

QString subtitleOf(const pages::LiveCard& card)
{
    for (const auto* label : card.findChildren<QLabel*>())
        if (const auto* elided = dynamic_cast<const common::ElidedLabel*>(label)) return elided->fullText();
    return {};
}

} // namespace

class LiveSmoothingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void chosenKind_smoothsLinesAndStampsTheCard()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->run().hasPoints(), kPatience);
        pages::LiveCard& card = *desk.page->cards()[1]; // training fit
        QTRY_VERIFY_WITH_TIMEOUT(find(card, "train/loss") != nullptr, kPatience);
        const QVector<QPointF> raw = find(card, "train/loss")->points;
        const auto valueBefore = card.valuesAt(400);
        QVERIFY(find(card, "train/loss/raw") == nullptr);

        choose(desk, static_cast<int>(viewmodels::SmoothingKind::Mean));
        desk.find<QSlider>("smoothingStrength")->setValue(10);
        QTRY_COMPARE_WITH_TIMEOUT(desk.find<QPushButton>("smoothing")->text(), QStringLiteral("mean of 21"), kPatience);
        QVERIFY2(subtitleOf(card).startsWith("mean of 21; "), qPrintable(subtitleOf(card)));
        const plot::Series* line = find(card, "train/loss");
        const plot::Series* trace = find(card, "train/loss/raw");
        QVERIFY(line != nullptr && trace != nullptr);
        QVERIFY(line->draw == plot::Draw::Line && trace->draw == plot::Draw::Raw && !trace->inLegend);
        QVERIFY(line->rightAxis && trace->rightAxis);
        QCOMPARE(trace->points.size(), raw.size());
        double sum = 0; // the mean of 21 in the middle of generation 1
        for (int i = 90; i <= 110; ++i)
            sum += raw[i].y();
        QVERIFY(std::abs(line->points[100].y() - sum / 21) < 1e-12);
        // What is behind comes first, so that the line is painted over it.
        QVERIFY(trace < line);
        // The legend's values are those that were logged.
        const auto valueAfter = card.valuesAt(400);
        QCOMPARE(valueAfter.size(), valueBefore.size());
        for (qsizetype i = 0; i < valueAfter.size(); ++i)
            QCOMPARE(valueAfter[i].value, valueBefore[i].value);
        card.timePlot()->replotNow();
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty())
            QVERIFY(desk.page->grab().save(folder + "/live-smoothed.png"));

        choose(desk, static_cast<int>(viewmodels::SmoothingKind::None));
        QVERIFY(find(card, "train/loss/raw") == nullptr);
        QVERIFY(!subtitleOf(card).contains("mean of"));
    }

    void heldValuesAndReferences_stayAsTheyAre()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->run().hasPoints(), kPatience);
        pages::LiveCard& card = *desk.page->cards()[0]; // utility
        QTRY_VERIFY_WITH_TIMEOUT(find(card, "ceiling") != nullptr, kPatience);
        desk.page->setSmoothing({viewmodels::SmoothingKind::Ema, 90});
        QTRY_VERIFY_WITH_TIMEOUT(find(card, "utility/competence/raw") != nullptr, kPatience);
        QVERIFY(find(card, "ceiling/raw") == nullptr && find(card, "final/raw") == nullptr);
        // The interval belongs to what was measured.
        QVERIFY(find(card, "utility/competence")->low.isEmpty());
        QVERIFY(!find(card, "utility/competence/raw")->low.isEmpty());
    }

    void tooLongSeries_isNotSmoothedAndSaysSo()
    {
        Desk desk;
        for (std::int64_t step = 900; step < 52'000; ++step)
            desk.writer->sink(desk.run).point({"train/loss", step, 0.5 + 0.1 * std::sin(static_cast<double>(step))});
        desk.beat();
        desk.page->setSmoothing({viewmodels::SmoothingKind::Median, 20});
        pages::LiveCard& card = *desk.page->cards()[1];
        QTRY_VERIFY_WITH_TIMEOUT(subtitleOf(card).contains("too long to be smoothed"), kPatience);
        QVERIFY(find(card, "train/loss/raw") == nullptr);
        QVERIFY(find(card, "train/accuracy_clean/raw") != nullptr);
    }
};
GRADUS_SUITE(LiveSmoothingTest)
#include "live_smoothing_test.moc"
