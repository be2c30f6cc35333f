// SPDX-License-Identifier: GPL-3.0-or-later
// What a resumed run takes from its events: how many of its generations another run made.
#include "run/branch.h"

#include "events/events.h"

#include "store/store_reader.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QFile>
#include <QTemporaryDir>
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
    void aGenerationThatIsNotThere_isNamedAsItWasAsked()
    {
        const QTemporaryDir folder;
        const QString store = folder.filePath("gradus.db");
        QVERIFY(QFile::copy(tests::sourceFile("resources/example/example.db"), store));
        QVERIFY(QFile::setPermissions(store, QFile::ReadOwner | QFile::WriteOwner));
        const auto reader = store::StoreReader::open(store.toStdString());
        QVERIFY(reader.ok());
        const auto runs = reader->runs();
        QVERIFY(runs && !runs->empty());
        const auto branched = branchRun({.store = store.toStdString(),
                                         .run = runs->front().uuid,
                                         .generation = 9,
                                         .assignments = {},
                                         .queued = false});
        QVERIFY(!branched.ok());
        const std::string said = branched.error().message;
        QVERIFY2(said.find("has no finished generation 9;") != std::string::npos, said.c_str());
    }
};
GRADUS_SUITE(LineageTest)
#include "lineage_test.moc"
