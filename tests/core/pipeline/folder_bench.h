// SPDX-License-Identifier: GPL-3.0-or-later
// Small random model folders of two families, a task of labelled pairs that they can learn, and what a stage needs.
#pragma once

#include "base/files.h"
#include "data/task.h"
#include "engine/language_model.h"
#include "pipeline/progressive.h"
#include "small_runs.h"
#include "support/must.h"
#include "support/source_dir.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace gradus::tests {

inline constexpr int kFolderWidth = 16;
inline constexpr int kFolderLayers = 4;

inline models::ModelShape folderShape(models::Family family, int layers = kFolderLayers)
{
    models::ModelShape shape = models::rungShape(kFolderWidth, layers, 600, 64);
    if (family == models::Family::NeoX) {
        shape.family = family;
        shape.modelType = "gpt_neox";
        shape.keyValueHeads = shape.heads;
        shape.tiedEmbeddings = false;
        shape.outputBias = true;
        shape.rotaryShare = 0.5;
    }
    return shape;
}

/// A random model with a tokenizer of tests/data, as transformers opens it.
inline std::string putFolder(const std::filesystem::path& made, models::Family family, std::uint64_t seed)
{
    static_cast<void>(must(must(engine::LanguageModel::initialise(folderShape(family), seed)).save(made)));
    const char* tokenizer = family == models::Family::NeoX ? "gpt_neox" : "llama2";
    std::filesystem::copy_file(tests::sourceDir() / "tests/data/tokenizers" / tokenizer / "tokenizer.json",
                               made / "tokenizer.json", std::filesystem::copy_options::overwrite_existing);
    return made.string();
}

/// Pairs of which the answer with "good" was chosen.
inline std::string pairRows(int from, int count)
{
    std::string text;
    for (int i = from; i < from + count; ++i)
        text += nlohmann::json{{"prompt", "Number " + std::to_string(i) + "."},
                               {"chosen", "good good good " + std::to_string(i % 7)},
                               {"rejected", "zz zz zz " + std::to_string(i % 5)}}
                    .dump() +
                "\n";
    return text;
}

/// A run on a ladder of one folder's parts: the first layer, the first two, all four.
inline spec::RunSpec folderRun(const std::string& folder, const std::string& controller)
{
    spec::RunSpec run = smallRun(controller);
    spec::Experiment& e = run.experiment;
    e.task.name = "preferences";
    e.task.testItems = 0;
    e.task.maxTokens = 48;
    e.ladder.family = "models";
    e.ladder.models = {{.folder = folder, .layers = 1}, {.folder = folder, .layers = 2}, {.folder = folder}};
    e.ladder.start = 0;
    e.ladder.generations = 2;
    e.training.labels = 64;
    e.training.epochs = 4;
    e.training.batch = 16;
    e.training.learningRate = 0.02;
    e.training.bodyScale = 0.1;
    e.training.readout = "mean";
    e.signals.anchors = 0;
    return run;
}

/// The run's task from files of its own, its ladder, and a context. The run must outlive it.
class FolderBench final
{
public:
    explicit FolderBench(spec::RunSpec& run, int anchors = 0) : m_meter(recorder, run.experiment.ladder.generations)
    {
        engine::useThreads(1);
        const auto write = [&](const char* name, int from, int count) {
            must(writeFileAtomically(path(name), pairRows(from, count)));
            return path(name);
        };
        run.experiment.signals.anchors = anchors;
        run.experiment.task.teacherData = write("teacher.jsonl", 0, 100 + anchors);
        run.experiment.task.studentData = write("student.jsonl", 1000, 100);
        run.experiment.task.testData = write("test.jsonl", 3000, 40);
        m_task = must(data::openTask(run.experiment));
        m_ladder.emplace(must(Ladder::open(run.experiment, *m_task, path("models"))));
        m_run = &run;
    }
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    StageContext context(events::EventSink& sink, const StopFlag& stop)
    {
        return {.spec = *m_run,
                .task = *m_task,
                .ladder = *m_ladder,
                .folder = path("run"),
                .sink = sink,
                .stop = stop,
                .settle = [] { return Result<void>(); },
                .meter = m_meter};
    }
    StageContext context() { return context(recorder, m_calm); }

    Recorder recorder;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<data::Task> m_task;
    std::optional<Ladder> m_ladder;
    StopFlag m_calm;
    ProgressMeter m_meter;
    const spec::RunSpec* m_run = nullptr;
};

} // namespace gradus::tests
