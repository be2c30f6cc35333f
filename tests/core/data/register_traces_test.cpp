// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/register_traces.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus::data;
using namespace gradus::data::registers;

namespace {

/// 3 +5=1 *4=4 max2=4 max6=6 *6=1 +1=2
const Program kProgram{kBegin, 3, kAdd, 5, kMultiply, 4, kMax, 2, kMax, 6, kMultiply, 6, kAdd, 1};
constexpr std::int32_t kMark = traces::kMark;

} // namespace

class RegisterTracesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void demonstrations_showAsMuchWorkingAsAskedAndAreReadAsRight()
    {
        using Response = std::vector<std::int32_t>;
        QCOMPARE(traces::demonstration(kProgram, 0), (Response{kMark, 2}));
        QCOMPARE(traces::demonstration(kProgram, 3), (Response{1, 4, 4, kMark, 2}));
        QCOMPARE(traces::demonstration(kProgram, 9), (Response{1, 4, 4, 6, 1, 2, kMark, 2}));
        for (int steps = 0; steps <= kOperations; ++steps) {
            const Response response = traces::demonstration(kProgram, steps);
            const traces::Reading reading = traces::read(kProgram, response);
            QVERIFY(reading.parsed && reading.endRight && reading.workingRight && traces::isEnded(response));
            QCOMPARE(reading.steps, steps);
            QCOMPARE(reading.end, 2);
            QVERIFY(static_cast<int>(response.size()) <= traces::kLongest);
        }
    }
    void rightEnd_doesNotExcuseWrongWorking()
    {
        const traces::Reading guessed = traces::read(kProgram, {1, 4, 5, kMark, 2});
        QVERIFY(guessed.parsed && guessed.endRight && !guessed.workingRight);
        const traces::Reading slipped = traces::read(kProgram, {1, 4, 4, kMark, 3});
        QVERIFY(slipped.parsed && !slipped.endRight && slipped.workingRight);
        const traces::Reading longer = traces::read(kProgram, {1, 4, 4, 6, 1, 2, 2, kMark, 2});
        QVERIFY(longer.parsed && longer.endRight && !longer.workingRight);
        QCOMPARE(longer.steps, 7);
    }
    void whatIsNoResponse_isNotParsed()
    {
        for (const std::vector<std::int32_t>& response : {std::vector<std::int32_t>{},
                                                          {2},
                                                          {kMark},
                                                          {1, 4, 4},
                                                          {1, kMark},
                                                          {kMark, kMark},
                                                          {1, kAdd, kMark, 2},
                                                          {1, kMark, 4, kMark, 2},
                                                          {1, kMark, kAdd},
                                                          {-1, kMark, 2},
                                                          {99, kMark, 2},
                                                          {kMark, 99}}) {
            const traces::Reading reading = traces::read(kProgram, response);
            QVERIFY(!reading.parsed && !reading.endRight && !reading.workingRight);
            QCOMPARE(reading.end, -1);
        }
        QVERIFY(!traces::isEnded({1, 4, kMark}) && !traces::isEnded({1, 4}) && traces::isEnded({kMark, kAdd}));
    }
    void examples_areRightVariedAndOfThePretrainingSideAlone()
    {
        const traces::Examples drawn = traces::examples(700, 5);
        QCOMPARE(drawn.programs.size(), 700U);
        QCOMPARE(drawn.responses.size(), 700U);
        std::array<int, kOperations + 1> shown{};
        for (std::size_t i = 0; i < drawn.programs.size(); ++i) {
            const traces::Reading reading = traces::read(drawn.programs[i], drawn.responses[i]);
            QVERIFY(reading.endRight && reading.workingRight);
            QVERIFY(sideOf(drawn.programs[i]) == Side::Pretraining);
            ++shown[static_cast<std::size_t>(reading.steps)];
        }
        for (const int count : shown)
            QVERIFY(count > 60 && count < 140);
        QCOMPARE(traces::examples(20, 5).programs.back(), drawn.programs[19]);
        QVERIFY(traces::examples(20, 6).programs != traces::examples(20, 5).programs);
    }
};
GRADUS_SUITE(RegisterTracesTest)

#include "register_traces_test.moc"
