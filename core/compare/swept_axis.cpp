// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/swept_axis.h"

#include "base/text.h"
#include "compare/spec_diff.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace gradus::compare {

namespace {

constexpr std::size_t kFewestPlaces = 3;
constexpr char kSource[] = "signals.source[";
constexpr char kCount[] = "signals.source";

/// A key that differs between groups, with one value a group.
struct Varied
{
    std::string key;
    std::vector<std::string> values;
};

bool isName(const std::string& key)
{
    return key == "experiment.name" || key == "experiment.question" ||
           (key.starts_with(kSource) && (key.ends_with("].name") || key.ends_with("].stream")));
}

std::vector<Varied> variedKeys(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::vector<Varied> varied;
    for (const DiffRow& row : specDiff(runs, grouping))
        if (row.differs && !isName(row.key)) varied.push_back({row.key, row.values});
    return varied;
}

/// How many sources every group has, if that differs.
std::optional<Varied> numberOfSources(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    Varied count{kCount, {}};
    std::set<std::size_t> different;
    for (const RunGroup& group : grouping.groups) {
        const auto& spec = runs[group.runs.front()].spec;
        const std::size_t sources = spec ? spec->signals.sources.size() : 0;
        different.insert(sources);
        count.values.push_back(std::to_string(sources));
    }
    return different.size() > 1 ? std::optional(count) : std::nullopt;
}

std::string unquoted(const std::string& value)
{
    return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : value;
}

/// "rung 32,2" for the place on a ladder that is built here, else "epochs 4"; words say what they are.
std::string lineWords(const Varied& key, std::size_t group, const std::vector<ComparedRun>& runs,
                      const Grouping& grouping)
{
    const std::string& value = key.values[group];
    const auto& spec = runs[grouping.groups[group].runs.front()].spec;
    if (key.key == "ladder.start" && spec) {
        const auto& rungs = spec::rungsOf(spec->ladder);
        const auto start = static_cast<std::size_t>(spec->ladder.start);
        if (start < rungs.size())
            return "rung " + std::to_string(rungs[start].width) + "," + std::to_string(rungs[start].layers);
    }
    if (value.empty() && key.key.ends_with("].noise") && spec) { // the usual kind is not spelt out, and has a name
        const std::size_t place = std::stoul(key.key.substr(sizeof kSource - 1));
        return place < spec->signals.sources.size() ? spec->signals.sources[place].noise : std::string();
    }
    if (value.empty()) return {};
    if (value.front() == '"') return unquoted(value);
    return key.key.substr(key.key.rfind('.') + 1) + " " + value;
}

std::string labelOf(const std::string& key)
{
    static const std::map<std::string, std::string> words = {
        {"rate", "noise rate"}, {"source", "number of sources"}, {"share", "share of items"}};
    const std::string last = key.substr(key.rfind('.') + 1);
    const auto found = words.find(last);
    std::string label = found == words.end() ? last : found->second;
    std::replace(label.begin(), label.end(), '_', ' ');
    return label;
}

std::optional<std::vector<double>> numbersOf(const Varied& key)
{
    std::vector<double> numbers;
    for (const std::string& value : key.values) {
        const auto number = parseNumber(value);
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

std::size_t different(const std::vector<double>& numbers)
{
    return std::set<double>(numbers.begin(), numbers.end()).size();
}

/// Whether a number only rises or only falls as the places do, and is the same where they are the same.
bool follows(const std::vector<double>& places, const Varied& key)
{
    const auto numbers = numbersOf(key);
    if (!numbers) return false;
    std::map<double, double> at;
    for (std::size_t group = 0; group < places.size(); ++group)
        if (const auto [place, isNew] = at.emplace(places[group], (*numbers)[group]);
            !isNew && place->second != (*numbers)[group])
            return false;
    bool rises = true;
    bool falls = true;
    for (auto next = std::next(at.begin()), last = at.begin(); next != at.end(); last = next++) {
        rises = rises && next->second > last->second;
        falls = falls && next->second < last->second;
    }
    return rises || falls;
}

/// Those keys that tell groups apart which the ones before them do not: a kind of noise brings a matrix or a teacher,
/// and its name says so.
std::vector<const Varied*> tellingApart(const std::vector<Varied>& keys, std::size_t groups)
{
    std::vector<const Varied*> telling;
    std::vector<std::string> parts(groups);
    for (const Varied& key : keys) {
        std::vector<std::string> finer = parts;
        for (std::size_t group = 0; group < groups; ++group)
            finer[group] += key.values[group] + "\n";
        if (std::set(finer.begin(), finer.end()).size() == std::set(parts.begin(), parts.end()).size()) continue;
        parts = std::move(finer);
        telling.push_back(&key);
    }
    return telling;
}

std::optional<SweptAxis> axisOf(const Varied& axis, const std::vector<Varied>& all,
                                const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    const auto numbers = numbersOf(axis);
    if (!numbers || different(*numbers) < kFewestPlaces) return std::nullopt;
    SweptAxis swept{axis.key, labelOf(axis.key), *numbers, {}, {}, {}};
    std::vector<Varied> others;
    for (const Varied& other : all)
        if (follows(*numbers, other))
            swept.followers.push_back(other.key);
        else
            others.push_back(other);
    std::vector<std::set<double>> onLine;
    const std::vector<const Varied*> telling = tellingApart(others, grouping.groups.size());
    for (std::size_t group = 0; group < grouping.groups.size(); ++group) {
        std::string name;
        for (const Varied* other : telling) {
            const std::string words = lineWords(*other, group, runs, grouping);
            if (!words.empty()) name += (name.empty() ? "" : ", ") + words;
        }
        const auto place = std::find(swept.lines.begin(), swept.lines.end(), name);
        swept.line.push_back(static_cast<std::size_t>(place - swept.lines.begin()));
        if (place == swept.lines.end()) {
            swept.lines.push_back(name);
            onLine.emplace_back();
        }
        // Two groups at one place of a line: something else tells them apart, and this is no curve.
        if (!onLine[swept.line.back()].insert((*numbers)[group]).second) return std::nullopt;
    }
    for (const auto& places : onLine)
        if (places.size() < kFewestPlaces) return std::nullopt;
    return swept;
}

} // namespace

std::optional<SweptAxis> sweptAxis(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    const std::vector<Varied> varied = variedKeys(runs, grouping);
    std::optional<SweptAxis> best;
    const auto offer = [&](std::optional<SweptAxis> axis) {
        if (axis && (!best || different(axis->places) > different(best->places))) best = std::move(axis);
    };
    for (const Varied& axis : varied) {
        std::vector<Varied> others;
        for (const Varied& other : varied)
            if (other.key != axis.key) others.push_back(other);
        offer(axisOf(axis, others, runs, grouping));
    }
    if (const auto count = numberOfSources(runs, grouping)) {
        std::vector<Varied> others;
        for (const Varied& other : varied)
            if (!other.key.starts_with(kSource)) others.push_back(other);
        offer(axisOf(*count, others, runs, grouping));
    }
    return best;
}

} // namespace gradus::compare
