// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of the built-in worlds: those inside the program, and those that are made at first use.
#include "base/files.h"
#include "base/hash.h"
#include "pipeline/builtin_pretraining.h"
#include "pipeline/chosen_writings.h"
#include "pipeline/shipped_rungs.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <set>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

class BuiltinBodiesTest : public QObject
{
    Q_OBJECT
    const QTemporaryDir m_dir;
    std::filesystem::path path(const char* name) const { return m_dir.filePath(name).toStdString(); }

private Q_SLOTS:
    void initTestCase() { engine::useThreads(1); }

    void shippedBodies_haveTheirRungsShape()
    {
        int all = 0;
        for (const data::World& world : data::worlds())
            for (const char* architecture : {"attention", "recurrent", "convolutional"})
                for (const ShippedRung& rung : shippedRungs(world.domain, architecture)) {
                    QVERIFY(writeFileAtomically(path("body"), rung.safetensors));
                    const auto shape = models::rungShape(rung.width, rung.layers, world.vocabulary, world.tokens,
                                                         models::familyOf(architecture).value());
                    const auto model = engine::TunedModel::fromBody(path("body"), shape, {}, 1);
                    QVERIFY2(model.ok(), model ? "" : model.error().message.c_str());
                    QVERIFY(findShippedRung(world.domain, architecture, rung.width, rung.layers) == &rung);
                    ++all;
                }
        QVERIFY(all >= 30);
        QVERIFY(findShippedRung("code", "recurrent", 64, 4) == nullptr);
        QVERIFY(shippedRungs("prose", "attention").empty());
    }
    void bodiesMadeHere_areNamedByAllTheyDependOn()
    {
        data::World world = *data::findWorld("builtin:registers/writing");
        world.pretrainingSteps = 3;
        std::set<std::string> names;
        std::set<std::string> hashes;
        const StopFlag never;
        for (const models::Family family :
             {models::Family::Llama, models::Family::Recurrent, models::Family::Convolutional}) {
            const auto shape = models::rungShape(8, 1, world.vocabulary, world.tokens, family);
            names.insert(builtinBodyName(world, shape));
            const auto hash = pretrainBuiltinBody(world, shape, path("a"), never, {}).value();
            QCOMPARE(pretrainBuiltinBody(world, shape, path("b"), never, {}).value(), hash);
            hashes.insert(hash);
        }
        names.insert(builtinBodyName(world, models::rungShape(16, 1, world.vocabulary, world.tokens)));
        world.pretrainingSteps = 4;
        names.insert(builtinBodyName(world, models::rungShape(8, 1, world.vocabulary, world.tokens)));
        QCOMPARE(names.size(), std::size_t{5});
        QCOMPARE(hashes.size(), std::size_t{3});
    }
    void ladderOfAnotherArchitecture_usesItsOwnBodies()
    {
        spec::RunSpec run = smallRun("fixed");
        run.experiment.ladder.architecture = "recurrent";
        const Bench bench(run);
        const Ladder& ladder = bench.context.ladder;
        QVERIFY(ladder.at(0).shape.family == models::Family::Recurrent);
        QVERIFY(ladder.built(0, "").shape == ladder.at(0).shape);
        QVERIFY(ladder.built(0, "attention").shape.family == models::Family::Llama);
        const auto file = ladder.body(0, bench.context.stop, {}).value();
        QCOMPARE(sha256OfFile(file).value(), sha256(findShippedRung("code", "recurrent", 8, 1)->safetensors));
        QVERIFY(ladder.base(0, bench.context.head(), 1, bench.context.stop, {}).ok());
    }
    void bodyThatIsNotShipped_isMadeOnceAndCanBeStopped()
    {
        spec::RunSpec run = smallRun("fixed");
        run.experiment.task.name = "builtin:registers/math";
        run.experiment.ladder.architecture = "convolutional";
        const Bench bench(run);
        const Ladder& ladder = bench.context.ladder;
        StopFlag stop;
        std::string activity;
        const auto stopped = ladder.base(0, bench.context.head(), 1, stop, [&](double, const std::string& said) {
            activity = said;
            stop.request();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Stopped);
        QCOMPARE(activity, std::string("pretraining convolutional rung 8,1: step 1 of 1500"));

        // What lies there under its name is used as it is.
        data::World quick = *data::findWorld("builtin:registers/math");
        const auto file = std::filesystem::path(bench.path("models")) / "builtin-math-convolutional" /
                          ("8x1-" + builtinBodyName(quick, ladder.at(0).shape) + ".safetensors");
        QVERIFY(!std::filesystem::exists(file));
        quick.pretrainingSteps = 2;
        const auto hash = pretrainBuiltinBody(quick, ladder.at(0).shape, file, bench.context.stop, {}).value();
        QCOMPARE(ladder.baseHash(0, bench.context.stop, {}).value(), hash);
    }
    void builtinLadder_isForBuiltinTasks()
    {
        spec::RunSpec run = smallRun("fixed");
        const World task(Lie::Nothing);
        run.experiment.task.name = "preferences";
        const auto ladder = Ladder::open(run.experiment, task, path("models"));
        QVERIFY(!ladder);
        QCOMPARE(ladder.error().key, std::string("ladder.family"));
    }
    void chosenWritings_areMeasuredInGroupsOfEight()
    {
        data::ItemSet set;
        for (int i = 0; i < 20; ++i)
            set.items.push_back({.sequences = {{1, 2, 3, 4}, {1, 2, i, i + 1, i + 2}}, .texts = {}, .truth = 1});
        const std::vector<int> first(20, 0);
        const ChosenVariety same = varietyOf(set, first, 2);
        QCOMPARE(same.distinct2.n, 2); // the last four make no group
        QCOMPARE(same.distinct2.value, 1.0 / 8);
        QVERIFY(std::abs(same.vendi.value - 1) < 1e-9);
        QCOMPARE(same.length.value, 2.0);
        const ChosenVariety other = varietyOf(set, std::vector<int>(20, 1), 2);
        QCOMPARE(other.distinct2.value, 9.0 / 16); // (i, i+1) and (i+1, i+2), shared between neighbours
        QVERIFY(other.vendi.value > 3);
        QCOMPARE(other.length.value, 3.0);
        set.items.resize(15);
        QCOMPARE(varietyOf(set, first, 2).distinct2.n, 0);
    }
};
GRADUS_SUITE(BuiltinBodiesTest)
#include "builtin_bodies_test.moc"
