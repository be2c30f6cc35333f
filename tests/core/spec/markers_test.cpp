// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/experiment.h"
#include "spec/keys.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;

namespace {

std::string refusalOf(const std::string& markers)
{
    const auto parsed = spec::parseExperiment("[gap]\nmarkers = " + markers + "\n", "a.toml");
    return parsed ? std::string() : parsed.error().message;
}

} // namespace

class MarkersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void markers_areReadInOrderAndWrittenBack()
    {
        const std::string text = "[[0.25, \"audit\"], [0.8, \"\"]]";
        const auto parsed = spec::parseExperiment("[gap]\nmarkers = " + text + "\n", "a.toml");
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->gap.markers.size(), std::size_t{2});
        QCOMPARE(parsed->gap.markers[0], (schedule::Marker{0.25, "audit"}));
        QCOMPARE(spec::valueText(*spec::findKey("gap.markers"), *parsed), text);
    }
    void markers_areNoPartOfWhatNamesAnExperiment()
    {
        const auto bare = spec::parseExperiment("[gap]\nvalue = 0.4\n", "a.toml");
        const auto marked = spec::parseExperiment("[gap]\nvalue = 0.4\nmarkers = [[0.5, \"x\"]]\n", "a.toml");
        QVERIFY(bare.ok() && marked.ok());
        QCOMPARE(spec::hashOf(*marked), spec::hashOf(*bare));
        QVERIFY(spec::canonicalToml(*marked).find("markers") == std::string::npos);
    }
    void markersThatAreNone_areRefusedInWords()
    {
        for (const char* text : {"3", "[3]", "[[0.5]]", "[[0.5, 1]]", "[[1.5, \"late\"]]", "[[\"x\", 0.5]]",
                                 "[[0.5, \"b\"], [0.2, \"a\"]]", "[[0.5, \"two\\nlines\"]]"}) {
            const std::string refusal = refusalOf(text);
            QVERIFY2(refusal.find("gap.markers") != std::string::npos, text);
        }
        std::string many;
        for (int i = 0; i < 201; ++i)
            many += (many.empty() ? "[" : ", ") + std::string("[0.5, \"\"]");
        QVERIFY(refusalOf(many + "]").find("200") != std::string::npos);
    }
    void markers_cannotBeSwept()
    {
        const auto swept =
            spec::parseExperiment("[sweep]\n\"gap.markers\" = [[[0.1, \"a\"]], [[0.2, \"a\"]]]\n", "a.toml");
        QVERIFY(!swept.ok());
        QVERIFY2(swept.error().message.find("gap.markers") != std::string::npos, swept.error().message.c_str());
    }
};
GRADUS_SUITE(MarkersTest)
#include "markers_test.moc"
