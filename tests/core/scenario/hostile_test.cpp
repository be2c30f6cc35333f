// SPDX-License-Identifier: GPL-3.0-or-later
// Episodes whose every text is hostile, as the one line of JSON that is kept of them.
#include "support/hostile_texts.h"
#include "support/suite.h"

#include "base/text.h"
#include "scenario/episode.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace gradus;
using namespace gradus::scenario;
using namespace gradus::tests;

namespace {

/// The bytes wherever an agent's bytes can stand.
Episode full(const std::string& bytes)
{
    Episode episode;
    Record record;
    record.call = {Tool::Exec, {"bash", "-c", bytes}, {}, {}};
    record.output = bytes;
    record.errors = bytes;
    record.changes.push_back({.change = sandbox::Change::Added, .path = bytes});
    episode.records.push_back(record);
    record.call = {Tool::WriteFile, {}, bytes, bytes};
    episode.records.push_back(record);
    episode.statement = bytes;
    episode.provenance.policy = bytes;
    episode.observation.checks.push_back({"check", true, 0, bytes});
    return episode;
}

std::string decoded(const QJsonValue& bytes)
{
    return QByteArray::fromBase64(bytes.toObject()["base64"].toString().toLatin1()).toStdString();
}

} // namespace

class HostileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyText_isOneTameLineThatKeepsTheBytes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        for (const HostileText& text : hostileTexts())
            QTest::newRow(text.name) << QByteArray::fromStdString(text.bytes);
    }
    void anyText_isOneTameLineThatKeepsTheBytes()
    {
        QFETCH(QByteArray, bytes);
        const std::string wire = bytes.toStdString();
        const std::string line = episodeJson(full(wire));
        QVERIFY(isTame(line));
        QCOMPARE(line.find('\n'), std::string::npos);
        const QJsonDocument json = QJsonDocument::fromJson(QByteArray::fromStdString(line));
        QVERIFY(json.isObject());
        const QJsonObject first = json["records"].toArray()[0].toObject();
        QCOMPARE(decoded(first["call"].toObject()["words"].toArray()[2]), wire);
        QCOMPARE(decoded(first["output"]), wire);
        QCOMPARE(decoded(first["errors"]), wire);
        QCOMPARE(decoded(first["changes"].toArray()[0].toObject()["path"]), wire);
        const QJsonObject second = json["records"].toArray()[1].toObject()["call"].toObject();
        QCOMPARE(decoded(second["path"]), wire);
        QCOMPARE(decoded(second["bytes"]), wire);
        QCOMPARE(decoded(json["statement"]), wire);
        QCOMPARE(decoded(json["checks"].toArray()[0].toObject()["output"]), wire);
        QCOMPARE(json["verdict"].toString(), QString("undecided")); // whatever the text says
        QCOMPARE(json["records"].toArray().size(), 2);
        for (const QJsonValue& part : {first["output"], first["errors"], json["statement"]})
            QVERIFY(isTame(part.toObject()["shown"].toString().toStdString()));
    }
    void lineOfFiftyMegabytes_isKeptAndShownShort()
    {
        Episode episode;
        episode.statement = hugeLine();
        const std::string line = episodeJson(episode);
        const QJsonDocument json = QJsonDocument::fromJson(QByteArray::fromStdString(line));
        QCOMPARE(json["statement"].toObject()["size"].toInt(), 50 << 20);
        QVERIFY(json["statement"].toObject()["shown"].toString().size() < 5000);
        QCOMPARE(decoded(json["statement"]), episode.statement);
    }
    void visible_makesEveryTextTame()
    {
        for (const HostileText& text : hostileTexts()) {
            QVERIFY2(isTame(visible(text.bytes, 100'000)), text.name);
            QVERIFY2(isTame(visibleLines(text.bytes)), text.name);
            QVERIFY2(visible(text.bytes, 100'000).find('\n') == std::string::npos, text.name);
        }
        QVERIFY(!isTame("\x1b")); // and the test can see what is not
        QVERIFY(!isTame("a\u202Eb"));
        QVERIFY(!isTame("a\xc2\x9b"));
    }
};
GRADUS_SUITE(HostileTest)
#include "hostile_test.moc"
