// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/run_filter.h"

#include <QTest>

using gradus::store::RunRow;
using gradus::store::RunState;
using gradus::viewmodels::RunFilter;

namespace {

RunRow someRun()
{
    RunRow row;
    row.id = 7;
    row.uuid = "3f2a9c00-1111-4222-8333-444455556666";
    row.experimentName = "Gap annealing";
    row.condition = "gap.controller = \"fixed\"";
    row.seed = 2;
    row.state = RunState::Running;
    row.progress = 0.5;
    row.taskName = "builtin:registers/code";
    row.lastUtility = 0.81;
    return row;
}

} // namespace

class RunFilterTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void terms_mustAllHold_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("expected");
        QTest::newRow("empty") << "" << true;
        QTest::newRow("spaces") << "   " << true;
        QTest::newRow("word") << "ANNEAL" << true;
        QTest::newRow("word of the condition") << "fixed" << true;
        QTest::newRow("word that is not there") << "bandit" << false;
        QTest::newRow("quoted words") << "\"gap annealing\"" << true;
        QTest::newRow("open quote") << "\"gap ann" << true;
        QTest::newRow("id prefix") << "3f2a9c" << true;
        QTest::newRow("seed") << "seed = 2" << true;
        QTest::newRow("other seed") << "seed=3" << false;
        QTest::newRow("seed range") << "seed >= 1 and seed <= 3" << true;
        QTest::newRow("not") << "seed != 2" << false;
        QTest::newRow("state") << "state:running" << true;
        QTest::newRow("other state") << "state:failed" << false;
        QTest::newRow("not state") << "state!=failed" << true;
        QTest::newRow("utility") << "utility > 0.8" << true;
        QTest::newRow("missing imitation never compares") << "imitation < 1" << false;
        QTest::newRow("per cent") << "progress >= 50" << true;
        QTest::newRow("all of it") << "anneal state:running seed<3" << true;
        QTest::newRow("either") << "bandit or anneal" << true;
        QTest::newRow("neither") << "bandit or seed=3" << false;
        QTest::newRow("and binds more than or") << "anneal seed=3 or state:failed" << false;
        QTest::newRow("the second of two") << "state:failed or anneal seed=2" << true;
        QTest::newRow("not a word") << "not anneal" << false;
        QTest::newRow("not a comparison") << "not state:failed" << true;
        QTest::newRow("not belongs to the next term alone") << "not bandit seed=2" << true;
        QTest::newRow("twice not") << "not not anneal" << true;
        QTest::newRow("or at the end waits") << "bandit or" << false;
        QTest::newRow("quoted or is a word") << "\"or\"" << false;
        QTest::newRow("one of it not") << "anneal state:running seed<2" << false;
    }
    void terms_mustAllHold()
    {
        QFETCH(QString, line);
        QFETCH(bool, expected);
        const auto filter = RunFilter::parse(line);
        QVERIFY2(filter.ok(), line.toUtf8().constData());
        QCOMPARE(filter->matches(someRun()), expected);
    }
    void badLine_saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("part");
        QTest::newRow("unknown key") << "colour = 2"
                                     << "seed, generation";
        QTest::newRow("not a number") << "seed = two"
                                      << "not a number";
        QTest::newRow("no value") << "seed ="
                                  << "needs a value";
        QTest::newRow("texts have no order") << "state < running"
                                             << "is a text";
        QTest::newRow("control characters") << QString("seed = \x1b[31m") << "\\x1b";
    }
    void badLine_saysWhatIsWrong()
    {
        QFETCH(QString, line);
        QFETCH(QString, part);
        const auto filter = RunFilter::parse(line);
        QVERIFY(!filter.ok());
        QVERIFY2(QString::fromStdString(filter.error().message).contains(part), filter.error().message.c_str());
    }
    void anyText_neverHangs()
    {
        for (const QString& line :
             {QString(100000, '"'), QString(100000, ' '), QString(100000, 'a'), QString(50000, ':'),
              QString("a:").repeated(20000), QString(QChar(0)), QString("\u202e")})
            (void)RunFilter::parse(line);
    }
};
GRADUS_SUITE(RunFilterTest)
#include "run_filter_test.moc"
