// SPDX-License-Identifier: GPL-3.0-or-later
#include "imports/run_names.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace gradus::imports {

namespace {

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kMostDiffering = 4; ///< parameters in a condition; more than that nobody reads

struct KnownName
{
    std::string_view theirs; ///< lower case, "/" for every separator
    const char* ours;
};
constexpr std::array kKnown = {
    KnownName{"loss", "train/loss"},
    KnownName{"train/loss", "train/loss"},
    KnownName{"training/loss", "train/loss"},
    KnownName{"loss/train", "train/loss"},
    KnownName{"eval/acc", "test/accuracy"},
    KnownName{"eval/accuracy", "test/accuracy"},
    KnownName{"val/acc", "test/accuracy"},
    KnownName{"val/accuracy", "test/accuracy"},
    KnownName{"test/acc", "test/accuracy"},
    KnownName{"accuracy/val", "test/accuracy"},
    KnownName{"accuracy/eval", "test/accuracy"},
    KnownName{"policy/entropy", "entropy/token"},
    KnownName{"token/entropy", "entropy/token"},
    KnownName{"train/tokens/per/second", "throughput/tokens_per_s"},
    KnownName{"tokens/per/second", "throughput/tokens_per_s"},
    KnownName{"tokens/per/sec", "throughput/tokens_per_s"},
};

std::string lower(std::string text)
{
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool isSeedKey(const std::string& key)
{
    const std::string name = lower(key);
    return name == "seed" || name == "random_seed" || name == "rng_seed" || name.ends_with(".seed") ||
           name.ends_with("/seed");
}

std::optional<std::int64_t> wholeNumber(const std::string& text)
{
    const auto number = parseNumber(text);
    if (!number || *number != std::floor(*number) || std::abs(*number) > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

/// "small-seed3", "small_s3", "small-3": where the seed begins and ends in the name.
struct SeedInName
{
    std::size_t first = 0;
    std::size_t end = 0;
    std::int64_t seed = 0;
};
std::optional<SeedInName> seedInName(const std::string& name)
{
    const auto isDigit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(name[i])) != 0; };
    const auto isWord = [&](std::size_t i) { return std::isalnum(static_cast<unsigned char>(name[i])) != 0; };
    std::size_t end = name.size();
    while (end > 0 && !isDigit(end - 1))
        --end;
    std::size_t first = end;
    while (first > 0 && isDigit(first - 1))
        --first;
    if (first == end || end - first > 9 || end != name.size()) return std::nullopt;
    std::size_t begin = first;
    while (begin > 0 && !isWord(begin - 1))
        --begin;
    const std::string before = lower(name.substr(0, begin));
    if (before.ends_with("seed"))
        begin -= 4;
    else if (begin == first && before.ends_with("s") && begin >= 2 && !isWord(begin - 2))
        begin -= 1;
    else
        return std::nullopt;
    while (begin > 0 && !isWord(begin - 1))
        --begin;
    return SeedInName{begin, end, std::stoll(name.substr(first, end - first))};
}

std::string valueOf(const PlannedRun& run, const std::string& key)
{
    for (const auto& [name, value] : run.parameters)
        if (name == key) return value;
    return "–";
}

/// Parameters, seeds apart, whose values are not the same in all runs, in the first run's order.
std::vector<std::string> differing(const std::vector<PlannedRun*>& runs)
{
    std::vector<std::string> keys;
    std::set<std::string> seen;
    for (const PlannedRun* run : runs)
        for (const auto& [key, value] : run->parameters) {
            if (isSeedKey(key) || !seen.insert(key).second) continue;
            const std::string first = valueOf(*runs.front(), key);
            if (std::any_of(runs.begin(), runs.end(), [&](const PlannedRun* r) { return valueOf(*r, key) != first; }))
                keys.push_back(key);
        }
    return keys;
}

void nameExperiment(const std::vector<PlannedRun*>& runs)
{
    const std::vector<std::string> keys = differing(runs);
    const bool byParameters = !keys.empty() && keys.size() <= kMostDiffering;
    for (PlannedRun* run : runs) {
        std::string bare = run->name;
        if (const auto inName = seedInName(run->name)) {
            run->seed = inName->seed;
            bare = run->name.substr(0, inName->first);
        }
        for (const auto& [key, value] : run->parameters)
            if (const auto seed = wholeNumber(value); seed && isSeedKey(key)) run->seed = *seed;
        run->condition.clear();
        if (byParameters)
            for (const std::string& key : keys)
                run->condition +=
                    (run->condition.empty() ? "" : ", ") + safeName(key) + " = " + visible(valueOf(*run, key), 60);
        else if (runs.front()->parameters.empty() || keys.size() > kMostDiffering)
            run->condition = safeName(bare.empty() ? run->name : bare);
    }
    // Two runs of one condition and seed would count as one run repeated.
    std::map<std::pair<std::string, std::int64_t>, int> times;
    for (const PlannedRun* run : runs)
        ++times[{run->condition, run->seed}];
    for (PlannedRun* run : runs)
        if (times[{run->condition, run->seed}] > 1)
            run->condition += (run->condition.empty() ? "" : ", ") + safeName(run->name);
}

} // namespace

std::string safeName(const std::string& untrusted)
{
    std::string name = visible(untrusted, kLongestName);
    for (char& c : name)
        if (c == '<' || c == '>' || c == '&') c = '_';
    return name;
}

std::string ourName(const std::string& name)
{
    std::string plain = lower(name);
    for (char& c : plain)
        if (c == '_' || c == '.' || c == '-' || c == ' ') c = '/';
    for (const KnownName& known : kKnown)
        if (plain == known.theirs) return known.ours;
    return safeName(name);
}

void nameRuns(std::vector<PlannedRun>& runs)
{
    std::map<std::string, std::vector<PlannedRun*>> experiments;
    for (PlannedRun& run : runs)
        experiments[run.experiment].push_back(&run);
    for (const auto& [name, members] : experiments)
        nameExperiment(members);
}

} // namespace gradus::imports
