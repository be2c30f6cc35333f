// SPDX-License-Identifier: GPL-3.0-or-later
// Whole small runs on poor sources: each ends in a refusal or in a degraded mode that the run says by name.
#include "base/files.h"
#include "data/fingerprint.h"
#include "pipeline/panel_report.h"
#include "pipeline/run_items.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

spec::RunSpec runWith(std::vector<spec::SignalSource> sources, int anchors = 60)
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.ladder.generations = 2;
    run.experiment.signals.sources = std::move(sources);
    run.experiment.signals.anchors = anchors;
    return run;
}

/// Sentences of the degraded modes, one a line.
std::string degradedIn(const Recorder& recorder)
{
    std::string all;
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kDegradedEvent) all += event.sentence + "\n";
    return all;
}

bool says(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class BadSourcesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSourceThatAlwaysAbstains_isNamedAndLeftOut()
    {
        spec::RunSpec run = runWith({{.name = "predecessor"},
                                     {.name = "noisy", .kind = "synthetic", .noise = "wrong-only", .rate = 0.2},
                                     {.name = "away", .kind = "human"}});
        Bench bench(run);
        run.experiment.signals.sources[2].file = bench.path("labels.csv");
        QVERIFY(writeFileAtomically(bench.path("labels.csv"), "item,label\n0123456789abcdef,1\n"));
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const std::string degraded = degradedIn(bench.recorder);
        QVERIFY2(says(degraded, "\"away\" says nothing about any item and is left out"), degraded.c_str());
        QVERIFY(says(degraded, "fewer than three sources"));
        QCOMPARE(bench.recorder.generations.back().generation, 2);
        QVERIFY(bench.recorder.generations.back().utility);
    }

    void aSourceThatLabelsNoAnchor_isNamedAndCountsForNoIndependentOne()
    {
        // A coin-tosser on the pool: of its errors on anchors nothing is known, so that N_eff must not rise for it.
        const auto effectiveWith = [](bool tosser) {
            std::vector<spec::SignalSource> sources{
                {.name = "one", .kind = "synthetic", .noise = "wrong-only", .rate = 0.2},
                {.name = "two", .kind = "synthetic", .noise = "wrong-only", .rate = 0.3}};
            if (tosser) sources.push_back({.name = "coin", .kind = "human"});
            spec::RunSpec run = runWith(sources);
            Bench bench(run);
            if (tosser) {
                run.experiment.signals.sources[2].file = bench.path("labels.csv");
                std::string lines = "item,label\n";
                for (const data::Item& item : poolOf(bench.context, 2).items)
                    lines +=
                        data::itemName(data::itemNumber(item)) + "," + (data::itemNumber(item) & 1 ? "1" : "0") + "\n";
                if (!writeFileAtomically(bench.path("labels.csv"), lines)) qFatal("cannot write a test file");
            }
            if (const auto done = runProgressive(bench.context, {.finished = {}}); !done)
                qFatal("%s", done.error().message.c_str());
            std::string details;
            for (const events::RunEvent& event : bench.recorder.said)
                if (event.kind == kPooledEvent) details = event.detailsJson;
            return std::pair(details, degradedIn(bench.recorder));
        };
        const auto [with, degraded] = effectiveWith(true);
        const auto [without, sound] = effectiveWith(false);
        const auto figure = [](const std::string& details) {
            const std::size_t at = details.find("\"effective_sources\":");
            return details.substr(at, details.find(',', at) - at);
        };
        QCOMPARE(figure(with), figure(without));
        QVERIFY2(says(degraded, "\"coin\" labels no anchor"), degraded.c_str());
        QVERIFY(says(with, "\"unjudged\":[\"coin\"]") && says(without, "\"unjudged\":[]"));
        QVERIFY(!says(sound, "labels no anchor"));
    }

    void nobodyWhoSaysAnything_endsTheRunInOneSentence()
    {
        spec::RunSpec run = runWith({{.name = "away", .kind = "human"}});
        Bench bench(run);
        run.experiment.signals.sources[0].file = bench.path("labels.csv");
        QVERIFY(writeFileAtomically(bench.path("labels.csv"), "item,label\n0123456789abcdef,1\n"));
        const auto done = runProgressive(bench.context, {.finished = {}});
        QVERIFY(!done.ok());
        QVERIFY(done.error().kind == ErrorKind::BadInput);
        QVERIFY2(says(done.error().message, "No source says anything about an item of generation 2"),
                 done.error().message.c_str());
    }

    void duplicatesOfASource_areWorthOne()
    {
        std::vector<spec::SignalSource> sources{
            {.name = "a", .kind = "synthetic", .noise = "wrong-only", .rate = 0.3, .stream = "one"},
            {.name = "b", .kind = "synthetic", .noise = "wrong-only", .rate = 0.3, .stream = "one"},
            {.name = "c", .kind = "synthetic", .noise = "wrong-only", .rate = 0.3, .stream = "one"}};
        const spec::RunSpec run = runWith(sources);
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const double effective = bench.recorder.last("signal/n_eff");
        QVERIFY2(effective < 1.05, qPrintable(QString::number(effective)));
    }

    void withoutAnchors_thePoolSaysWhatItDoesInstead()
    {
        const spec::RunSpec run = runWith({{.name = "predecessor"},
                                           {.name = "noisy", .kind = "synthetic", .noise = "wrong-only", .rate = 0.2},
                                           {.name = "other", .kind = "synthetic", .noise = "wrong-only", .rate = 0.25}},
                                          0);
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        QVERIFY2(says(degradedIn(bench.recorder), "anchors"), degradedIn(bench.recorder).c_str());
    }

    void oneGeneration_isSaidToHaveNoSupervision()
    {
        spec::RunSpec run = smallRun("adaptive");
        run.experiment.ladder.generations = 1;
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        QVERIFY(says(degradedIn(bench.recorder), "one generation, which truth teaches"));
        for (const events::RunEvent& event : bench.recorder.said)
            QVERIFY(event.kind != "gap.decision" && event.kind != "noise.estimate");
        QVERIFY(bench.recorder.generations.back().utility);
    }
};
GRADUS_SUITE(BadSourcesTest)
#include "bad_sources_test.moc"
