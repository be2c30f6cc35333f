// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/writings.h"

#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

using namespace gradus;
using namespace gradus::data;
using namespace gradus::data::writings;

namespace {

using Tokens = std::vector<std::int32_t>;

constexpr std::int32_t kAdd = 7;
constexpr std::int32_t kMultiply = 8;
constexpr std::int32_t kMax = 9;

bool keepsToTheWords(const Tokens& sequence)
{
    return left(sequence).back() != kSpoilt;
}

/// Followed through by this test's own arithmetic, whatever the brief forbids.
bool endsRight(const Tokens& sequence)
{
    int state = sequence[1];
    for (std::size_t at = kBriefTokens; at < sequence.size(); at += 2) {
        const int operand = sequence[at + 1];
        state = sequence[at] == kAdd        ? (state + operand) % 7
                : sequence[at] == kMultiply ? (state * operand) % 7
                                            : std::max(state, operand);
    }
    return state == sequence[2];
}

} // namespace

class WritingsTest : public QObject
{
    Q_OBJECT
    const std::unique_ptr<Task> m_task = writingsTask(2000);
    const ItemSet m_test = m_task->test();

private Q_SLOTS:
    void whatIsLeft_isFollowedThrough()
    {
        // 2 + 5 = 0, 0 + 3 = 3, max 6 = 6; from there to 4 are 5 steps up.
        QCOMPARE(left({kBegin, 2, 4, kMultiply, kAdd, 5, kAdd, 3, kMax, 6}), (Tokens{4, 1, 5}));
        QCOMPARE(left({kBegin, 3, 6, kAdd, kMultiply, 2, kMax, 1}), (Tokens{0, 0}));
        QVERIFY(fulfils({kBegin, 3, 6, kAdd, kMultiply, 2, kMax, 1}));
        // The barred word spoils what follows, even where the end is reached.
        QCOMPARE(left({kBegin, 1, 3, kAdd, kMax, 1, kAdd, 2, kMax, 0}), (Tokens{2, kSpoilt, kSpoilt}));
        QVERIFY(!fulfils({kBegin, 1, 3, kAdd, kMax, 1, kAdd, 2, kMax, 0}));
    }
    void items_haveOneRightWritingAndBothKindsOfWrongOnes()
    {
        QCOMPARE(m_test.items.size(), 2000U);
        std::array<int, kChoices> places{};
        int spoilt = 0;
        for (const Item& item : m_test.items) {
            QCOMPARE(item.sequences.size(), static_cast<std::size_t>(kChoices));
            ++places[static_cast<std::size_t>(item.truth)];
            for (int place = 0; place < kChoices; ++place) {
                const Tokens& sequence = item.sequences[static_cast<std::size_t>(place)];
                QVERIFY(sequence.size() >= kBriefTokens + 2 * kFewestPairs && sequence.size() <= kTokens);
                QVERIFY(std::equal(sequence.begin(), sequence.begin() + kBriefTokens, item.sequences[0].begin()));
                QCOMPARE(fulfils(sequence), place == item.truth);
                QCOMPARE(fulfils(sequence), endsRight(sequence) && keepsToTheWords(sequence));
                if (place == item.truth) continue;
                QVERIFY(keepsToTheWords(sequence) != endsRight(sequence)); // one fault, not both
                spoilt += keepsToTheWords(sequence) ? 0 : 1;
            }
        }
        for (const int place : places)
            QVERIFY2(std::abs(place - 500) < 80, qPrintable(QString::number(place))); // four standard deviations
        QVERIFY2(std::abs(spoilt - 3000) < 160, qPrintable(QString::number(spoilt)));
    }
    void whoSeesOneKindOfFault_isRightAsOftenAsTheHeaderSays()
    {
        double words = 0;
        double ends = 0;
        for (const Item& item : m_test.items) {
            const auto among = [&](auto&& passes) {
                return 1.0 / static_cast<double>(std::ranges::count_if(item.sequences, passes));
            };
            words += among(keepsToTheWords) / 2000;
            ends += among(endsRight) / 2000;
        }
        QVERIFY2(std::abs(words - 0.469) < 0.025, qPrintable(QString::number(words)));
        QVERIFY2(std::abs(ends - 0.469) < 0.025, qPrintable(QString::number(ends)));
    }
    void lengths_tellLittle()
    {
        // Always the longest, or the shortest: near chance.
        double longest = 0;
        double shortest = 0;
        for (const Item& item : m_test.items) {
            const auto size = [](const Tokens& sequence) { return sequence.size(); };
            const auto [least, most] = std::ranges::minmax(item.sequences, {}, size);
            const auto share = [&](std::size_t length) {
                const auto all = std::ranges::count(item.sequences, length, size);
                return item.sequences[static_cast<std::size_t>(item.truth)].size() == length
                           ? 1.0 / static_cast<double>(all)
                           : 0.0;
            };
            longest += share(most.size()) / 2000;
            shortest += share(least.size()) / 2000;
        }
        QVERIFY2(std::abs(longest - 0.25) < 0.04, qPrintable(QString::number(longest)));
        QVERIFY2(std::abs(shortest - 0.25) < 0.04, qPrintable(QString::number(shortest)));
    }
    void sides_shareNoRightWriting()
    {
        std::set<Tokens> kept;
        std::size_t items = 0;
        const auto keep = [&](const ItemSet& set) {
            items += set.items.size();
            for (const Item& item : set.items)
                kept.insert(item.sequences[static_cast<std::size_t>(item.truth)]);
        };
        std::set<Tokens> tested;
        for (const Item& item : m_test.items)
            tested.insert(item.sequences[static_cast<std::size_t>(item.truth)]);
        for (const int generation : {1, 2, 3}) {
            const ItemSet pool = m_task->pool(generation, 400, 5);
            for (const Item& item : pool.items)
                QVERIFY(!tested.contains(item.sequences[static_cast<std::size_t>(item.truth)]));
            keep(pool);
        }
        for (const Item& item : m_task->anchors(200, 5).items)
            QVERIFY(std::ranges::none_of(m_test.items,
                                         [&](const Item& other) { return other.sequences == item.sequences; }));
        keep(m_test);
        QVERIFY(kept.size() > items * 9 / 10); // short ones come again
        for (int step = 1; step <= 40; ++step)
            for (const Tokens& row : writingsPretraining(1, step, 256).inputs)
                for (std::size_t length = kBriefTokens + 2 * kFewestPairs; length <= row.size(); length += 2)
                    QVERIFY(!kept.contains(Tokens(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(length))));
    }
    void pretraining_asksForWhatIsLeft()
    {
        const PretrainingBatch batch = writingsPretraining(1, 7, 64);
        QCOMPARE(batch.inputs.size(), 64U);
        for (std::size_t row = 0; row < batch.inputs.size(); ++row) {
            QCOMPARE(batch.inputs[row].size(), static_cast<std::size_t>(kTokens));
            const auto remaining = left(batch.inputs[row]);
            for (std::size_t at = 0; at < kTokens; ++at) {
                const bool operand = at > kBriefTokens && (at - kBriefTokens) % 2 == 1;
                QCOMPARE(batch.targets[row][at], operand ? remaining[(at - kBriefTokens) / 2] : -1);
            }
        }
        QCOMPARE(writingsPretraining(1, 7, 64).inputs, batch.inputs);
        QVERIFY(writingsPretraining(1, 8, 64).inputs != batch.inputs);
    }
    void smallerCounts_arePrefixes()
    {
        const ItemSet large = m_task->pool(2, 50, 5);
        const ItemSet small = m_task->pool(2, 20, 5);
        for (std::size_t i = 0; i < small.items.size(); ++i)
            QCOMPARE(small.items[i].sequences, large.items[i].sequences);
        QVERIFY(m_task->pool(2, 20, 6).fingerprint != small.fingerprint);
    }
};
GRADUS_SUITE(WritingsTest)
#include "writings_test.moc"
