// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/sweep_edit.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

class SweepEditTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void axis_isRemovedWithItsLineAlone()
    {
        const std::string text =
            "[sweep] # mine\n\"gap.value\" = [0.3, 0.5] # gone\n\"training.epochs\" = [2, 4] # stays\n";
        const auto left = withoutAxis(text, "gap.value");
        QVERIFY2(left, left ? "" : left.error().message.c_str());
        QCOMPARE(*left, std::string("[sweep] # mine\n\"training.epochs\" = [2, 4] # stays\n"));
        QVERIFY(!withoutAxis(*left, "gap.value"));
    }
    void axesOfOneLine_areNotTornApart()
    {
        for (const char* text : {"[sweep]\ngap = { value = [0.3, 0.5], start = [1, 2] }\n",
                                 "sweep = { \"gap.value\" = [0.3, 0.5], \"training.epochs\" = [2, 4] }\n"}) {
            const auto left = withoutAxis(text, "gap.value");
            QVERIFY2(!left, left ? left->c_str() : "");
            QVERIFY2(left.error().message.find("one key in a line") != std::string::npos, left.error().message.c_str());
        }
    }
};
GRADUS_SUITE(SweepEditTest)
#include "sweep_edit_test.moc"
