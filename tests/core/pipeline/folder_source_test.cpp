// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder outside the ladder that votes by how probable it holds the text of each class.
#include "data/fingerprint.h"
#include "folder_bench.h"
#include "pipeline/class_reader.h"
#include "pipeline/folder_source.h"
#include "pipeline/signal_desk.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

spec::SignalSource outsider(const std::string& folder)
{
    spec::SignalSource source;
    source.name = "outsider";
    source.folder = folder;
    return source;
}

} // namespace

class FolderSourceTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    std::string m_ladder; ///< of the Llama family
    std::string m_other;  ///< GPT-NeoX, with another tokenizer

    spec::RunSpec run()
    {
        spec::RunSpec run = folderRun(m_ladder, "fixed");
        spec::SignalSource predecessor;
        predecessor.name = "predecessor";
        run.experiment.signals.sources = {predecessor, outsider(m_other)};
        return run;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_ladder = putFolder(m_scratch.filePath("ladder").toStdString(), models::Family::Llama, 1);
        m_other = putFolder(m_scratch.filePath("other").toStdString(), models::Family::NeoX, 5);
    }

    void texts_partWhereTheirTokensDo()
    {
        const auto tokenizer = must(text::Tokenizer::open(m_other));
        const auto whole = [&](const std::string& text) {
            return tokenizer.encode(text, {.parseSpecialTokens = false});
        };
        const std::vector<std::string> texts{"The same words. good good", "The same words. zz"};
        const ClassTexts parts = classTexts(tokenizer, texts, 64);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            engine::Tokens joined = parts.shared;
            joined.insert(joined.end(), parts.rests[i].begin(), parts.rests[i].end());
            QCOMPARE(joined, whole(texts[i]));
        }
        QVERIFY(parts.rests[0].front() != parts.rests[1].front());
        // Too long: what is shared loses its beginning and keeps a token, what is judged stays as long as it can.
        const std::size_t most = std::max(parts.rests[0].size(), parts.rests[1].size());
        const ClassTexts cut = classTexts(tokenizer, texts, most + 1);
        QCOMPARE(cut.shared, engine::Tokens{parts.shared.back()});
        QVERIFY(cut.rests == parts.rests);
        // One text is the beginning of the other.
        const ClassTexts nested = classTexts(tokenizer, {"The same", "The same words"}, 64);
        QVERIFY(nested.rests.size() == 2 && !nested.rests[0].empty() && !nested.rests[1].empty());
        QVERIFY(classTexts(tokenizer, {"", "x"}, 64).rests.empty());
    }

    void probabilities_areOfMeanLogLikelihoods()
    {
        const auto reader = must(ClassReader::open(m_other, {}, 48));
        const auto model = must(engine::LanguageModel::open(m_other));
        const auto tokenizer = must(text::Tokenizer::open(m_other));
        const data::Item item{.sequences = {}, .texts = {"Say: good and well", "Say: zz"}, .truth = 0};
        const ClassTexts parts = classTexts(tokenizer, item.texts, 48);
        std::vector<double> weights;
        for (const engine::Tokens& rest : parts.rests) {
            engine::Tokens tokens = parts.shared;
            tokens.insert(tokens.end(), rest.begin(), rest.end());
            const auto scores = must(model.score({tokens}));
            const auto& logs = scores.front().logProbabilities;
            const auto from = logs.end() - static_cast<std::ptrdiff_t>(rest.size());
            weights.push_back(std::exp(std::accumulate(from, logs.end(), 0.0) / static_cast<double>(rest.size())));
        }
        const auto read = must(reader.read(item));
        QVERIFY(std::abs(read[0] - weights[0] / (weights[0] + weights[1])) < 1e-5);
        QVERIFY(std::abs(read[0] + read[1] - 1) < 1e-6 && read[0] != read[1]);
    }

    void itVotes_besideAPredecessorOfAnotherFamily()
    {
        spec::RunSpec spec = run();
        FolderBench bench(spec, 40);
        const StageContext context = bench.context();
        QVERIFY(checkSources(spec.experiment, context.task).ok());
        must(runProgressive(context, {.finished = {}}));
        const auto reader = must(ClassReader::open(m_other, {}, context.task.maxTokens()));
        std::map<std::int64_t, const data::Item*> items;
        const data::ItemSet pool = context.task.pool(2, 0, 1);
        for (const data::Item& item : pool.items)
            items[data::itemNumber(item)] = &item;
        int compared = 0;
        for (const events::VoteRecord& votes : bench.recorder.voted) {
            if (votes.source != "outsider") continue;
            QCOMPARE(votes.kind, std::string("model"));
            for (std::size_t i = 0; i < votes.items.size(); ++i) {
                if (!items.contains(votes.items[i])) continue; // an anchor
                const auto read = must(reader.read(*items.at(votes.items[i])));
                QCOMPARE(votes.probabilities[2 * i], read[0]);
                QCOMPARE(votes.labels[i], read[1] > read[0] ? 1 : 0);
                ++compared;
            }
        }
        QCOMPARE(compared, 64);
    }

    void everyItem_isReadOnce()
    {
        spec::RunSpec spec = run();
        FolderBench bench(spec);
        const StageContext context = bench.context();
        const spec::SignalSource& source = spec.experiment.signals.sources.back();
        const data::ItemSet pool = context.task.pool(2, 10, 1);
        const auto opened = [&](const spec::SignalSource& which) {
            return must(FolderSource::open(context, which, bench.path("run/source-2")));
        };
        const auto first = opened(source);
        const auto said = must(first->votes(pool));
        QCOMPARE(first->itemsRead(), std::size_t{10});
        QVERIFY(must(first->votes(pool)).probabilities == said.probabilities);
        QCOMPARE(first->itemsRead(), std::size_t{10});
        // A later process of the run takes up what was read, to the last bit.
        const auto later = opened(source);
        const auto again = must(later->votes(pool));
        QVERIFY(again.probabilities == said.probabilities && again.labels == said.labels);
        QCOMPARE(later->itemsRead(), std::size_t{0});
        // Another reader's rows, or spoiled ones, are not taken.
        const std::string kept = bench.path("run/source-2/read.json");
        must(writeFileAtomically(kept, "{\"reader\": 1, \"items\": {"));
        const auto afresh = opened(source);
        QVERIFY(must(afresh->votes(pool)).probabilities == said.probabilities);
        QCOMPARE(afresh->itemsRead(), std::size_t{10});
        const std::string third = putFolder(m_scratch.filePath("third").toStdString(), models::Family::NeoX, 6);
        const spec::SignalSource changed = outsider(third);
        const auto other = opened(changed);
        QVERIFY(must(other->votes(pool)).probabilities != said.probabilities);
        QCOMPARE(other->itemsRead(), std::size_t{10});
    }

    void itStandsForItself_amongModels()
    {
        spec::SignalSource predecessor;
        QCOMPARE(spec::familyOf(predecessor), std::string("model"));
        QCOMPARE(spec::familyOf(outsider("/a/b")), std::string("/a/b"));
        QVERIFY(spec::looksBack(predecessor) && !spec::looksBack(outsider("/a/b")));
    }

    void whatItCannotRead_isRefusedByName()
    {
        spec::RunSpec spec = run();
        FolderBench bench(spec);
        const StageContext context = bench.context();
        const auto refused = [&](spec::SignalSource source, const data::Task& task) {
            const auto fits = checkFolderSource(source, task);
            return fits ? std::string() : fits.error().message;
        };
        const auto says = [](const std::string& sentence, const char* words) {
            return sentence.starts_with("Source \"outsider\" ") && sentence.find(words) != std::string::npos;
        };
        QCOMPARE(refused(outsider(m_other), context.task), std::string());
        std::string said = refused(outsider(m_other + "-missing"), context.task);
        QVERIFY2(says(said, "config.json"), said.c_str());
        const std::filesystem::path mute = putFolder(m_scratch.filePath("mute").toStdString(), models::Family::NeoX, 7);
        std::filesystem::remove(mute / "tokenizer.json");
        said = refused(outsider(mute.string()), context.task);
        QVERIFY2(says(said, "tokenizer.json"), said.c_str());
        const World registers(Lie::Nothing);
        said = refused(outsider(m_other), registers);
        QVERIFY2(says(said, "the task's items have none"), said.c_str());
        spec::SignalSource worded = outsider(m_other);
        worded.answers = {" no", " yes"};
        said = refused(worded, context.task);
        QVERIFY2(says(said, "remove answers"), said.c_str());
    }
};
GRADUS_SUITE(FolderSourceTest)
#include "folder_source_test.moc"
