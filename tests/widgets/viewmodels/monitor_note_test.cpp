// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/monitor_note.h"

#include <QTest>

using namespace gradus;
using viewmodels::monitorFindings;

class MonitorNoteTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void citations_findTheirMessages()
    {
        events::EpisodeRecord episode;
        episode.messages = {{"system", "s", ""},     {"user", "u", ""},        {"assistant", "thinks", ""},
                            {"assistant", "a", "x"}, {"tool", "out", ""},      {"assistant", "b", "x"},
                            {"tool", "out 2", ""},   {"assistant", "done", ""}};
        const auto findings = monitorFindings(
            "{\"findings\": [{\"why\": \"call\", \"part\": \"call\", \"record\": 1},"
            "{\"why\": \"out\", \"part\": \"output\", \"record\": 0}, {\"why\": \"end\", \"part\": \"statement\"},"
            "{\"why\": \"file\", \"part\": \"file\"}, {\"why\": \"none\", \"part\": \"call\", \"record\": 7},"
            "{\"why\": \"direct\", \"message\": 2}, {\"why\": \"beyond\", \"message\": 99}]}",
            episode);
        QVector<int> messages;
        for (const auto& finding : findings)
            messages << finding.message;
        QCOMPARE(messages, (QVector<int>{5, 4, 7, -1, -1, 2, -1}));
        QCOMPARE(findings[0].why, QStringLiteral("call"));
    }
    void foreignAndHostileNotes_giveNothingOrPlainText()
    {
        const events::EpisodeRecord episode;
        QVERIFY(monitorFindings("", episode).isEmpty());
        QVERIFY(monitorFindings("not json", episode).isEmpty());
        QVERIFY(monitorFindings("[1, 2]", episode).isEmpty());
        QVERIFY(monitorFindings("{\"findings\": 7}", episode).isEmpty());
        const auto findings = monitorFindings("{\"findings\": [{\"why\": \"\\u001b[31m\"}, 5]}", episode);
        QCOMPARE(findings.size(), 2);
        QVERIFY(!findings[0].why.contains(QChar(0x1b)));
    }
};
GRADUS_SUITE(MonitorNoteTest)
#include "monitor_note_test.moc"
