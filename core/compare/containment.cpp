// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/containment.h"

#include "base/json_depth.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 8 << 20;
constexpr std::size_t kMostLevels = 16;
constexpr std::size_t kMostWays = 256;  // of a level
constexpr std::size_t kMostRows = 2000; // of tasks, of sentences
constexpr std::size_t kMostText = 400;  // bytes of one text
constexpr double kMostCount = 1e15;     // a double beyond it is no count

const json* at(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string textAt(const json& object, const char* key)
{
    const json* value = at(object, key);
    return value != nullptr && value->is_string() ? visible(value->get_ref<const std::string&>(), kMostText)
                                                  : std::string();
}

bool flagAt(const json& object, const char* key)
{
    const json* value = at(object, key);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

double numberAt(const json& object, const char* key)
{
    const json* value = at(object, key);
    return value != nullptr && value->is_number() ? value->get<double>() : 0;
}

long long countAt(const json& object, const char* key)
{
    const double number = numberAt(object, key);
    return number > 0 && number < kMostCount ? static_cast<long long>(number) : 0;
}

/// A share that is none, or whose ends do not enclose it, is as if it had not been measured.
Estimate shareAt(const json& object, const char* key)
{
    const json* value = at(object, key);
    if (value == nullptr || !value->is_object()) return {};
    const Estimate share{.value = numberAt(*value, "value"),
                         .low = numberAt(*value, "low"),
                         .high = numberAt(*value, "high"),
                         .n = countAt(*value, "scenarios")};
    return 0 <= share.low && share.low <= share.value && share.value <= share.high && share.high <= 1 ? share
                                                                                                      : Estimate{};
}

/// The objects of a list, at most so many; nothing where it is no such list.
std::optional<std::vector<const json*>> objectsAt(const json& object, const char* key, std::size_t most)
{
    std::vector<const json*> rows;
    const json* list = at(object, key);
    if (list == nullptr) return rows;
    if (!list->is_array() || list->size() > most) return std::nullopt;
    for (const json& row : *list) {
        if (!row.is_object()) return std::nullopt;
        rows.push_back(&row);
    }
    return rows;
}

std::vector<std::string> textsAt(const json& object, const char* key)
{
    std::vector<std::string> texts;
    const json* list = at(object, key);
    if (list == nullptr || !list->is_array()) return texts;
    for (std::size_t i = 0; i < std::min(list->size(), kMostRows); ++i)
        texts.push_back((*list)[i].is_string() ? visible((*list)[i].get_ref<const std::string&>(), kMostText)
                                               : std::string());
    return texts;
}

std::optional<ContainmentLevel> levelOf(const json& row)
{
    const auto ways = objectsAt(row, "vectors", kMostWays);
    const double number = numberAt(row, "level");
    if (!ways || !(number >= 0 && number < static_cast<double>(kMostLevels)) || number != std::floor(number))
        return std::nullopt;
    ContainmentLevel level{.level = static_cast<int>(number),
                           .held = flagAt(row, "held"),
                           .refused = textAt(row, "refused"),
                           .ways = {},
                           .episodes = countAt(row, "episodes"),
                           .undecided = countAt(row, "undecided"),
                           .elicitation = shareAt(row, "elicitation"),
                           .honest = shareAt(row, "honest_hazards"),
                           .modelEpisodes = countAt(row, "model_episodes"),
                           .modelUndecided = countAt(row, "model_undecided"),
                           .model = shareAt(row, "model_elicitation")};
    for (const json* way : *ways)
        level.ways.push_back({textAt(*way, "id"), textAt(*way, "name"), textAt(*way, "verdict"), textAt(*way, "why")});
    return level;
}

} // namespace

std::size_t ContainmentLevel::count(std::string_view verdict) const
{
    return static_cast<std::size_t>(std::ranges::count(ways, verdict, &WayOut::verdict));
}

const WayOut* ContainmentLevel::way(std::string_view id) const
{
    const auto found = std::ranges::find(ways, id, &WayOut::id);
    return found == ways.end() ? nullptr : &*found;
}

const std::string* containmentJsonOf(const store::RunDetail& run)
{
    const auto found = std::ranges::find(run.events, kContainmentEvent, &store::EventRow::kind);
    return found == run.events.end() ? nullptr : &found->detailsJson;
}

Result<ContainmentRecord> readContainment(std::string_view text)
{
    const Error broken =
        failed("What is kept is no containment study that can be read; make it again with gradus sandbox study.");
    if (text.size() > kMostBytes || isJsonDeeper(text)) return broken;
    const json kept = json::parse(text, nullptr, false);
    if (!kept.is_object() || at(kept, "levels") == nullptr) return broken;
    const auto levels = objectsAt(kept, "levels", kMostLevels);
    const auto tasks = objectsAt(kept, "tasks", kMostRows);
    const auto fidelity = objectsAt(kept, "fidelity", kMostLevels);
    const auto acts = objectsAt(kept, "acts", kMostLevels);
    if (!levels || !tasks || !fidelity || !acts) return broken;
    const json* seeds = at(kept, "seeds");
    ContainmentRecord record{.held = flagAt(kept, "held"),
                             .fault = textAt(kept, "fault"),
                             .quick = flagAt(kept, "quick"),
                             .scenarios = static_cast<std::size_t>(countAt(kept, "scenarios")),
                             .seeds = seeds != nullptr && seeds->is_array() ? seeds->size() : 0,
                             .startedAt = numberAt(kept, "started_at"),
                             .seconds = numberAt(kept, "seconds"),
                             .model = textAt(kept, "model"),
                             .notRun = textsAt(kept, "not_run")};
    for (const json* row : *levels) {
        auto level = levelOf(*row);
        if (!level) return broken;
        record.levels.push_back(std::move(*level));
    }
    for (const json* row : *tasks)
        record.tasks.push_back({.task = textAt(*row, "task"),
                                .held = flagAt(*row, "same") && flagAt(*row, "as_outside"),
                                .outside = textAt(*row, "outside"),
                                .expected = textAt(*row, "expected_to_differ"),
                                .results = textsAt(*row, "results")});
    for (const json* row : *fidelity)
        record.fidelity.push_back({.level = static_cast<int>(std::min(countAt(*row, "level"), 99LL)),
                                   .verdicts = shareAt(*row, "verdicts"),
                                   .ends = shareAt(*row, "ends"),
                                   .outputs = shareAt(*row, "outputs"),
                                   .files = shareAt(*row, "files")});
    for (const json* row : *acts)
        record.acts.push_back({.level = static_cast<int>(std::min(countAt(*row, "level"), 99LL)),
                               .acts = countAt(*row, "acts"),
                               .hazards = shareAt(*row, "hazards"),
                               .honest = shareAt(*row, "honest_hazards"),
                               .outcomes = shareAt(*row, "outcomes"),
                               .outputs = shareAt(*row, "outputs")});
    return record;
}

Result<std::vector<NamedContainment>> containmentsOf(const std::vector<const store::RunDetail*>& runs)
{
    std::map<std::string, int> names;
    for (const store::RunDetail* run : runs)
        if (containmentJsonOf(*run) != nullptr) ++names[run->run.experimentName];
    std::vector<NamedContainment> studies;
    for (const store::RunDetail* run : runs) {
        const std::string* kept = containmentJsonOf(*run);
        if (kept == nullptr) continue;
        const std::string id = run->run.uuid.substr(0, 8);
        auto record = readContainment(*kept);
        if (!record) return failed("Run " + visible(id) + ": " + record.error().message);
        const std::string& name = run->run.experimentName;
        studies.push_back({visible(names[name] > 1 ? name + " " + id : name, 80), std::move(*record)});
    }
    return studies;
}

std::vector<std::string> waysOf(const std::vector<NamedContainment>& studies)
{
    std::vector<std::string> order;
    std::set<std::string> known;
    for (const NamedContainment& study : studies)
        for (const ContainmentLevel& level : study.record.levels)
            for (const WayOut& way : level.ways)
                if (known.insert(way.id).second) order.push_back(way.id);
    return order;
}

} // namespace gradus::compare
