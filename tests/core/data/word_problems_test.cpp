// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/word_problems.h"
#include "data/worlds.h"
#include "support/suite.h"

#include <QTest>

#include <map>
#include <set>

using namespace gradus;
using namespace gradus::data;

namespace {

/// The story told again by other means: every person's holdings by name.
std::vector<std::int32_t> told(const std::vector<std::int32_t>& item)
{
    std::map<std::int32_t, int> holds{{item[2], item[3]}, {item[4], item[5]}};
    std::vector<std::int32_t> asked;
    for (std::size_t at = 6; at < item.size(); at += 3) {
        int& now = holds.at(item[at]);
        const int verb = (item[at + 1] - 13) / 3;
        const int number = item[at + 2];
        now = verb == 0 ? (now + number) % 7 : verb == 1 ? now * number % 7 : std::max(now, number);
        asked.push_back(holds.at(item[1]));
    }
    return asked;
}

} // namespace

class WordProblemsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void truth_isWhatTheAskedPersonHolds()
    {
        const auto task = wordProblemsTask(2000);
        std::vector<int> shares(7);
        for (const Item& item : task->test().items) {
            QCOMPARE(item.sequences.front().size(), static_cast<std::size_t>(wordproblems::kTokens));
            QCOMPARE(item.truth, told(item.sequences.front()).back());
            ++shares[static_cast<std::size_t>(item.truth)];
        }
        for (const int share : shares)
            QVERIFY2(share > 100 && share < 700, std::to_string(share).c_str());
    }
    void sides_neverShareAnItem()
    {
        for (const World& world : worlds()) {
            const auto task = world.open(300);
            std::set<std::vector<std::vector<std::int32_t>>> seen;
            const auto seed = tests::propertySeed();
            for (const ItemSet& set : {task->test(), task->anchors(200, seed), task->pool(1, 300, seed),
                                       task->pool(2, 300, seed), task->pool(3, 300, seed)})
                for (const Item& item : set.items)
                    QVERIFY(seen.insert(item.sequences).second);
            QCOMPARE(seen.size(), 1400U);
            QCOMPARE(task->anchors(200, seed).fingerprint, task->anchors(200, seed).fingerprint);
        }
    }
    void pretraining_asksForTheHoldingsAndNeverShowsHeldOutItems()
    {
        for (std::int64_t step = 0; step < 10; ++step) {
            const PretrainingBatch batch = wordProblemsPretraining(tests::propertySeed(), step, 64);
            for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
                QVERIFY(sideOf(batch.inputs[i]) == Side::Pretraining);
                const auto asked = told(batch.inputs[i]);
                for (std::size_t at = 0; at < batch.inputs[i].size(); ++at)
                    QCOMPARE(batch.targets[i][at], at >= 6 && at % 3 == 2 ? asked[(at - 8) / 3] : -1);
            }
        }
    }
    void difficulty_countsSentencesAboutTheAskedPerson()
    {
        for (int difficulty = 0; difficulty <= wordproblems::kSentences; ++difficulty)
            for (const Item& item : wordProblemsGraded(difficulty, 50).items) {
                const auto& tokens = item.sequences.front();
                int sentences = 0;
                for (std::size_t at = 6; at < tokens.size(); at += 3)
                    sentences += tokens[at] == tokens[1] ? 1 : 0;
                QCOMPARE(sentences, difficulty);
                QVERIFY(sideOf(tokens) == Side::Test);
                // Without a sentence the person still holds what they began with.
                if (difficulty == 0) QCOMPARE(item.truth, tokens[2] == tokens[1] ? tokens[3] : tokens[5]);
            }
    }
    void worlds_areFoundByTheirTask()
    {
        QCOMPARE(findWorld("builtin:registers/math")->vocabulary, wordproblems::kVocabulary);
        QVERIFY(findWorld("builtin:registers/code") != nullptr);
        QVERIFY(findWorld("builtin:registers") == nullptr);
    }
};
GRADUS_SUITE(WordProblemsTest)
#include "word_problems_test.moc"
