// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs that tune a small folder, what they are taught and where they write: for the tests of tuning folders.
#pragma once

#include "engine/folder_tuning.h"
#include "support/source_dir.h"

#include <QTemporaryDir>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gradus::tests {

inline const std::filesystem::path kQwen = sourceDir() / "tests/data/models/qwen2";
inline constexpr std::int32_t kVocabulary = 40;

/// Texts of which the first token says all that follows: the response repeats it.
inline std::vector<engine::TaughtExample> echoes(int count, int offset)
{
    std::vector<engine::TaughtExample> all;
    for (int i = 0; i < count; ++i) {
        const std::int32_t word = 3 + (i * 7 + offset) % (kVocabulary - 3);
        engine::TaughtSequence sequence{.tokens = {word, 2}};
        for (int t = 0; t < 1 + i % 4; ++t)
            sequence.tokens.push_back(word);
        sequence.taught = {{2, static_cast<std::int32_t>(sequence.tokens.size())}};
        engine::TaughtExample& example = all.emplace_back();
        example.sequences = {std::move(sequence)};
    }
    return all;
}

inline engine::FolderTuning job(const std::filesystem::path& output, const std::filesystem::path& checkpoints)
{
    engine::FolderTuning made;
    made.folder = kQwen;
    made.output = output;
    made.checkpoints = checkpoints;
    made.epochs = 3;
    made.learningRate = 1e-2;
    made.checkpointEvery = 5;
    return made;
}

/// A folder of a test's own; it goes with the test.
class FolderBench
{
protected:
    std::filesystem::path scratch() const { return m_scratch.path().toStdString(); }
    std::filesystem::path path(const QString& name) const { return m_scratch.filePath(name).toStdString(); }
    Result<engine::TunedFolder> run(const engine::FolderTuning& made, const std::vector<engine::TaughtExample>& taught,
                                    const std::vector<engine::TaughtExample>& held = {},
                                    const engine::TuningListener& listener = {}) const
    {
        return engine::tuneFolder(made, taught, held, m_never, listener);
    }

    StopFlag m_never;

private:
    QTemporaryDir m_scratch;
};

} // namespace gradus::tests
