// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_content.h"

#include "store/store_reader.h"

#include "support/must.h"

#include <bit>

namespace gradus::tests {

RunContent contentOf(const QString& folder, const std::string& uuid)
{
    const auto reader = must(store::StoreReader::open((folder + "/gradus.db").toStdString()));
    const auto row = must(reader.findRun(uuid));
    RunContent content;
    store::PointCursor cursor;
    for (const auto& one : must(reader.pointsSince(row.id, cursor)))
        for (const auto& point : one.points)
            if (one.name != "throughput/tokens_per_s")
                content.points[{one.name, point.step}] = std::bit_cast<std::uint64_t>(point.value);
    const auto detail = must(reader.detail(row.id));
    for (const auto& generation : detail.generations) {
        content.weights.push_back(generation.checkpointHash + "/" + generation.alignedHash);
        content.flops.push_back(generation.flops.value_or(-1));
    }
    for (const auto& event : detail.events)
        content.events.insert(event.kind + "|" + std::to_string(event.generation) + "|" + std::to_string(event.step) +
                              "|" + event.sentence + "|" + event.detailsJson);
    for (const auto& stage : detail.stages)
        content.stages.insert(std::to_string(stage.generation) + events::nameOf(stage.kind) + stage.inputHash + "|" +
                              stage.outputHash);
    for (const auto& episode : must(reader.episodes(row.id)))
        content.episodes.insert(episode.key + "|" + episode.verdict + "|" + episode.safeBehaviour);
    return content;
}

} // namespace gradus::tests
