// SPDX-License-Identifier: GPL-3.0-or-later
// The battery is green where every layer is there, and red in exactly the rows of a layer that is left out.
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include "sandbox/battery.h"
#include "sandbox/vectors.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

#include <cstdio>

using namespace gradus;
using namespace gradus::sandbox;

namespace {

QString idOf(std::string_view id)
{
    return QString::fromUtf8(id.data(), static_cast<int>(id.size()));
}

QSet<QString> openRows(const BatteryReport& report)
{
    QSet<QString> open;
    for (const VectorReport& row : report.vectors)
        if (row.verdict == Verdict::Open) open.insert(idOf(row.id));
    return open;
}

const VectorReport* rowOf(const BatteryReport& report, std::string_view id)
{
    for (const VectorReport& row : report.vectors)
        if (row.id == id) return &row;
    return nullptr;
}

QString listed(const QSet<QString>& set)
{
    QStringList all(set.begin(), set.end());
    all.sort();
    return all.join(' ');
}

const Layer removable[] = {Layer::Seccomp,        Layer::Descriptors,    Layer::Network,     Layer::PidNamespace,
                           Layer::IpcNamespace,   Layer::UtsNamespace,   Layer::EmptyRoot,   Layer::ReadOnlyRoot,
                           Layer::ProcMasks,      Layer::Environment,    Layer::HelperGuard, Layer::UserNamespaceLock,
                           Layer::NewSession,     Layer::ResourceLimits, Layer::Watchdog,    Layer::FileSystemSizes,
                           Layer::CgroupNamespace};

} // namespace

class BatteryTest : public QObject
{
    Q_OBJECT
    Result<BatteryReport> m_whole = failed("not run");

private Q_SLOTS:
    void initTestCase()
    {
        // Not skipped here: a skipped initTestCase makes Qt Test pass over the suites that follow in this executable.
        if (tests::noCellsHere().empty()) m_whole = runBattery({});
    }
    void init() { GRADUS_NEEDS_CELLS(); }

    void wholeBattery_opensNothing()
    {
        QVERIFY2(m_whole.ok(), m_whole ? "" : m_whole.error().message.c_str());
        QCOMPARE(listed(openRows(*m_whole)), QString());
        QVERIFY(m_whole->held());
        QCOMPARE(m_whole->vectors.size(), vectors().size());
        for (const char* id : {"host-secret", "host-processes", "environment", "inherited-descriptor", "host-loopback",
                               "abstract-socket", "daemon", "harvest", "disk", "fork-bomb", "output-flood",
                               "socket-buffer", "socket-pages"}) {
            const VectorReport* row = rowOf(*m_whole, id);
            QVERIFY(row != nullptr);
            QVERIFY2(row->verdict == Verdict::Contained, (std::string(id) + ": " + row->why).c_str());
        }
        for (const char* id : {"inodes", "total-memory", "socket-memory"}) {
            const VectorReport* row = rowOf(*m_whole, id);
            QVERIFY2(row != nullptr && row->verdict == Verdict::Partial, row != nullptr ? row->why.c_str() : id);
        }
        QVERIFY(rowOf(*m_whole, "shadow")->verdict == Verdict::NotInformative);
    }
    void layerLeftOut_turnsExactlyItsRowsRed_data()
    {
        QTest::addColumn<int>("layer");
        if (qEnvironmentVariableIsSet("GRADUS_TEST_EVERY_ROW"))
            std::printf("| layer left out | rows that turn red | rows tried |\n|---|---|---|\n");
        for (const Layer layer : removable)
            QTest::newRow(std::string(layerName(layer)).c_str()) << static_cast<int>(layer);
    }
    void layerLeftOut_turnsExactlyItsRowsRed()
    {
        QVERIFY(m_whole.ok());
        QFETCH(int, layer);
        const auto left = static_cast<Layer>(layer);
        // The load rows take seconds and answer to three layers; the others are tried against the rest, and against
        // everything where the whole table is asked for (sandbox.md).
        const bool load = left == Layer::ResourceLimits || left == Layer::Watchdog || left == Layer::FileSystemSizes;
        const bool every = qEnvironmentVariableIsSet("GRADUS_TEST_EVERY_ROW");
        const auto report =
            runBattery({.cell = {}, .quick = !load && !every, .weakening = {.without = left, .prove = false}});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        if (every) {
            const std::string rows = listed(openRows(*report)).replace(' ', "`, `").toStdString();
            std::printf("| %s | %s | %zu |\n", std::string(layerName(left)).c_str(),
                        rows.empty() ? "–" : ("`" + rows + "`").c_str(), report->vectors.size());
        }
        QSet<QString> expected;
        for (const Vector& vector : vectors()) {
            const Verdict whole = rowOf(*m_whole, vector.id)->verdict;
            // What an ordinary user cannot do here even outside (perf, the kernel log, an absent device) stays closed.
            const bool shows = whole == Verdict::Contained || whole == Verdict::Partial;
            if ((vector.owner == left || vector.also == left) && shows && rowOf(*report, vector.id) != nullptr)
                expected.insert(idOf(vector.id));
        }
        QCOMPARE(listed(openRows(*report)), listed(expected));
        const bool doubled = left == Layer::UserNamespaceLock || left == Layer::NewSession;
        QCOMPARE(expected.isEmpty(), doubled); // those two are guarded a second time by the filters
        QCOMPARE(report->held(), doubled);
    }
    void setuidRow_seesEveryWayWhereTheFiltersAreGone()
    {
        const auto weak =
            runBattery({.onlyVector = "make-setuid", .weakening = {.without = Layer::Seccomp, .prove = false}});
        QVERIFY2(weak.ok(), weak ? "" : weak.error().message.c_str());
        const std::string& why = weak->vectors.front().why;
        for (const char* way : {"fchmod", "fchmodat", "openat", "mknodat", "O_TMPFILE"})
            QVERIFY2(why.find(way) != std::string::npos, why.c_str());
        const auto whole = runBattery({.onlyVector = "make-setuid"});
        QVERIFY2(whole.ok() && whole->vectors.front().verdict == Verdict::Contained,
                 whole ? whole->vectors.front().why.c_str() : whole.error().message.c_str());
    }
    void everyLevelWithCells_holds_data()
    {
        QTest::addColumn<int>("level");
        for (const int level : {1, 3, 4})
            QTest::newRow(std::to_string(level).c_str()) << level;
    }
    void everyLevelWithCells_holds()
    {
        QFETCH(int, level);
        const auto report = runBattery({.cell = {.level = static_cast<Level>(level)}, .quick = true});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        QCOMPARE(listed(openRows(*report)), QString());
        QVERIFY(report->held());
    }
    void levelZero_runsNothing()
    {
        const auto report = climbLevels({.cell = {.level = Level::Simulated}});
        QVERIFY(report.ok() && report->held());
        for (const VectorReport& row : report->vectors)
            QVERIFY(row.verdict == Verdict::Absent);
    }
    void unknownVector_isBadInputWithTheNearest()
    {
        const auto report = runBattery({.onlyVector = "host-secrets"});
        QVERIFY(!report.ok());
        QCOMPARE(report.error().kind, ErrorKind::BadInput);
        QVERIFY(report.error().message.find("host-secret") != std::string::npos);
    }
    void oneVector_isTriedAlone()
    {
        const auto report = runBattery({.onlyVector = "environment"});
        QVERIFY(report.ok() && report->held());
        QCOMPARE(report->vectors.size(), std::size_t{1});
    }
    void json_hasTheAgreedShape()
    {
        QVERIFY(m_whole.ok());
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(batteryJson(*m_whole))).object();
        QCOMPARE(object.keys(), QStringList({"level", "totals", "vectors"}));
        QCOMPARE(object["level"].toInt(), 2);
        QCOMPARE(object["vectors"].toArray().size(), static_cast<int>(vectors().size()));
        QCOMPARE(object["vectors"].toArray()[0].toObject().keys(), QStringList({"id", "name", "verdict", "why"}));
    }
    void table_hasNoVectorTwiceAndAnOwnerForEveryLayer()
    {
        QSet<QString> ids;
        QSet<int> owned;
        for (const Vector& vector : vectors()) {
            const QString id = idOf(vector.id);
            QVERIFY2(!ids.contains(id), qPrintable(id));
            ids.insert(id);
            if (vector.owner) owned.insert(static_cast<int>(*vector.owner));
        }
        for (const Layer layer : removable)
            if (layer != Layer::UserNamespaceLock && layer != Layer::NewSession)
                QVERIFY2(owned.contains(static_cast<int>(layer)), std::string(layerName(layer)).c_str());
    }
};

GRADUS_SUITE(BatteryTest)
#include "battery_test.moc"
