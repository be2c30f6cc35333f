// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/signal_desk.h"

#include "base/files.h"
#include "data/fingerprint.h"
#include "pipeline/label_offers.h"
#include "pipeline/panel_report.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;
using spec::SignalSource;

namespace {

spec::RunSpec runWith(std::vector<SignalSource> sources, const std::string& aggregate = "anchored-pool")
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.signals.sources = std::move(sources);
    run.experiment.signals.aggregate = aggregate;
    return run;
}

SignalSource noisy(const std::string& name, double rate, const std::string& stream = {})
{
    return {.name = name, .kind = "synthetic", .noise = "wrong-only", .rate = rate, .stream = stream};
}

/// An ancestor whose answers do not matter.
std::vector<Ancestor> someAncestor(const StageContext& context)
{
    auto model = context.ladder.base(1, context.head(), 5, context.stop, {}).value();
    return {{std::make_shared<const engine::TunedModel>(std::move(model)), 1}};
}

Labels said(const Bench& bench, int generation = 2)
{
    SignalDesk desk(bench.context);
    const auto supervisor = desk.supervisorOf(generation, someAncestor(bench.context)).value();
    return supervisor->label(bench.context.task.pool(generation, 300, 7)).value();
}

std::string linesOf(const data::ItemSet& set, std::size_t count, const std::string& annotator)
{
    std::string lines;
    for (std::size_t i = 0; i < count; ++i)
        lines += data::itemName(data::itemNumber(set.items[i])) + "," + std::to_string(set.items[i].truth) + "," +
                 annotator + "\n";
    return lines;
}

} // namespace

class SignalDeskTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutSources_thePredecessorLabelsAsItIs()
    {
        const spec::RunSpec run = runWith({});
        const Bench bench(run);
        const auto ancestors = someAncestor(bench.context);
        const data::ItemSet pool = bench.context.task.pool(2, 50, 7);
        SignalDesk desk(bench.context);
        const auto labels = desk.supervisorOf(2, ancestors).value()->label(pool).value();
        const auto alone = opinionsOf(*ancestors[0].model, bench.context.ladder.read(1, pool).items, 2).value();
        QVERIFY(!labels.panel);
        QCOMPARE(labels.opinions.probabilities, alone.probabilities);
    }

    void copiesOfASource_changeNoLabelOfTheAnchoredPool()
    {
        for (const std::string& method :
             {std::string("anchored-pool"), std::string("majority"), std::string("dawid-skene")}) {
            std::vector<SignalSource> sources{noisy("a", 0.35), noisy("b", 0.2), noisy("c", 0.25)};
            const spec::RunSpec once = runWith(sources, method);
            const Labels before = said(Bench(once));
            int moved = 0;
            for (const int copies : {1, 3, 10}) {
                sources.resize(3);
                sources[0].stream = "shared"; // the first source and its copies err on the same items
                for (int i = 0; i < copies; ++i)
                    sources.push_back(noisy("copy " + std::to_string(i), 0.35, "shared"));
                spec::RunSpec base = runWith({sources[0], sources[1], sources[2]}, method);
                const spec::RunSpec cloned = runWith(sources, method);
                const Labels alone = said(Bench(base));
                const Labels many = said(Bench(cloned));
                for (std::size_t i = 0; i < alone.opinions.labels.size(); ++i)
                    moved += alone.opinions.labels[i] != many.opinions.labels[i] ? 1 : 0;
                if (method == "anchored-pool") QCOMPARE(many.opinions.probabilities, alone.opinions.probabilities);
            }
            QCOMPARE(before.opinions.labels.size(), std::size_t{300});
            if (method == "anchored-pool")
                QCOMPARE(moved, 0);
            else
                QVERIFY2(moved > 0, method.c_str()); // the others are moved: the test can fail
        }
    }

    void drawnWeights_decideWhoIsAsked()
    {
        SignalSource early = noisy("early", 0.1);
        early.weight = {{{.x = 0, .y = 1, .interpolation = schedule::Interpolation::Linear}, {.x = 1, .y = 0}}};
        const spec::RunSpec run = runWith({early, noisy("always", 0.3)});
        const Bench bench(run);
        QCOMPARE(said(bench, 2).panel->table.sources.size(), std::size_t{2});
        const Labels last = said(bench, 3);
        QCOMPARE(last.panel->table.sources.size(), std::size_t{1});
        QCOMPARE(last.panel->table.sources[0].name, std::string("always"));
    }

    void offers_nameWhatOtherLabelsWouldBeWrongIn()
    {
        SignalSource silent = noisy("silent", 0.02);
        silent.weight = schedule::Curve{{{.x = 0, .y = 0}, {.x = 1, .y = 0}}};
        SignalSource own{.name = "own", .rung = 1};
        own.weight = silent.weight;
        spec::RunSpec run = runWith({noisy("a", 0.45), noisy("b", 0.2), silent, own}, "majority");
        run.experiment.signals.anchors = 200;
        const Bench bench(run);
        SignalDesk desk(bench.context);
        const auto ancestors = someAncestor(bench.context);
        const double pool = desk.noise(*desk.supervisorOf(2, ancestors).value()).value().calibrated;
        const auto offers =
            labelOffers(bench.context, desk, 2, ancestors, Estimate{.value = 0.8, .low = 0.75, .high = 0.84, .n = 500})
                .value();
        const auto offer = [&](const std::string& kind, const std::string& name) -> controller::Purchase {
            for (const controller::Purchase& one : offers)
                if (one.kind == kind && one.name == name) return one;
            return {};
        };
        QCOMPARE(offers.size(), std::size_t{6});
        QVERIFY(*offer("drop", "a").noise < pool); // majority of two: the first of tied votes
        QVERIFY(*offer("drop", "b").noise > *offer("drop", "a").noise);
        QVERIFY(*offer("drop", "a").noiseUpper > *offer("drop", "a").noise);
        QVERIFY(offer("add", "silent").noise.has_value());
        QVERIFY(!offer("add", "own").noiseUpper);
        QVERIFY(offer("add", "own").unknown.find("was not trained") != std::string::npos);
        QVERIFY(std::abs(*offer("debate", "").noiseUpper - 0.25) < 1e-12);
        QVERIFY(offer("filter", "0.6").kept.has_value());
        QCOMPARE(desk.flops(), 0.0); // nobody was trained for it
        // One predecessor has no panel: a filter and a debate are all there is.
        const spec::RunSpec plain = runWith({});
        const Bench alone(plain);
        SignalDesk none(alone.context);
        const auto few = labelOffers(alone.context, none, 2, someAncestor(alone.context), std::nullopt).value();
        QCOMPARE(few.size(), std::size_t{2});
        QVERIFY(!few[1].noiseUpper && few[1].unknown.find("no debate") != std::string::npos);
    }

    void parts_shareOutTheItemsExactly()
    {
        std::vector<SignalSource> sources{noisy("a", 0.1), noisy("b", 0.3), noisy("c", 0.2)};
        const spec::RunSpec whole = runWith(sources, "majority");
        sources[0].part = {0.0, 0.25};
        sources[1].part = {0.25, 1.0};
        sources[2].part = {0.0, 0.5};
        const spec::RunSpec shared = runWith(sources, "majority");
        const Labels all = said(Bench(whole));
        const Labels some = said(Bench(shared));
        const auto& asked = all.panel->table.sources;
        const auto& parts = some.panel->table.sources;
        int counts[3] = {};
        for (std::size_t i = 0; i < some.panel->asked; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                if (parts[j].labels[i] == signals::kAbstain) continue;
                ++counts[j];
                QCOMPARE(parts[j].labels[i], asked[j].labels[i]); // what it says there does not change
            }
            QVERIFY((parts[0].labels[i] == signals::kAbstain) != (parts[1].labels[i] == signals::kAbstain));
            QVERIFY(parts[0].labels[i] == signals::kAbstain || parts[2].labels[i] != signals::kAbstain); // nested
        }
        QCOMPARE(counts[0], 75);
        QCOMPARE(counts[1], 225);
        QCOMPARE(counts[2], 150);
        for (std::size_t i = some.panel->asked; i < some.panel->table.items; ++i) // anchors are everybody's
            QVERIFY(parts[0].labels[i] != signals::kAbstain && parts[1].labels[i] != signals::kAbstain);
        QCOMPARE(std::count(some.opinions.labels.begin(), some.opinions.labels.end(), signals::kAbstain), 0);
    }

    void humanLabels_teachOnlyTheItemsTheyCover()
    {
        spec::RunSpec run = runWith({{.name = "ann", .kind = "human"}});
        const Bench bench(run);
        const std::string file = bench.path("labels.csv");
        run.experiment.signals.sources[0].file = file;
        data::ItemSet pool = bench.context.task.pool(2, 40, 7);
        QVERIFY(writeFileAtomically(file, "item,label,annotator\n" + linesOf(pool, 25, "ann")));
        SignalDesk desk(bench.context);
        const auto supervisor = desk.supervisorOf(2, someAncestor(bench.context)).value();
        const auto all = supervisor->label(pool).value();
        QCOMPARE(std::count(all.opinions.labels.begin(), all.opinions.labels.end(), signals::kAbstain), 15);
        const auto taught = labelsOf(*supervisor, pool, 2).value();
        QCOMPARE(pool.items.size(), std::size_t{25});
        QCOMPARE(taught.opinions.labels, truthOf(pool));
        data::ItemSet strangers = bench.context.task.pool(3, 20, 7);
        const auto none = labelsOf(*supervisor, strangers, 3);
        QVERIFY(!none && none.error().kind == ErrorKind::BadInput);
        QVERIFY(none.error().message.find("No source says anything") != std::string::npos);
    }

    void humanFiles_areRefusedInOneSentence()
    {
        const spec::RunSpec run = runWith({});
        const Bench bench(run);
        const std::string file = bench.path("labels.csv");
        const std::string good = "0123456789abcdef,1,ann\n";
        const auto errorOf = [&](const std::string& text, const std::string& annotator = {}) {
            if (!writeFileAtomically(file, text)) qFatal("cannot write a test file");
            const auto read = readHumanLabels({.name = "h", .kind = "human", .file = file, .annotator = annotator}, 2);
            if (read) return std::string("accepted");
            return read.error().kind == ErrorKind::BadInput ? read.error().message : std::string("wrong kind");
        };
        const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
        const std::string head = "item,label,annotator\n";
        QCOMPARE(errorOf(head + good), std::string("accepted"));
        QVERIFY(has(errorOf("item,annotator\n0123456789abcdef,ann\n"), "no column \"label\""));
        QVERIFY(has(errorOf(head + "xyz,1,ann\n"), "names no item"));
        QVERIFY(has(errorOf(head + "0123456789abcdef,2,ann\n"), " line 2: the label \"2\" is no class"));
        QVERIFY(has(errorOf(head + "0123456789abcdef,yes,ann\n"), "use 0 to 1, or leave it empty"));
        QVERIFY(has(errorOf(head + good + "0123456789abcdef,0,ann\n"), "already has the label 1"));
        QVERIFY(has(errorOf(head + good + "0123456789abcde0,0,bob\n"), "several annotators (\"ann\", \"bob\")"));
        QVERIFY(has(errorOf(head + good, "carl"), "has no annotator \"carl\""));
        QCOMPARE(errorOf(head + good + "0123456789abcdef,0,bob\n", "bob"), std::string("accepted"));
        QCOMPARE(errorOf(head + "0123456789abcdef,,ann\n"), std::string("accepted"));
    }

    void aFilePartlyFilled_isOneAnnotators()
    {
        const spec::RunSpec run = runWith({});
        const Bench bench(run);
        const std::string file = bench.path("labels.jsonl");
        const std::string empty = R"({"item":"0123456789abcdee","label":"","annotator":""})"; // as `gradus data items`
        const std::string filled = R"({"item":"0123456789abcdef","label":"1","annotator":"ada"})";
        QVERIFY(writeFileAtomically(file, empty + "\n" + filled + "\n"));
        for (const char* annotator : {"", "ada"}) {
            const auto read = readHumanLabels({.name = "h", .kind = "human", .file = file, .annotator = annotator}, 2);
            QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
            QCOMPARE(read->classes.size(), std::size_t{1});
        }
        QVERIFY(writeFileAtomically(file, empty + "\n")); // nobody has begun
        const auto none = readHumanLabels({.name = "h", .kind = "human", .file = file}, 2);
        QVERIFY(none && none->classes.empty());
        const auto ada = readHumanLabels({.name = "h", .kind = "human", .file = file, .annotator = "ada"}, 2);
        QVERIFY(!ada && ada.error().message.find("it holds labels of nobody") != std::string::npos);
    }

    void personas_leanAndHoldTheirPeace()
    {
        const spec::RunSpec plain = runWith({{.name = "m"}});
        const spec::RunSpec leaning = runWith({{.name = "m", .kind = "persona", .lean = {20.0, 0.0}}});
        const Labels one = said(Bench(plain));
        const Labels two = said(Bench(leaning));
        const auto& labels = two.panel->table.sources[0].labels;
        QCOMPARE(std::count(labels.begin(), labels.end(), 0), static_cast<std::ptrdiff_t>(labels.size()));
        const auto& model = one.panel->table.sources[0];
        std::vector<float> best;
        for (std::size_t i = 0; i < model.labels.size(); ++i)
            best.push_back(std::max(model.probabilities[2 * i], model.probabilities[2 * i + 1]));
        std::vector<float> sorted = best;
        std::sort(sorted.begin(), sorted.end());
        const float middle = sorted[sorted.size() / 2]; // half of the items fall below it
        const spec::RunSpec unsure = runWith({{.name = "m", .kind = "persona", .unsureBelow = middle}});
        const Labels three = said(Bench(unsure));
        QCOMPARE(three.panel->table.sources.size(), std::size_t{1});
        for (std::size_t i = 0; i < best.size(); ++i)
            QCOMPARE(three.panel->table.sources[0].labels[i], best[i] < middle ? signals::kAbstain : model.labels[i]);
    }

    void truthSources_areNested()
    {
        const spec::RunSpec run = runWith({});
        const Bench bench(run);
        const data::ItemSet pool = bench.context.task.pool(2, 1000, 7);
        const auto few = TruthSource(0.1, 3).votes(pool).value().labels;
        const auto more = TruthSource(0.3, 3).votes(pool).value().labels;
        int spoken = 0;
        for (std::size_t i = 0; i < few.size(); ++i) {
            if (few[i] < 0) continue;
            ++spoken;
            QCOMPARE(few[i], pool.items[i].truth);
            QCOMPARE(more[i], few[i]);
        }
        QVERIFY2(spoken > 70 && spoken < 130, qPrintable(QString::number(spoken)));
    }

    void ownSupervisor_isReadBackAndOnlyIfItIsWhole()
    {
        const spec::RunSpec run = runWith({{.name = "own", .rung = 1}});
        const Bench bench(run);
        const data::ItemSet pool = bench.context.task.pool(2, 60, 7);
        const auto ask = [&] {
            SignalDesk desk(bench.context);
            auto labels = desk.supervisorOf(2, someAncestor(bench.context)).value()->label(pool).value();
            return std::make_pair(labels.opinions.probabilities, desk.flops());
        };
        const auto first = ask();
        QVERIFY(first.second > 0);
        const auto weights = bench.context.folder / "source-1" / "weights.safetensors";
        const auto written = std::filesystem::last_write_time(weights);
        QCOMPARE(ask(), first);
        QVERIFY(std::filesystem::last_write_time(weights) == written);
        std::filesystem::resize_file(weights, 100);
        QCOMPARE(ask(), first); // trained again, to the same weights
        QVERIFY(std::filesystem::file_size(weights) > 100);
    }

    void sourcesOfEveryArchitecture_areThemselves()
    {
        const spec::RunSpec run = runWith({{.name = "attention", .rung = 0},
                                           {.name = "recurrent", .rung = 0, .architecture = "recurrent"},
                                           {.name = "convolutional", .rung = 0, .architecture = "convolutional"}});
        const Bench bench(run);
        const Labels labels = said(bench);
        const auto& sources = labels.panel->table.sources;
        QCOMPARE(sources.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i) {
            const auto weights = bench.context.folder / ("source-" + std::to_string(i + 1)) / "weights.safetensors";
            const auto model = engine::TunedModel::load(weights);
            QVERIFY(model.ok());
            QCOMPARE(std::string(models::architectureOf(model->shape().family)), sources[i].name);
            QCOMPARE(model->shape().hiddenSize, 8);
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(sources[i].labels != sources[j].labels);
        }
        const auto again = said(bench); // read back, not taught again
        QCOMPARE(again.opinions.labels, labels.opinions.labels);
    }
    void report_keepsEveryVoteAndNamesWhatIsMissing()
    {
        spec::RunSpec run = runWith({noisy("a", 0.1), noisy("b", 0.2), {.name = "ann", .kind = "human"}});
        Bench bench(run);
        run.experiment.signals.sources[2].file = bench.path("labels.csv");
        QVERIFY(writeFileAtomically(bench.path("labels.csv"), "item,label\n0123456789abcdef,1\n"));
        const Labels labels = said(bench);
        reportPanel(bench.context, *labels.panel, 2, 10);
        QCOMPARE(bench.recorder.voted.size(), std::size_t{3}); // a, b and the anchors' truth
        QCOMPARE(bench.recorder.voted[0].items.size(), std::size_t{360});
        QCOMPARE(bench.recorder.voted[2].kind, std::string(spec::kAnchorsName));
        QCOMPARE(bench.recorder.voted[2].labels, labels.panel->anchors.truth);
        std::string degraded;
        for (const events::RunEvent& event : bench.recorder.said)
            if (event.kind == kDegradedEvent) degraded += event.sentence;
        QVERIFY(degraded.find("\"ann\" says nothing about any item") != std::string::npos);
        QVERIFY(degraded.find("fewer than three sources") != std::string::npos);
        QVERIFY(bench.recorder.last("signal/n_eff") > 1.5);
        const double noise = bench.recorder.last("signal/noise");
        QVERIFY2(noise > 0 && noise < bench.recorder.last("signal/noise/ci_high"), qPrintable(QString::number(noise)));
    }

    void profilesThatDoNotFitTheTask_areRefused()
    {
        const auto errorOf = [](SignalSource source) {
            const spec::RunSpec run = runWith({std::move(source)});
            const Bench bench(run);
            const auto fits = checkSources(run.experiment, bench.context.task);
            return fits ? std::string("accepted") : fits.error().message;
        };
        QVERIFY(errorOf({.name = "p", .kind = "persona", .lean = {1, 2, 3}}).find("leans over 3 classes") !=
                std::string::npos);
        QVERIFY(errorOf({.name = "s", .kind = "synthetic", .noise = "class-conditional", .rate = 1, .matrix = {1}})
                    .find("needs 2 rows of 2") != std::string::npos);
        QVERIFY(
            errorOf(
                {.name = "s", .kind = "synthetic", .noise = "class-conditional", .rate = 1, .matrix = {1, 0.5, 0, 1}})
                .find("cannot be drawn") != std::string::npos);
        QVERIFY(errorOf({.name = "h", .kind = "human", .file = "/nowhere/labels.csv"}).find("/nowhere/labels.csv") !=
                std::string::npos);
        QCOMPARE(errorOf(noisy("n", 0.2)), std::string("accepted"));
    }
};

GRADUS_SUITE(SignalDeskTest)
#include "signal_desk_test.moc"
