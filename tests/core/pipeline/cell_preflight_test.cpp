// SPDX-License-Identifier: GPL-3.0-or-later
// The battery before a run: its result is an event, and a layer that is missing is named and means simulation.
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include "pipeline/cell_preflight.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <vector>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

class Kept final : public events::EventSink
{
public:
    void point(const events::MetricPoint&) override {}
    void stage(const events::StageEvent&) override {}
    void generation(const events::GenerationRecord&) override {}
    void event(const events::RunEvent& event) override { all.push_back(event); }
    void progress(const events::Progress&) override {}
    std::vector<events::RunEvent> all;
    QJsonObject details() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(all.at(0).detailsJson)).object();
    }
};

} // namespace

class CellPreflightTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heldLevel_isAnEventWithCountsAndLayers()
    {
        GRADUS_NEEDS_CELLS();
        Kept sink;
        QCOMPARE(preflightCells({}, sink), std::string());
        QCOMPARE(sink.all.size(), std::size_t{1});
        QCOMPARE(sink.all[0].kind, std::string("sandbox.battery"));
        const QJsonObject details = sink.details();
        QVERIFY(details["held"].toBool());
        QCOMPARE(details["level"].toInt(), 2);
        QVERIFY(details["counts"].toObject()["contained"].toInt() > 10);
        QCOMPARE(details["climbed"].toArray().size(), 2);
        QCOMPARE(details["counts"].toObject()["open"].toInt(), 0);
        int contained = 0;
        for (const auto& layer : details["layers"].toArray())
            contained += layer.toObject()["contained"].toInt();
        QCOMPARE(contained, details["counts"].toObject()["contained"].toInt());
    }
    void missingLayer_isNamedAndNothingIsSilent()
    {
        Kept sink;
        const std::string why = preflightCells({.bubblewrap = "/nowhere/bwrap"}, sink);
        QVERIFY2(why.find("/nowhere/bwrap") != std::string::npos, why.c_str());
        QVERIFY(sink.all.at(0).sentence.find("did not hold") != std::string::npos);
        QVERIFY(!sink.details()["held"].toBool(true));
        QVERIFY(sink.details()["refused"].toString().contains("/nowhere/bwrap"));
    }
    void openRow_isCountedUnderItsLayer()
    {
        using sandbox::Verdict;
        const sandbox::BatteryReport report{.level = sandbox::Level::Toolchain,
                                            .vectors = {{"host-secret", "x", Verdict::Open, "read"},
                                                        {"keyring", "y", Verdict::Contained, "no"},
                                                        {"mount", "z", Verdict::NotInformative, "no"}},
                                            .seconds = 1};
        const sandbox::Preflight tried{
            .level = sandbox::Level::Toolchain, .tried = {report}, .refusal = "No code runs.", .seconds = 1};
        const auto details = QJsonDocument::fromJson(QByteArray::fromStdString(batteryDetails(tried))).object();
        QVERIFY(!details["held"].toBool(true));
        QCOMPARE(details["open"].toArray()[0].toString(), QString("host-secret"));
        for (const auto& one : details["layers"].toArray()) {
            const QJsonObject layer = one.toObject();
            QCOMPARE(layer["open"].toArray().size(), layer["layer"].toString() == "empty root" ? 1 : 0);
        }
        QCOMPARE(details["counts"].toObject()["not-informative"].toInt(), 1);
    }
};
GRADUS_SUITE(CellPreflightTest)
#include "cell_preflight_test.moc"
