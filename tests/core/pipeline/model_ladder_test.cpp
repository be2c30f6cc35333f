// SPDX-License-Identifier: GPL-3.0-or-later
// A ladder of model folders, each rung with its own tokenizer.
#include "base/files.h"
#include "engine/language_model.h"
#include "pipeline/ladder.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace gradus;
using namespace gradus::pipeline;

namespace {

class TwoTexts final : public data::Task
{
public:
    data::Read read() const override { return data::Read::Classify; }
    int classes() const override { return 2; }
    int vocabulary() const override { return 0; }
    int maxTokens() const override { return 12; }
    data::ItemSet pool(int, int, std::uint64_t) const override { return test(); }
    data::ItemSet test() const override
    {
        data::ItemSet set;
        set.items = {{.sequences = {}, .texts = {"a <s> b"}, .truth = 0},
                     {.sequences = {}, .texts = {std::string(200, 'x') + " the end"}, .truth = 1}};
        return set;
    }
    data::ItemSet anchors(int, std::uint64_t) const override { return {}; }
    std::vector<std::vector<std::int32_t>> pretrainingTexts() const override { return {}; }
    std::string note() const override { return {}; }
};

} // namespace

class ModelLadderTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    TwoTexts m_task;

    /// A random model that fits the tokenizer of that name.
    std::string folder(const char* name, const char* tokenizer, int width, int vocabulary = 600)
    {
        const std::filesystem::path made = m_scratch.filePath(name).toStdString();
        models::ModelShape shape = models::rungShape(width, 1, vocabulary, 64);
        (void)engine::LanguageModel::initialise(shape, 1).value().save(made);
        const auto from = tests::sourceDir() / "tests/data/tokenizers" / tokenizer;
        std::filesystem::copy_file(from / "tokenizer.json", made / "tokenizer.json",
                                   std::filesystem::copy_options::overwrite_existing);
        return made.string();
    }
    Result<Ladder> opened(const std::vector<spec::FolderRung>& rungs) const
    {
        spec::Experiment experiment;
        experiment.ladder.family = "models";
        experiment.ladder.models = rungs;
        experiment.ladder.start = 0;
        return Ladder::open(experiment, m_task, m_scratch.path().toStdString());
    }
    std::string refusal(const std::vector<spec::FolderRung>& rungs) const
    {
        const auto ladder = opened(rungs);
        return ladder ? "" : ladder.error().key + ": " + ladder.error().message;
    }

private Q_SLOTS:
    void everyRung_readsWithItsOwnTokenizer()
    {
        const auto ladder =
            opened({{.folder = folder("small", "llama2", 16)}, {.folder = folder("large", "qwen2", 32)}});
        QVERIFY(ladder);
        QCOMPARE(ladder->names(), (std::vector<std::string>{"small", "large"}));
        QVERIFY(ladder->at(1).capacity > ladder->at(0).capacity);
        for (int rung = 0; rung < 2; ++rung) {
            const RungItems read = ladder->read(rung, m_task.test());
            const auto tokenizer = text::Tokenizer::open(ladder->at(rung).folder).value();
            // The text's own "<s>" is text: no row ends or begins a turn.
            QVERIFY(read.items[0][0] == tokenizer.encode("a <s> b", {.parseSpecialTokens = false}));
            QCOMPARE(read.items[1][0].size(), std::size_t{12});
            QVERIFY(tokenizer.decode(read.items[1][0]).ends_with("the end")); // the beginning was cut
            QCOMPARE(read.truncatedShare, 0.5);
            const auto base = ladder->base(rung, {}, 1, StopFlag(), {});
            QVERIFY(base && base->predict(read.items));
        }
    }

    void hash_followsTheWeights()
    {
        const std::string weak = folder("a", "llama2", 16);
        const std::string strong = folder("b", "llama2", 32);
        const auto ladder = opened({{.folder = weak}, {.folder = strong}});
        const std::string before = ladder->baseHash(0, StopFlag(), {}).value();
        QVERIFY(before != ladder->baseHash(1, StopFlag(), {}).value());
        QVERIFY(engine::LanguageModel::initialise(ladder->at(0).shape, 2).value().save(weak));
        QVERIFY(before != ladder->baseHash(0, StopFlag(), {}).value());
    }

    void foldersThatDoNotFit_areRefused()
    {
        const std::string weak = folder("weak", "llama2", 16);
        const std::string strong = folder("strong", "llama2", 32);
        QVERIFY(refusal({{.folder = strong}, {.folder = weak}}).find("weak to strong") != std::string::npos);
        QVERIFY(
            refusal({{.folder = weak}, {.folder = folder("narrow", "qwen2", 48, 100)}}).find("belongs to the model") !=
            std::string::npos);
        QVERIFY(refusal({{.folder = weak}, {.folder = weak + "-missing"}}).find("config.json") != std::string::npos);
        std::filesystem::remove(std::filesystem::path(strong) / "tokenizer.json");
        const std::string said = refusal({{.folder = weak}, {.folder = strong}});
        QVERIFY(said.find("tokenizer.json") != std::string::npos && said.starts_with("ladder.family: "));
    }
};
GRADUS_SUITE(ModelLadderTest)
#include "model_ladder_test.moc"
