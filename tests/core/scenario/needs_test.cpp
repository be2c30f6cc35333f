// SPDX-License-Identifier: GPL-3.0-or-later
// What scenarios need is looked for where they would run.
#include "core/sandbox/cells.h"
#include "core/scenario/sample.h"
#include "scenario/needs.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::scenario;
using namespace gradus::tests;

class NeedsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void missingPrograms_areNamedWithTheirScenarios()
    {
        GRADUS_NEEDS_CELLS();
        const Scenario plain = parsed(sampleToml()).value();
        Scenario asking = parsed(sampleWith("id = \"sample\"", "id = \"asking\"")).value();
        asking.needs = {"bash", "no-such-program", "no such'program"};
        const auto needs = examineNeeds({plain, asking}, {});
        QVERIFY2(needs, needs ? "" : needs.error().message.c_str());
        QCOMPARE(needs->missing, (std::vector<std::string>{"no such'program", "no-such-program"}));
        QCOMPARE(needs->scenarios, (std::vector<std::string>{"asking"}));
        const auto fine = examineNeeds({plain}, {});
        QVERIFY(fine && fine->missing.empty() && fine->scenarios.empty());
    }
    void withoutCells_isRefused()
    {
        const auto needs = examineNeeds({parsed(sampleToml()).value()}, {.bubblewrap = "/nowhere/bwrap"});
        QVERIFY(!needs && needs.error().kind == ErrorKind::Refused);
    }
};
GRADUS_SUITE(NeedsTest)
#include "needs_test.moc"
