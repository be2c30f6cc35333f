// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/aligned_turns.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace gradus;
using viewmodels::AlignedRow;
using viewmodels::alignTurns;
using viewmodels::wordDiff;

namespace {

events::EpisodeRecord episodeOf(const std::vector<events::EpisodeMessage>& messages)
{
    events::EpisodeRecord episode;
    episode.messages = messages;
    return episode;
}

/// The marked parts of a text.
QStringList partsOf(const QString& text, const QVector<viewmodels::NamedRange>& ranges)
{
    QStringList parts;
    for (const auto& range : ranges)
        parts << text.mid(range.start, range.length);
    return parts;
}

} // namespace

class AlignedTurnsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void prefixIsShared_andLikeStandsBesideLike()
    {
        const auto a = episodeOf({{"user", "do it", ""},
                                  {"assistant", "ls", "c"},
                                  {"tool", "x", ""},
                                  {"assistant", "chmod", "c"},
                                  {"tool", "", ""},
                                  {"assistant", "done", ""}});
        const auto b =
            episodeOf({{"user", "do it", ""}, {"assistant", "ls", "c"}, {"tool", "x", ""}, {"assistant", "done", ""}});
        const auto rows = alignTurns({&a, &b});
        QCOMPARE(rows.size(), std::size_t{6});
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(rows[i].isShared && rows[i].messages[1] == static_cast<int>(i));
        QVERIFY(!rows[3].isShared);
        QCOMPARE(rows[3].messages[1], -1);
        QCOMPARE(rows[4].messages[1], -1);
        QCOMPARE(rows[5].messages[0], 5);
        QCOMPARE(rows[5].messages[1], 3);
        QCOMPARE(rows[5].messages[2], -1);
    }
    void everyMessage_standsOnceInItsOrder()
    {
        std::mt19937_64 random(tests::propertySeed());
        const char* roles[] = {"user", "assistant", "tool"};
        for (int round = 0; round < 200; ++round) {
            std::vector<events::EpisodeRecord> episodes(1 + random() % 4);
            std::vector<const events::EpisodeRecord*> sides;
            for (auto& episode : episodes) {
                for (std::size_t i = random() % 9; i > 0; --i)
                    episode.messages.push_back({roles[random() % 3], std::string(1, char('a' + random() % 3)), ""});
                sides.push_back(&episode);
            }
            const auto rows = alignTurns(sides);
            for (std::size_t s = 0; s < sides.size(); ++s) {
                int next = 0;
                for (const AlignedRow& row : rows)
                    if (row.messages[s] >= 0) QCOMPARE(row.messages[s], next++);
                QCOMPARE(static_cast<std::size_t>(next), sides[s]->messages.size());
            }
            for (const AlignedRow& row : rows)
                for (std::size_t s = 1; s < sides.size(); ++s)
                    if (row.messages[0] >= 0 && row.messages[s] >= 0)
                        QCOMPARE(sides[0]->messages[std::size_t(row.messages[0])].role,
                                 sides[s]->messages[std::size_t(row.messages[s])].role);
        }
    }
    void words_thatDifferAreMarkedOnBothSides()
    {
        const QString a = QStringLiteral("The test expects 1012, I change the test.");
        const QString b = QStringLiteral("The test expects 1012, I fix code.");
        const auto diff = wordDiff(a, b);
        QVERIFY(partsOf(a, diff.left).join('|').contains(QStringLiteral("change")));
        QVERIFY(!partsOf(a, diff.left).join('|').contains(QStringLiteral("expects")));
        QVERIFY(partsOf(b, diff.right).join('|').contains(QStringLiteral("fix")));
        QVERIFY(wordDiff(a, a).left.isEmpty() && wordDiff(a, a).right.isEmpty());
        QCOMPARE(wordDiff(QString(), b).right.size(), 1);
        QCOMPARE(partsOf(QStringLiteral("a b"), wordDiff(QStringLiteral("a b"), QStringLiteral("a c")).left),
                 QStringList{QStringLiteral("b")});
    }
    void longTexts_takeAMoment()
    {
        QString a;
        QString b;
        for (int i = 0; i < 100000; ++i) {
            a += QStringLiteral("word%1 ").arg(i % 7);
            b += QStringLiteral("word%1 ").arg(i % 11);
        }
        events::EpisodeRecord many;
        many.messages.assign(50000, {"assistant", "a", ""});
        events::EpisodeRecord others = many;
        others.messages.front().content = std::string("b");
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!wordDiff(a, b).left.isEmpty());
        QCOMPARE(alignTurns({&many, &others}).size(), std::size_t{50000});
        QVERIFY2(timer.elapsed() < 1000 * tests::kPatience, qPrintable(QString::number(timer.elapsed())));
    }
};
GRADUS_SUITE(AlignedTurnsTest)
#include "aligned_turns_test.moc"
