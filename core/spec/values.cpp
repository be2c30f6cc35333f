// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/values.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace gradus::spec {

namespace {

constexpr std::size_t kMostSeeds = 1000;
constexpr std::size_t kMostRungs = 64;
constexpr int kMostLayers = 128;
constexpr std::size_t kMostColumns = 64;
constexpr std::size_t kMostMarkers = 200;

Error wrongType(const KeyInfo& key, const Node& value)
{
    return errorAt(value.begin, key.dotted(),
                   key.dotted() + " is " + nameOf(value.kind) + "; it takes " + acceptedText(key) + ".");
}

Error outOfBounds(const KeyInfo& key, const Node& value)
{
    return errorAt(value.begin, key.dotted(),
                   key.dotted() + " = " + visible(textOf(value), 60) + " is out of bounds; use " + acceptedText(key) +
                       ".");
}

bool within(const KeyInfo& key, double number)
{
    return number <= key.most && (key.aboveLeast ? number > key.least : number >= key.least);
}

/// One overload for each alternative of Field.
struct Setter
{
    const KeyInfo& key;
    const Node& value;

    Error fault(const std::string& sentence) const
    {
        return errorAt(value.begin, key.dotted(), key.dotted() + " " + sentence);
    }

    Result<void> operator()(std::string* field) const
    {
        if (value.kind != NodeKind::Text) return wrongType(key, value);
        const auto has = [&](const std::vector<std::string>& list) {
            return std::find(list.begin(), list.end(), value.text) != list.end();
        };
        const std::string given = "= \"" + visible(value.text, 60) + "\" is not ";
        if (has(key.later)) return fault(given + "available in this version; use " + acceptedText(key) + ".");
        if (!key.choices.empty() && !has(key.choices)) {
            const auto near = nearestWord(value.text, key.choices);
            return fault(given + "known; use " +
                         (near && key.choices.size() > 1 ? "\"" + *near + "\", or another of " : std::string()) +
                         acceptedText(key) + ".");
        }
        if (!isShowable(value.text))
            return fault("holds control characters or more than 4096 bytes; use plain text in one line.");
        *field = value.text;
        return {};
    }

    Result<void> operator()(const TextOrFolders& field) const
    {
        if (value.kind != NodeKind::List) {
            if (value.kind != NodeKind::Text) return wrongType(key, value);
            if (auto set = (*this)(field.text); !set) return set;
            field.list->clear();
            return {};
        }
        if (value.items.empty() || value.items.size() > kMostRungs)
            return fault("has " + std::to_string(value.items.size()) +
                         " entries; name 1 to 64 folders, weak to strong.");
        std::vector<FolderRung> entries;
        for (const Node& item : value.items) {
            auto entry = folderRungFrom(key, item);
            if (!entry) return entry.error();
            if (std::find(entries.begin(), entries.end(), *entry) != entries.end())
                return errorAt(item.begin, key.dotted(),
                               key.dotted() + " lists " + visible(nameOf(*entry), 80) + " twice; remove one of them.");
            entries.push_back(std::move(*entry));
        }
        *field.list = std::move(entries);
        *field.text = field.listName;
        return {};
    }

    Result<void> operator()(const TextOrCurve& field) const
    {
        if (value.kind != NodeKind::Table)
            return value.kind == NodeKind::Text ? (*this)(field.text) : wrongType(key, value);
        auto read = (*this)(field.curve);
        if (read) *field.text = field.curveName;
        return read;
    }

    Result<void> operator()(int* field) const
    {
        if (value.kind != NodeKind::Integer) return wrongType(key, value);
        if (!within(key, value.number)) return outOfBounds(key, value);
        *field = static_cast<int>(value.integer);
        return {};
    }

    Result<void> operator()(double* field) const
    {
        if (value.kind != NodeKind::Integer && value.kind != NodeKind::Number) return wrongType(key, value);
        if (!within(key, value.number)) return outOfBounds(key, value);
        *field = value.number + 0.0; // -0 and 0 are the same experiment
        return {};
    }

    Result<void> operator()(std::vector<std::int64_t>* field) const
    {
        if (value.kind != NodeKind::List) return wrongType(key, value);
        if (value.items.empty()) return fault("is empty; name at least one, like [1].");
        if (value.items.size() > kMostSeeds) return fault("has more than 1000 entries; use fewer.");
        std::vector<std::int64_t> numbers;
        for (const Node& item : value.items) {
            if (item.kind != NodeKind::Integer) return wrongType(key, item);
            if (!within(key, item.number)) return outOfBounds(key, item);
            if (std::find(numbers.begin(), numbers.end(), item.integer) != numbers.end())
                return errorAt(item.begin, key.dotted(),
                               key.dotted() + " lists " + std::to_string(item.integer) + " twice; remove one of them.");
            numbers.push_back(item.integer);
        }
        *field = std::move(numbers);
        return {};
    }

    Result<void> operator()(schedule::Curve* field) const
    {
        auto curve = curveFrom(key, value);
        if (!curve) return curve.error();
        *field = std::move(*curve);
        return {};
    }

    Result<void> operator()(std::vector<Rung>* field) const
    {
        if (value.kind != NodeKind::List) return wrongType(key, value);
        if (value.items.size() > kMostRungs) return fault("has more than 64 rungs; use fewer.");
        std::vector<Rung> rungs;
        for (const Node& item : value.items) {
            const std::array<const Node*, 2> sides = sidesOf(item);
            for (const Node* side : sides)
                if (!side || side->kind != NodeKind::Integer)
                    return errorAt(item.begin, key.dotted(), key.dotted() + " needs " + acceptedText(key) + ".");
            const double width = sides[0]->number;
            const double layers = sides[1]->number;
            if (width < 8 || width > key.most || std::fmod(width, 8) != 0 || layers < 1 || layers > kMostLayers)
                return errorAt(item.begin, key.dotted(),
                               key.dotted() + " holds " + visible(textOf(item), 60) +
                                   "; the width is a multiple of 8 up to 8192, the layers 1 to 128.");
            rungs.push_back({static_cast<int>(width), static_cast<int>(layers)});
        }
        *field = std::move(rungs);
        return {};
    }

    Result<void> operator()(std::vector<std::pair<std::string, std::string>>* field) const
    {
        if (value.kind != NodeKind::Table) return wrongType(key, value);
        if (value.members.size() > kMostColumns) return fault("names more than 64 columns; use fewer.");
        std::vector<std::pair<std::string, std::string>> columns;
        for (const Member& member : value.members) {
            if (member.value.kind != NodeKind::Text) return wrongType(key, member.value);
            if (!isShowable(member.key) || !isShowable(member.value.text))
                return fault("holds control characters or more than 4096 bytes; use plain text in one line.");
            columns.emplace_back(member.key, member.value.text);
        }
        std::sort(columns.begin(), columns.end()); // equal experiments, equal text
        *field = std::move(columns);
        return {};
    }

    Result<void> operator()(std::vector<std::pair<double, double>>* field) const
    {
        constexpr double kLargestCapacity = 20;
        if (value.kind != NodeKind::List || value.items.size() > kMostRungs) return wrongType(key, value);
        std::vector<std::pair<double, double>> pairs;
        for (const Node& item : value.items) {
            const bool isPair = item.kind == NodeKind::List && item.items.size() == 2 &&
                                std::all_of(item.items.begin(), item.items.end(), [](const Node& number) {
                                    return number.kind == NodeKind::Integer || number.kind == NodeKind::Number;
                                });
            if (!isPair || !(item.items[0].number > 0 && item.items[0].number <= kLargestCapacity) ||
                !within(key, item.items[1].number) || (!pairs.empty() && item.items[0].number <= pairs.back().first))
                return errorAt(item.begin, key.dotted(),
                               key.dotted() + " holds " + visible(textOf(item), 60) + "; it takes " +
                                   acceptedText(key) + ".");
            pairs.emplace_back(item.items[0].number, item.items[1].number + 0.0);
        }
        *field = std::move(pairs);
        return {};
    }

    Result<void> operator()(std::vector<schedule::Marker>* field) const
    {
        if (value.kind != NodeKind::List) return wrongType(key, value);
        if (value.items.size() > kMostMarkers) return fault("has more than 200 markers; use fewer.");
        std::vector<schedule::Marker> markers;
        for (const Node& item : value.items) {
            const bool isMarker = item.kind == NodeKind::List && item.items.size() == 2 &&
                                  (item.items[0].kind == NodeKind::Integer || item.items[0].kind == NodeKind::Number) &&
                                  item.items[1].kind == NodeKind::Text;
            if (!isMarker || !within(key, item.items[0].number) || !isShowable(item.items[1].text) ||
                (!markers.empty() && item.items[0].number < markers.back().x))
                return errorAt(item.begin, key.dotted(),
                               key.dotted() + " holds " + visible(textOf(item), 60) + "; it takes " +
                                   acceptedText(key) + ".");
            markers.push_back({item.items[0].number + 0.0, item.items[1].text});
        }
        *field = std::move(markers);
        return {};
    }

    Result<void> operator()(std::vector<SignalSource>* field) const
    {
        auto sources = sourcesFrom(key, value);
        if (!sources) return sources.error();
        *field = std::move(*sources);
        return {};
    }

    /// Width and layers of [32, 2] or { width = 32, layers = 2 }; null where one is missing.
    static std::array<const Node*, 2> sidesOf(const Node& item)
    {
        if (item.kind == NodeKind::List && item.items.size() == 2) return {&item.items[0], &item.items[1]};
        if (item.kind != NodeKind::Table || item.members.size() != 2) return {};
        const Member* width = item.find("width");
        const Member* layers = item.find("layers");
        return {width ? &width->value : nullptr, layers ? &layers->value : nullptr};
    }
};

struct Writer
{
    std::string operator()(const TextOrFolders& field) const
    {
        return field.list->empty() ? tomlString(*field.text) : foldersToml(*field.list);
    }
    std::string operator()(const TextOrCurve& field) const
    {
        return *field.text == field.curveName ? curveToml(*field.curve) : tomlString(*field.text);
    }
    std::string operator()(const std::string* text) const { return tomlString(*text); }
    std::string operator()(const int* number) const { return std::to_string(*number); }
    std::string operator()(const double* number) const { return floatText(*number); }
    std::string operator()(const std::vector<std::int64_t>* numbers) const
    {
        std::string out;
        for (const std::int64_t number : *numbers)
            out += (out.empty() ? "" : ", ") + std::to_string(number);
        return "[" + out + "]";
    }
    std::string operator()(const schedule::Curve* curve) const { return curveToml(*curve); }
    std::string operator()(const std::vector<SignalSource>* sources) const { return sourcesToml(*sources); }
    std::string operator()(const std::vector<Rung>* rungs) const
    {
        std::string out;
        for (const Rung& rung : *rungs)
            out += (out.empty() ? "[" : ", [") + std::to_string(rung.width) + ", " + std::to_string(rung.layers) + "]";
        return "[" + out + "]";
    }
    std::string operator()(const std::vector<std::pair<double, double>>* pairs) const
    {
        std::string out;
        for (const auto& [first, second] : *pairs)
            out += (out.empty() ? "[" : ", [") + floatText(first) + ", " + floatText(second) + "]";
        return "[" + out + "]";
    }
    std::string operator()(const std::vector<schedule::Marker>* markers) const { return markersToml(*markers); }
    std::string operator()(const std::vector<std::pair<std::string, std::string>>* columns) const
    {
        std::string out;
        for (const auto& [role, column] : *columns)
            out += (out.empty() ? " " : ", ") + tomlString(role) + " = " + tomlString(column);
        return out.empty() ? "{}" : "{" + out + " }";
    }
};

} // namespace

bool isShowable(const std::string& text)
{
    constexpr std::size_t kLongestText = 4096;
    return text.size() <= kLongestText && visible(text, kLongestText + 1) == text;
}

Error errorAt(Place place, std::string key, std::string sentence)
{
    return {.message = std::move(sentence),
            .kind = ErrorKind::BadInput,
            .key = std::move(key),
            .line = place.line,
            .column = place.column};
}

Result<void> applyValue(Experiment& experiment, const KeyInfo& key, const Node& value)
{
    if (key.drawable && value.kind == NodeKind::Table) return drawOverRun(experiment, key, value);
    auto set = std::visit(Setter{key, value}, key.field(experiment));
    if (set && key.drawable) giveOnce(experiment, key);
    return set;
}

std::string markersToml(const std::vector<schedule::Marker>& markers)
{
    std::string out;
    for (const schedule::Marker& marker : markers)
        out += (out.empty() ? "[" : ", [") + floatText(marker.x) + ", " + tomlString(marker.name) + "]";
    return "[" + out + "]";
}

std::string fieldText(const Field& field)
{
    return std::visit(Writer{}, field);
}

} // namespace gradus::spec
