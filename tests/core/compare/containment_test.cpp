// SPDX-License-Identifier: GPL-3.0-or-later
// Containment studies as runs keep them: read whole or refused, named apart, and told in words.
#include "compare/containment.h"
#include "support/containment_sample.h"
#include "support/must.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::compare;
using tests::containmentSample;
using tests::must;

namespace {

store::RunDetail runWith(const std::string& name, const std::string& uuid, const std::string& json)
{
    store::RunDetail run;
    run.run.experimentName = name;
    run.run.uuid = uuid;
    if (!json.empty()) run.events.push_back({.kind = kContainmentEvent, .sentence = {}, .detailsJson = json});
    return run;
}

/// JSON with single quotes.
std::string json(std::string text)
{
    std::ranges::replace(text, '\'', '"');
    return text;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class ContainmentTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aStudy_isReadAsItWasKept()
    {
        const ContainmentRecord study = must(readContainment(containmentSample("partial", true, "m")));
        QVERIFY(study.held);
        QVERIFY(study.quick);
        QCOMPARE(study.scenarios, std::size_t{12});
        QCOMPARE(study.seeds, std::size_t{1});
        QCOMPARE(study.levels.size(), std::size_t{4});
        QCOMPARE(study.levels[0].level, 0);
        QCOMPARE(study.levels[0].count("absent"), std::size_t{3});
        QCOMPARE(study.levels[2].count("partial"), std::size_t{2});
        QCOMPARE(study.levels[2].way("keyring")->name, std::string("Use the kernel's keyrings"));
        QVERIFY(study.levels[2].way("none") == nullptr);
        QCOMPARE(study.levels[2].elicitation, (Estimate{1, 0.75, 1, 12}));
        QCOMPARE(study.levels[2].modelEpisodes, 24LL);
        QCOMPARE(study.levels[1].elicitation.n, 0LL);
        QCOMPARE(study.tasks.size(), std::size_t{3});
        QCOMPARE(study.tasks[2].expected, std::string("a cell has an account of its own"));
        QCOMPARE(study.fidelity[1].level, 3);
        QCOMPARE(study.acts[1].outputs.value, 0.75);
        QCOMPARE(study.notRun, (std::vector<std::string>{"one: no git"}));
    }
    void anOlderStudy_hasNoLevelZeroAndNoActs()
    {
        const auto study = must(readContainment(json("{'held':true,'levels':[{'level':1,'refused':'','held':true,'"
                                                     "vectors':[{'id':'keyring','verdict':'open','why':'x'}]}]}")));
        QCOMPARE(study.levels.size(), std::size_t{1});
        QVERIFY(study.acts.empty() && study.tasks.empty());
        QCOMPARE(study.levels[0].way("keyring")->name, std::string());
        QVERIFY(has(containmentText(study), "level 1  0 contained, 1 open"));
    }
    void whatIsNoStudy_isASentence_data()
    {
        QTest::addColumn<QByteArray>("kept");
        const auto row = [](const char* name, const std::string& kept) {
            QTest::newRow(name) << QByteArray::fromStdString(kept);
        };
        std::string levels;
        for (int i = 0; i < 17; ++i)
            levels += std::string(i == 0 ? "" : ",") + json("{'level':1}");
        row("empty", "");
        row("no JSON", "held");
        row("a list", "[]");
        row("no levels", json("{'held':true}"));
        row("levels are no list", json("{'levels':7}"));
        row("a level is none", json("{'levels':[7]}"));
        row("too many levels", json("{'levels':[") + levels + "]}");
        row("a level beyond all", json("{'levels':[{'level':1e300}]}"));
        row("half a level", json("{'levels':[{'level':1.5}]}"));
        row("ways are no list", json("{'levels':[{'level':1,'vectors':{}}]}"));
        row("deep", json("{'levels':") + std::string(5000, '[') + std::string(5000, ']') + "}");
        row("long", json("{'levels':[],'x':'") + std::string(9 << 20, 'x') + "\"}");
    }
    void whatIsNoStudy_isASentence()
    {
        QFETCH(QByteArray, kept);
        const auto study = readContainment(kept.toStdString());
        QVERIFY(!study);
        QVERIFY(has(study.error().message, "no containment study that can be read"));
        const store::RunDetail run = runWith("x", "0123456789", kept.toStdString());
        if (kept.isEmpty()) return; // no event, so no study
        const auto named = containmentsOf({&run});
        QVERIFY(!named && named.error().message.starts_with("Run 01234567: "));
    }
    void hostileTexts_areMadeVisible()
    {
        const auto study =
            must(readContainment(json("{'model':'\\u001b[2J','levels':[{'level':1,'refused':'a\\nb\\u202e','vectors':[{"
                                      "'id':7,'verdict':'\\u0000x'}]}],'not_run':['\\u001b',7]}")));
        for (const std::string& text :
             {study.model, study.levels[0].refused, study.levels[0].ways[0].verdict, study.notRun[0]})
            for (const char c : text)
                QVERIFY2(static_cast<unsigned char>(c) >= 0x20, text.c_str());
        QCOMPARE(study.levels[0].ways[0].id, std::string());
    }
    void sharesThatAreNone_areNotMeasured_data()
    {
        QTest::addColumn<QByteArray>("share");
        QTest::newRow("reversed") << QByteArray::fromStdString(
            json("{'value':0.5,'low':0.6,'high':0.4,'scenarios':3}"));
        QTest::newRow("beyond 1") << QByteArray::fromStdString(json("{'value':1.5,'low':0,'high':2,'scenarios':3}"));
        QTest::newRow("negative") << QByteArray::fromStdString(json("{'value':0,'low':-1,'high':1,'scenarios':3}"));
        QTest::newRow("words") << QByteArray::fromStdString(json("'all'"));
        QTest::newRow("no count") << QByteArray::fromStdString(json("{'value':0.5,'low':0,'high':1,'scenarios':-3}"));
    }
    void sharesThatAreNone_areNotMeasured()
    {
        QFETCH(QByteArray, share);
        const auto study =
            must(readContainment(json("{'levels':[{'level':2,'elicitation':") + share.toStdString() + "}]}"));
        QCOMPARE(study.levels[0].elicitation.n, 0LL);
        QCOMPARE(shareText(study.levels[0].elicitation), std::string("–"));
    }
    void names_tellStudiesApart()
    {
        const store::RunDetail first = runWith("containment study", "aaaaaaaaaaaa", containmentSample());
        const store::RunDetail second = runWith("containment study", "bbbbbbbbbbbb", containmentSample("open"));
        const store::RunDetail third = runWith("new kernel", "cccccccccccc", containmentSample());
        const store::RunDetail other = runWith("gap annealing", "dddddddddddd", "");
        QVERIFY(containmentJsonOf(other) == nullptr);
        const auto studies = must(containmentsOf({&first, &other, &second, &third}));
        QCOMPARE(studies.size(), std::size_t{3});
        QCOMPARE(studies[0].name, std::string("containment study aaaaaaaa"));
        QCOMPARE(studies[1].name, std::string("containment study bbbbbbbb"));
        QCOMPARE(studies[2].name, std::string("new kernel"));
        QCOMPARE(waysOf(studies), (std::vector<std::string>{"keyring", "heap", "machine-facts"}));
    }
    void words_sayLevelsElicitationTasksAndFidelity()
    {
        const std::string text = containmentText(must(readContainment(containmentSample("open", false, "pupil"))));
        for (const char* part :
             {"level 0  no code runs", "level 2  1 contained, 1 open, 1 partial, 0 not-informative, 0 absent",
              "1.000 [0.750, 1.000]", "Model pupil, tempting twins that end as a hazard", "0.250 [0.125, 0.500]",
              "level 0  64 acts", "outcomes as simulated –", "outputs 0.750 [0.700, 0.800]", "Everyday tasks: 2 of 3",
              "loopback name: outside exit 0, 9c; in cells -; -; exit 0, 77; exit 0, 77; DIFFERS",
              "a cell has an account of its own", "not run: one: no git", "DID NOT HOLD", "1 seed; 1 min 15 s"})
            QVERIFY2(has(text, part), (std::string(part) + " is not in\n" + text).c_str());
    }
};
GRADUS_SUITE(ContainmentTest)
#include "containment_test.moc"
