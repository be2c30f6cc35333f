// SPDX-License-Identifier: GPL-3.0-or-later
// Signal sources as they stand in experiment files.
#include "spec/checks.h"

#include "base/text.h"
#include "spec/curve_bounds.h"
#include "spec/mix_notes.h"

#include <algorithm>
#include <cmath>

namespace gradus::spec {

namespace {

using Slot = std::variant<std::string SignalSource::*, int SignalSource::*, double SignalSource::*,
                          std::vector<double> SignalSource::*, std::vector<std::string> SignalSource::*,
                          schedule::Curve SignalSource::*>;

constexpr std::size_t kMostSources = 64;
constexpr std::size_t kLongestName = 80;
constexpr std::size_t kMostNumbers = 4096;
constexpr std::size_t kMostAnswers = 64;

const std::vector<std::string> kKinds{"model", "ensemble", "persona", "human", "truth", "synthetic"};
const std::vector<std::string> kNoises{"uniform", "wrong-only", "class-conditional", "teacher-lowest",
                                       "teacher-errors"};

/// One key of a source: where it lives, which kinds take it (all, when none is named) and its bounds.
struct SourceKey
{
    std::string_view name;
    Slot slot;
    std::vector<std::string_view> kinds = {};
    double least = 0;
    double most = 1;
    bool aboveLeast = false;
    std::vector<std::string> choices = {};
};

/// In the canonical order.
const std::vector<SourceKey>& sourceKeys()
{
    constexpr double kLargest = 1e6;
    static const std::vector<SourceKey> keys{
        {"name", &SignalSource::name},
        {"kind", &SignalSource::kind, {}, 0, 0, false, kKinds},
        {"weight", &SignalSource::weight},
        {"family", &SignalSource::family},
        {"part", &SignalSource::part, {}, 0, 1},
        {"back", &SignalSource::back, {"model", "ensemble", "persona"}, 1, 64},
        {"rung", &SignalSource::rung, {"model"}, 0, 63},
        {"folder", &SignalSource::folder, {"model"}},
        {"answers", &SignalSource::answers, {"model"}},
        {"architecture", &SignalSource::architecture, {"model"}, 0, 0, false, kArchitectures},
        {"prompt", &SignalSource::prompt, {"persona"}},
        {"lean", &SignalSource::lean, {"persona"}, -kLargest, kLargest},
        {"unsure_below", &SignalSource::unsureBelow, {"persona"}, 0, 1},
        {"file", &SignalSource::file, {"human"}},
        {"annotator", &SignalSource::annotator, {"human"}},
        {"share", &SignalSource::share, {"truth"}, 0, 1, true},
        {"noise", &SignalSource::noise, {"synthetic"}, 0, 0, false, kNoises},
        {"rate", &SignalSource::rate, {"synthetic"}, 0, 1},
        {"stream", &SignalSource::stream, {"synthetic"}},
        {"like", &SignalSource::like, {"synthetic"}},
        {"matrix", &SignalSource::matrix, {"synthetic"}, 0, 1},
    };
    return keys;
}

bool takes(const SourceKey& key, const std::string& kind)
{
    return key.kinds.empty() || std::find(key.kinds.begin(), key.kinds.end(), kind) != key.kinds.end();
}

std::string quotedList(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + tomlString(words[i]);
    return text;
}

bool isNumber(const Node& node)
{
    return node.kind == NodeKind::Integer || node.kind == NodeKind::Number;
}

/// Reads one table; every fault names the source and the place.
class Reader final
{
public:
    Reader(const KeyInfo& key, const Node& table) : m_key(key), m_table(table) {}

    Result<SignalSource> source()
    {
        if (m_table.kind != NodeKind::Table)
            return errorAt(m_table.begin, m_key.dotted(),
                           "sources are written as [[signals.source]] tables; use double brackets.");
        // Name and kind first: all other faults speak of them.
        for (const char* first : {"name", "kind"})
            if (const Member* member = m_table.find(first))
                if (auto set = setMember(*member); !set) return set.error();
        if (m_source.name.empty() || m_source.name.size() > kLongestName)
            return errorAt(m_table.begin, m_key.dotted(),
                           "[[signals.source]] needs a name of 1 to 80 bytes, like name = \"predecessor\".");
        for (const Member& member : m_table.members) {
            if (auto set = setMember(member); !set) return set.error();
        }
        if (m_source.kind == "ensemble" && !m_table.find("back")) m_source.back = 3;
        if (auto whole = checked(); !whole) return whole.error();
        return m_source;
    }

private:
    Error fault(const Node& at, const std::string& sentence) const
    {
        return errorAt(at.begin, m_key.dotted(), "source " + tomlString(m_source.name) + " " + sentence);
    }

    Result<void> setMember(const Member& member)
    {
        const auto& keys = sourceKeys();
        const auto key =
            std::find_if(keys.begin(), keys.end(), [&](const SourceKey& row) { return row.name == member.key; });
        for (const MixNote& note : kSourceNotes)
            if (note.key == member.key) return checkNote(note, member.value);
        if (key == keys.end()) {
            std::vector<std::string> known;
            for (const SourceKey& row : keys)
                known.emplace_back(row.name);
            for (const MixNote& note : kSourceNotes)
                known.emplace_back(note.key);
            return unknownKey(member, "[[signals.source]]", m_key.dotted(), known);
        }
        if (!takes(*key, m_source.kind))
            return errorAt(member.place, m_key.dotted(),
                           "source " + tomlString(m_source.name) + " has \"" + std::string(key->name) +
                               "\", which kind = " + tomlString(m_source.kind) + " does not take; remove it.");
        return std::visit([&](const auto slot) { return set(*key, m_source.*slot, member.value); }, key->slot);
    }

    /// For people who plan the mix: it must read, and no run looks at it.
    Result<void> checkNote(const MixNote& note, const Node& value) const
    {
        if (isNumber(value) && std::isfinite(value.number) && value.number >= 0 && value.number <= note.most) return {};
        return fault(value, "has " + std::string(note.key) + " = " + visible(textOf(value), 60) +
                                "; use a number from 0 to " + numberText(note.most) + ".");
    }

    Error wrong(const SourceKey& key, const Node& value, const std::string& accepted) const
    {
        return fault(value,
                     "has " + std::string(key.name) + " = " + visible(textOf(value), 60) + "; use " + accepted + ".");
    }

    Result<void> set(const SourceKey& key, std::string& field, const Node& value) const
    {
        if (value.kind != NodeKind::Text || !isShowable(value.text)) return wrong(key, value, "text in one line");
        if (!key.choices.empty() && std::find(key.choices.begin(), key.choices.end(), value.text) == key.choices.end())
            return wrong(key, value, quotedList(key.choices));
        field = value.text;
        return {};
    }

    Result<void> set(const SourceKey& key, int& field, const Node& value) const
    {
        if (value.kind != NodeKind::Integer || value.number < key.least || value.number > key.most)
            return wrong(key, value,
                         "a whole number from " + std::to_string(static_cast<int>(key.least)) + " to " +
                             std::to_string(static_cast<int>(key.most)));
        field = static_cast<int>(value.integer);
        return {};
    }

    Result<void> set(const SourceKey& key, double& field, const Node& value) const
    {
        if (!isNumber(value) || !inBounds(key, value.number))
            return wrong(key, value,
                         "a number " + std::string(key.aboveLeast ? "above " : "from ") + numberText(key.least) +
                             (key.aboveLeast ? " and at most " : " to ") + numberText(key.most));
        field = value.number + 0.0;
        return {};
    }

    Result<void> set(const SourceKey& key, std::vector<double>& field, const Node& value) const
    {
        const bool list = value.kind == NodeKind::List && !value.items.empty() && value.items.size() <= kMostNumbers &&
                          std::all_of(value.items.begin(), value.items.end(),
                                      [&](const Node& item) { return isNumber(item) && inBounds(key, item.number); });
        if (!list)
            return wrong(key, value, "a list of numbers from " + numberText(key.least) + " to " + numberText(key.most));
        field.clear();
        for (const Node& item : value.items)
            field.push_back(item.number + 0.0);
        return {};
    }

    Result<void> set(const SourceKey& key, std::vector<std::string>& field, const Node& value) const
    {
        const bool list = value.kind == NodeKind::List && value.items.size() >= 2 &&
                          value.items.size() <= kMostAnswers &&
                          std::all_of(value.items.begin(), value.items.end(), [](const Node& item) {
                              return item.kind == NodeKind::Text && !item.text.empty() && isShowable(item.text);
                          });
        if (!list)
            return wrong(key, value, "a list of two texts or more, none of them empty, like [\" no\", \" yes\"]");
        field.clear();
        for (const Node& item : value.items) {
            if (std::find(field.begin(), field.end(), item.text) != field.end())
                return fault(item, "has " + std::string(key.name) + " with " + tomlString(item.text) +
                                       " twice; give every class its own text.");
            field.push_back(item.text);
        }
        return {};
    }

    Result<void> set(const SourceKey& key, schedule::Curve& field, const Node& value) const
    {
        if (isNumber(value)) {
            if (!inBounds(key, value.number)) return wrong(key, value, "a number from 0 to 1, or a curve");
            field = {{{.x = 0.0, .y = value.number + 0.0}}};
            return {};
        }
        auto curve = curveFrom(weightKey(), value);
        if (!curve) return curve.error();
        field = std::move(*curve);
        return {};
    }

    static bool inBounds(const SourceKey& key, double number)
    {
        return std::isfinite(number) && number <= key.most &&
               (key.aboveLeast ? number > key.least : number >= key.least);
    }

    /// What a kind cannot do without.
    Result<void> checked() const
    {
        const SignalSource& s = m_source;
        const Member* least = m_table.find(kLeastShareKey);
        const Member* most = m_table.find(kMostShareKey);
        if (least && most && least->value.number > most->value.number)
            return fault(most->value, "has a least share above its largest one; correct one of them.");
        if (!s.part.empty() && (s.part.size() != 2 || s.part[0] >= s.part[1]))
            return fault(m_table,
                         "has a part that is not from and to; use two numbers, the first below the second, like "
                         "[0.0, 0.5].");
        if (s.kind == "human" && s.file.empty())
            return fault(m_table, "is human and names no file; add file = \"labels.csv\".");
        if (s.kind == "model" && s.rung >= 0 && m_table.find("back"))
            return fault(m_table, "has both a rung of its own and a predecessor's place; remove rung or back.");
        if (!s.folder.empty())
            for (const char* other : {"back", "rung", "architecture"})
                if (m_table.find(other))
                    return fault(m_table, "has both a folder and \"" + std::string(other) +
                                              "\", which places a model on the ladder; remove one of them.");
        if (s.folder.empty() && !s.answers.empty())
            return fault(m_table,
                         "has answers, which a model outside the ladder is asked for, and no folder; add folder, "
                         "or remove answers.");
        if (s.rung < 0 && !s.architecture.empty())
            return fault(m_table, "has an architecture and no rung of its own; add rung, or remove architecture.");
        if (s.kind == "persona" && s.prompt.empty() && s.lean.empty() && s.unsureBelow <= 0)
            return fault(m_table, "is a persona without a profile; give it a prompt, a lean or unsure_below.");
        const bool shaped = s.kind == "synthetic" && s.noise.starts_with("teacher-");
        if (shaped && s.like.empty())
            return fault(m_table, "has " + s.noise + " noise and no teacher; name another source with like.");
        if (!shaped && !s.like.empty())
            return fault(m_table, "names a teacher that " + s.noise + " noise does not look at; remove like.");
        if ((s.kind == "synthetic" && s.noise == "class-conditional") != !s.matrix.empty())
            return fault(m_table, s.matrix.empty()
                                      ? "has class-conditional noise and no matrix; add matrix, K x K."
                                      : "has a matrix that " + s.noise + " noise does not look at; remove it.");
        return {};
    }

    const KeyInfo& m_key;
    const Node& m_table;
    SignalSource m_source;
};

/// The value of one key as TOML.
struct Writer
{
    std::string operator()(const std::string& text) const { return tomlString(text); }
    std::string operator()(int number) const { return std::to_string(number); }
    std::string operator()(double number) const { return floatText(number); }
    std::string operator()(const std::vector<double>& numbers) const
    {
        std::string out;
        for (const double number : numbers)
            out += (out.empty() ? "" : ", ") + floatText(number);
        return "[" + out + "]";
    }
    std::string operator()(const std::vector<std::string>& texts) const
    {
        std::string out;
        for (const std::string& text : texts)
            out += (out.empty() ? "" : ", ") + tomlString(text);
        return "[" + out + "]";
    }
    std::string operator()(const schedule::Curve& curve) const { return weightToml(curve); }
};

} // namespace

double weightPlace(int generation, int generations)
{
    const double fraction = generations > 2 ? static_cast<double>(generation - 2) / (generations - 2) : 0;
    return std::clamp(fraction, 0.0, 1.0);
}

const KeyInfo& weightKey()
{
    static const KeyInfo key{"signals.source", "weight", [](Experiment& e) -> Field { return &e.gap.curve; }, "", 0, 1};
    return key;
}

std::string weightToml(const schedule::Curve& weight)
{
    return weight.keys.size() == 1 ? floatText(weight.keys.front().y) : curveToml(weight);
}

double weightAt(const SignalSource& source, int generation, int generations)
{
    return schedule::Evaluator(source.weight)(weightPlace(generation, generations));
}

bool looksBack(const SignalSource& source)
{
    return (source.kind == "model" && source.rung < 0 && source.folder.empty()) || source.kind == "ensemble" ||
           source.kind == "persona";
}

std::string familyOf(const SignalSource& source)
{
    return !source.family.empty() ? source.family : source.folder.empty() ? source.kind : source.folder;
}

const SignalSource* soleSource(const Signals& signals)
{
    for (const SignalSource& source : signals.sources)
        if (weightAt(source, 1, 1) > 0) return &source;
    return nullptr;
}

Result<std::vector<SignalSource>> sourcesFrom(const KeyInfo& key, const Node& value)
{
    if (value.kind != NodeKind::List)
        return errorAt(value.begin, key.dotted(),
                       "sources are written as [[signals.source]] tables; use double brackets.");
    if (value.items.size() > kMostSources)
        return errorAt(value.begin, key.dotted(),
                       "[[signals.source]] stands more than " + std::to_string(kMostSources) + " times; use fewer.");
    std::vector<SignalSource> sources;
    for (const Node& table : value.items) {
        auto source = Reader(key, table).source();
        if (!source) return source.error();
        for (const SignalSource& other : sources)
            if (other.name == source->name)
                return errorAt(table.begin, key.dotted(),
                               "two sources are named " + tomlString(source->name) + "; give each its own name.");
        sources.push_back(std::move(*source));
    }
    return sources;
}

std::string sourcesToml(const std::vector<SignalSource>& sources)
{
    std::string out;
    for (const SignalSource& source : sources) {
        const SignalSource usual;
        std::string table;
        for (const SourceKey& key : sourceKeys()) {
            const bool always = key.name == "name" || key.name == "kind" ||
                                (key.name == "back" && source.kind == "ensemble"); // its default is its kind's
            std::visit(
                [&](const auto slot) {
                    if (always || source.*slot != usual.*slot)
                        table += (table.empty() ? " " : ", ") + std::string(key.name) + " = " + Writer{}(source.*slot);
                },
                key.slot);
        }
        out += (out.empty() ? "{" : ", {") + table + " }";
    }
    return "[" + out + "]";
}

} // namespace gradus::spec
