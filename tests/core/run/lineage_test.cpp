// SPDX-License-Identifier: GPL-3.0-or-later
// What a resumed run takes from its events: how many of its generations another run made.
#include "run/branch.h"

#include "events/events.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::run;

class LineageTest : public QObject
{
    Q_OBJECT

    static store::EventRow event(const char* kind, const char* details)
    {
        store::EventRow row;
        row.kind = kind;
        row.detailsJson = details;
        return row;
    }

private Q_SLOTS:
    void inheritedGenerations_areThoseThatNoRollBackTookAway()
    {
        pipeline::Past past;
        readLineage(event("run.rolled_back", "{\"generation\": 1}"), past); // of a run of its own
        QCOMPARE(past.inherited, 0);
        readLineage(event(events::kBranchedEvent, "{\"generation\": 3, \"new_sources\": true}"), past);
        QCOMPARE(past.inherited, 3);
        QVERIFY(past.newSources);
        readLineage(event("run.rolled_back", "{\"generation\": 4}"), past);
        QCOMPARE(past.inherited, 3);
        readLineage(event("run.rolled_back", "{\"generation\": 2}"), past);
        QCOMPARE(past.inherited, 2);
        readLineage(event("run.rolled_back", "[2"), past); // damaged: nothing is known of it
        QCOMPARE(past.inherited, 2);
    }
};
GRADUS_SUITE(LineageTest)
#include "lineage_test.moc"
