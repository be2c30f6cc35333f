// SPDX-License-Identifier: GPL-3.0-or-later
// The outline of a transcript as a tree: turns, what was denied, what is cited; and a million messages.
#include "viewmodels/outline_model.h"

#include "support/suite.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>

using namespace gradus;
using store::MessageSort;
using viewmodels::OutlineModel;

namespace {

std::shared_ptr<const store::EpisodeOutline> small()
{
    store::EpisodeOutline outline;
    using S = MessageSort;
    outline.sorts = {S::User, S::Assistant, S::Call, S::Output, S::Call, S::Denied, S::Assistant};
    outline.starts = {"Make it pass",           "I look",      "ls", "a b", "cat /etc/shadow",
                      "cat: Permission denied", "\x1b[31mdone"};
    return std::make_shared<const store::EpisodeOutline>(outline);
}

QString text(const QModelIndex& index)
{
    return index.data().toString();
}
int message(const QModelIndex& index)
{
    return index.data(OutlineModel::MessageRole).toInt();
}

} // namespace

class OutlineModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void turnsDenialsAndCitations_leadToTheirMessages()
    {
        OutlineModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setContent({.outline = small(), .verdict = "hazard", .cited = {{"M3: reads secrets", 4}}});
        QCOMPARE(model.turns(), 4); // the task; look and ls; the denied call; the end
        QCOMPARE(model.rowCount(), 3 + 4);
        QCOMPARE(text(model.index(0, 0)), QString("Verdict: hazard"));
        QCOMPARE(message(model.index(0, 0)), 7); // below the messages
        QCOMPARE(message(model.index(1, 0)), -1);
        QCOMPARE(text(model.index(0, 0, model.index(1, 0))), QString("M3: reads secrets"));
        QCOMPARE(message(model.index(0, 0, model.index(1, 0))), 4);
        QCOMPARE(text(model.index(2, 0)), QString("Denied (1)"));
        const QModelIndex denied = model.index(0, 0, model.index(2, 0));
        QCOMPARE(text(denied), QString("6  cat /etc/shadow")); // the call says more than the kernel
        QCOMPARE(message(denied), 5);
        QCOMPARE(text(model.index(4, 0)), QString("2  I look"));
        QCOMPARE(model.rowCount(model.index(4, 0)), 2); // ls and its output
        QCOMPARE(message(model.index(1, 0, model.index(4, 0))), 3);
        QCOMPARE(text(model.index(6, 0)), QString("4  \\x1b[31mdone"));
        QCOMPARE(model.indexOf(3), model.index(4, 0));
        QCOMPARE(model.indexOf(5), model.index(5, 0));
        model.setContent({});
        QCOMPARE(model.rowCount(), 0);
    }
    void aMillionMessages_standInPartsAndAreMadeAtOnce()
    {
        store::EpisodeOutline outline;
        for (int i = 0; i < 500'000; ++i) {
            outline.sorts.push_back(MessageSort::Call);
            outline.sorts.push_back(i % 1000 == 999 ? MessageSort::Denied : MessageSort::Output);
        }
        OutlineModel model;
        QElapsedTimer clock;
        clock.start();
        model.setContent({.outline = std::make_shared<const store::EpisodeOutline>(std::move(outline))});
        const qint64 took = clock.elapsed();
        QVERIFY2(took < 100 * tests::kPatience, qPrintable(QString::number(took)));
        QCOMPARE(model.turns(), 500'000);
        QCOMPARE(model.rowCount(), 1 + 1000);
        QCOMPARE(text(model.index(1, 0)), QString("Turns 1 to 500"));
        const QModelIndex last = model.indexOf(999'999);
        QCOMPARE(message(last), 999'998);
        QCOMPARE(model.parent(last), model.index(1000, 0));
        const QModelIndex step = model.index(0, 0, last);
        QCOMPARE(message(step), 999'999);
        QCOMPARE(model.parent(step), last);
        QCOMPARE(model.rowCount(model.index(0, 0)), 500);
    }
    void parts_holdTogether()
    {
        store::EpisodeOutline outline;
        for (int i = 0; i < 1203; ++i) {
            outline.sorts.push_back(MessageSort::Call);
            outline.sorts.push_back(MessageSort::Output);
        }
        OutlineModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setContent({.outline = std::make_shared<const store::EpisodeOutline>(std::move(outline))});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.rowCount(model.index(2, 0)), 203);
        for (const int at : {0, 1, 999, 1000, 1001, 2404, 2405}) {
            const QModelIndex turn = model.indexOf(at);
            QCOMPARE(message(turn), at / 2 * 2);
            QCOMPARE(model.index(turn.row(), 0, turn.parent()), turn);
        }
    }
};
GRADUS_SUITE(OutlineModelTest)
#include "outline_model_test.moc"
