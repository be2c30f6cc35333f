// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/folder_pair_scores.h"

#include "base/text.h"
#include "data/cell_path.h"
#include "data/table.h"
#include "run/tuning_data.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gradus::run {

namespace {

/// The better text first; rows without a better one go.
void turnToBetter(PairExamples& examples)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < examples.pairs.size(); ++i) {
        engine::TaughtExample& pair = examples.pairs[i];
        if (pair.preference == 0.5F) {
            ++examples.leftOut;
            continue;
        }
        if (pair.preference < 0.5F) {
            std::swap(pair.sequences[0], pair.sequences[1]);
            pair.preference = 1 - pair.preference;
        }
        if (kept != i) examples.pairs[kept] = std::move(pair);
        examples.lines[kept++] = examples.lines[i];
    }
    examples.pairs.resize(kept);
    examples.lines.resize(kept);
}

Result<std::map<int, std::string>> subsetsOf(const std::filesystem::path& file)
{
    const auto table = data::readTable(file);
    if (!table) return table.error();
    std::map<int, std::string> subsets;
    if (const auto subset = data::findCell(*table, "subset"))
        for (const data::Row& row : table->rows)
            subsets[row.line] = data::cellAt(row, *subset).value_or("");
    return subsets;
}

} // namespace

Result<PairScores> scorePairs(const FolderScoreRequest& request, const StopFlag& stop,
                              const std::function<void(std::size_t done, std::size_t all)>& onProgress)
{
    auto examples = readPairExamples(request.model.folder, request.file, request.maxTokens);
    if (!examples) return examples.error();
    turnToBetter(*examples);
    if (examples->pairs.empty())
        return badInput("No pair of " + visible(request.file.file.string()) + " can be scored. " + examples->note);
    auto subsets = subsetsOf(request.file.file);
    if (!subsets) return subsets.error();
    const auto scored = engine::rewardScores(request.model, examples->pairs, stop, [&](std::size_t done) {
        if (onProgress) onProgress(done, examples->pairs.size());
    });
    if (!scored) return scored.error();
    PairScores scores{.generation = 0,
                      .rung = request.model.folder.filename().string(),
                      .pairs = {},
                      .leftOut = examples->leftOut,
                      .truncatedShare = 0,
                      .note = examples->note};
    for (std::size_t i = 0; i < scored->size(); ++i) {
        const double margin = (*scored)[i].chosen - (*scored)[i].rejected;
        if (!std::isfinite(margin))
            return badInput("Line " + std::to_string(examples->lines[i]) + ": " +
                            visible(request.model.folder.string()) +
                            " gives a score that is no number; its weights are broken.");
        scores.pairs.push_back({.line = examples->lines[i],
                                .subset = (*subsets)[examples->lines[i]],
                                .preference = 1 / (1 + std::exp(-margin)),
                                .result = margin > 0   ? 1.0
                                          : margin < 0 ? 0.0
                                                       : 0.5});
    }
    return scores;
}

} // namespace gradus::run
