// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/register_quotes.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus::data;
using namespace gradus::data::registers;

namespace {

/// 3 +5=1 *4=4 max2=4 max6=6 *6=1 +1=2
const Program kProgram{kBegin, 3, kAdd, 5, kMultiply, 4, kMax, 2, kMax, 6, kMultiply, 6, kAdd, 1};

std::vector<Program> programs(int count)
{
    std::vector<Program> all;
    for (const Item& item : registersTask(count)->test().items)
        all.push_back(item.sequences.front());
    return all;
}

} // namespace

class RegisterQuotesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verifier_checksTheStepAndNotTheStateBefore()
    {
        QVERIFY(isVerified(kProgram, {.step = 2, .before = 1, .after = 4}));
        QVERIFY(!isVerified(kProgram, {.step = 2, .before = 1, .after = 5}));
        // The program never stands at 2 before step 2, but the step itself is right.
        QVERIFY(isVerified(kProgram, {.step = 2, .before = 2, .after = 1}));
        QVERIFY(isVerified(kProgram, {.step = 3, .before = 0, .after = 2}));
        const auto running = states(kProgram);
        for (int step = 1; step <= kOperations; ++step) {
            const std::int32_t before = step == 1 ? kProgram[1] : running[static_cast<std::size_t>(step) - 2];
            QCOMPARE(after(kProgram, step, before), running[static_cast<std::size_t>(step) - 1]);
        }
    }
    void questions_holdTheTrueEndAndAnotherInEitherOrder()
    {
        const auto all = programs(600);
        const auto questions = endQuestions(all, 4);
        QCOMPARE(questions.size(), all.size());
        int second = 0;
        std::array<int, kModulus> others{};
        for (std::size_t i = 0; i < all.size(); ++i) {
            const EndQuestion& question = questions[i];
            const auto truth = static_cast<std::size_t>(question.truth);
            QCOMPARE(question.answers[truth], states(all[i]).back());
            QVERIFY(question.answers[0] != question.answers[1]);
            ++others[static_cast<std::size_t>(question.answers[1 - truth])];
            second += question.truth;
            QCOMPARE(swapped(question).answers[1 - truth], question.answers[truth]);
            QCOMPARE(swapped(question).truth, 1 - question.truth);
        }
        QVERIFY(second > 250 && second < 350);
        for (const int count : others)
            QVERIFY(count > 30);
        QCOMPARE(endQuestions(programs(10), 4).back().answers, questions[9].answers);
    }
    void transcript_putsEachSideInItsOwnPlaces()
    {
        const EndQuestion question{.program = kProgram, .answers = {5, 2}, .truth = 1};
        std::vector<std::int32_t> expected = kProgram;
        expected.insert(expected.end(), {5, 2});
        expected.insert(expected.end(), {kBegin, kBegin, kBegin, kBegin});
        expected.insert(expected.end(), {5, 1, 2, kAdd}); // step 6 takes 1 to 2: so it does
        expected.insert(expected.end(), {kBegin, kBegin, kBegin, kBegin});
        expected.insert(expected.end(), {1, 1, 3, kMax}); // step 2 takes 1 to 3: it does not
        expected.push_back(kBegin);
        const std::vector<Quote> quotes{{.speaker = 1, .step = 6, .before = 1, .after = 2},
                                        {.speaker = 1, .step = 2, .before = 1, .after = 3}};
        QCOMPARE(transcriptTokens(question, quotes, 2), expected);
        QCOMPARE(static_cast<int>(expected.size()), transcriptLength(2));
        QCOMPARE(static_cast<int>(transcriptTokens(question, {}, 0).size()), transcriptLength(0));
    }
    void words_sayTheProgramAndTheQuote()
    {
        QCOMPARE(told(EndQuestion{.program = kProgram, .answers = {5, 2}}),
                 std::string("Start at 3; add 5; multiply by 4; at least 2; at least 6; multiply by 6; add 1 (mod 7). "
                             "Does it end in 5 or in 2?"));
        QCOMPARE(told(Quote{.step = 2, .before = 1, .after = 4}), std::string("Step 2 takes 1 to 4."));
    }
};
GRADUS_SUITE(RegisterQuotesTest)

#include "register_quotes_test.moc"
