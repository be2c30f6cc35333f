// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/run_filter.h"
#include "store/run_settings.h"
#include "support/suite.h"

#include <QTest>

using gradus::filter::RunFilter;
using gradus::store::RunRow;
using gradus::store::RunState;

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
    row.tags = {"healthy", "looks odd"};
    row.note = "Slow to begin;\nlater fine, no \u00e4rger";
    row.settings = std::make_shared<const gradus::store::RunSettings>(
        "[experiment]\nname = \"Gap annealing\"\n\n[gap]\ncontroller = \"fixed\"\nvalue = 0.5\n\n[training]\n"
        "learning_rate = 0.002\n\n[signals]\nsource = [{ name = \"s\", kind = \"synthetic\", rate = 0.3 }]\n");
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
        QTest::newRow("tag") << "tag:healthy" << true;
        QTest::newRow("tag, whatever its case") << "tag = HEALTHY" << true;
        QTest::newRow("a part is no tag") << "tag:heal" << false;
        QTest::newRow("a part of a tag") << "tag:~heal" << true;
        QTest::newRow("quoted tag") << "tag:\"looks odd\"" << true;
        QTest::newRow("without the tag") << "tag != healthy" << false;
        QTest::newRow("without a tag it has not") << "tag != other" << true;
        QTest::newRow("word of a tag") << "odd" << true;
        QTest::newRow("note") << "note:~\"slow to\"" << true;
        QTest::newRow("note without") << "note !~ fine" << false;
        QTest::newRow("word of a note") << "later" << true;
        QTest::newRow("setting") << "gap.controller = fixed" << true;
        QTest::newRow("other setting") << "gap.controller = adaptive" << false;
        QTest::newRow("a part is no setting") << "gap.controller = fix" << false;
        QTest::newRow("part of a setting") << "gap.controller ~ fix" << true;
        QTest::newRow("not that setting") << "gap.controller != adaptive" << true;
        QTest::newRow("number of a setting") << "training.learning_rate > 1e-3" << true;
        QTest::newRow("number written otherwise") << "training.learning_rate = 2e-3" << true;
        QTest::newRow("number that differs") << "training.learning_rate != 2e-3" << false;
        QTest::newRow("last part of a key") << "teacher_labels <= 0" << true;
        QTest::newRow("default") << "training.epochs > 0" << true;
        QTest::newRow("field of a source") << "signals.source[0].rate >= 0.3" << true;
        QTest::newRow("a source it has not") << "signals.source[1].rate >= 0" << false;
        QTest::newRow("texts have no size") << "gap.controller > 3" << false;
        QTest::newRow("another program's parameter") << "parameters.lr < 1" << false;
        QTest::newRow("letters beyond ASCII") << QString::fromUtf8("\"\u00c4RGER\"") << true;
        QTest::newRow("one of it not") << "anneal state:running seed<2" << false;
    }
    void terms_mustAllHold()
    {
        QFETCH(QString, line);
        QFETCH(bool, expected);
        const auto filter = RunFilter::parse(line.toStdString());
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
        QTest::newRow("slip in a key") << "gap.controler = fixed"
                                       << "did you mean gap.controller?";
        QTest::newRow("ambiguous key") << "learning_rate > 1"
                                       << "conformity.learning_rate";
        QTest::newRow("order of a setting needs a number") << "gap.controller > fixed"
                                                           << "not a number";
        QTest::newRow("tags have no order") << "tag > a"
                                            << "is a text";
        QTest::newRow("control characters") << QString("seed = \x1b[31m") << "\\x1b";
    }
    void badLine_saysWhatIsWrong()
    {
        QFETCH(QString, line);
        QFETCH(QString, part);
        const auto filter = RunFilter::parse(line.toStdString());
        QVERIFY(!filter.ok());
        QVERIFY2(QString::fromStdString(filter.error().message).contains(part), filter.error().message.c_str());
    }
    void anyText_neverHangs()
    {
        for (const QString& line :
             {QString(100000, '"'), QString(100000, ' '), QString(100000, 'a'), QString(50000, ':'),
              QString("a:").repeated(20000), QString(QChar(0)), QString("\u202e")})
            (void)RunFilter::parse(line.toStdString());
    }
};
GRADUS_SUITE(RunFilterTest)
#include "run_filter_test.moc"
