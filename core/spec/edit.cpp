// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of experiment text that keep every byte they do not have to change.
#include "spec/checks.h"

#include "base/text.h"
#include "spec/mix_limits.h"
#include "spec/mix_notes.h"

#include <algorithm>

namespace gradus::spec {

namespace {

/// Where an edit goes: section and key, with the key as it is written below a [section] header.
struct Target
{
    std::string section;
    std::string key;
    std::string written;
};

Result<Target> targetOf(const std::string& dotted)
{
    constexpr std::string_view kSweep = "sweep.";
    const bool sweep = dotted.starts_with(kSweep);
    const std::string name = sweep ? dotted.substr(kSweep.size()) : dotted;
    if (dotted == kBudgetKey) return Target{"signals", std::string(kBudgetName), std::string(kBudgetName)};
    const KeyInfo* key = findKey(name);
    if (!key) {
        std::vector<std::string> known;
        for (const KeyInfo& row : knownKeys())
            known.push_back(row.dotted());
        const auto near = nearestWord(name, known);
        return errorAt({0, 0}, dotted,
                       "unknown key \"" + visible(name, 60) + "\"; " +
                           (near ? "the nearest known key is \"" + *near + "\"." : "write it as section.key."));
    }
    if (sweep) return Target{"sweep", name, tomlString(name)};
    return Target{std::string(key->section), std::string(key->key), std::string(key->key)};
}

/// The text with its parsed tree.
class Document final
{
public:
    Document(const std::string& toml, const Node& root)
        : m_toml(toml), m_root(root), m_newline(toml.find("\r\n") == std::string::npos ? "\n" : "\r\n")
    {
    }

    Result<std::string> with(const Target& target, const std::string& value) const
    {
        const Member* section = m_root.find(target.section);
        if (!section) return appended(target, value);
        if (section->value.kind != NodeKind::Table)
            return errorAt(section->place, target.section,
                           "[" + target.section + "] is not a section; correct the text first.");
        if (const Member* member = findIn(section->value, target)) return replaced(*member, target, value);
        return added(section->value, target, value);
    }

private:
    /// [sweep] may hold the key as gap.value below [sweep] as well as quoted.
    static const Member* findIn(const Node& table, const Target& target)
    {
        if (const Member* member = table.find(target.key)) return member;
        const std::size_t dot = target.key.find('.');
        const Member* outer = dot == std::string::npos ? nullptr : table.find(target.key.substr(0, dot));
        return outer ? outer->value.find(target.key.substr(dot + 1)) : nullptr;
    }

    Result<std::string> replaced(const Member& member, const Target& target, const std::string& value) const
    {
        if (member.value.kind == NodeKind::Table && !member.value.inlineTable)
            return errorAt(
                member.place, target.section + "." + target.key,
                target.section + "." + target.key +
                    " is written as a section of its own; write it as { ... } in one place to edit it here.");
        const std::size_t begin = offsetOf(m_toml, member.value.begin);
        const std::size_t end = offsetOf(m_toml, member.value.end);
        return m_toml.substr(0, begin) + value + m_toml.substr(end);
    }

    Result<std::string> appended(const Target& target, const std::string& value) const
    {
        std::string text = m_toml;
        if (!text.empty() && text.back() != '\n') text += m_newline;
        if (!text.empty()) text += m_newline;
        return text + "[" + target.section + "]" + m_newline + target.written + " = " + value + m_newline;
    }

    Result<std::string> added(const Node& table, const Target& target, const std::string& value) const
    {
        const std::size_t begin = offsetOf(m_toml, table.begin);
        if (table.inlineTable) {
            const std::size_t close = offsetOf(m_toml, table.end) - 1;
            const std::size_t last = table.members.empty() ? begin + 1 : lastEnd(table);
            const std::string item = (table.members.empty() ? " " : ", ") + target.written + " = " + value;
            return m_toml.substr(0, last) + item + (last == close ? " " : "") + m_toml.substr(last);
        }
        if (hasHeader(table, target.section))
            return insertedAfter(std::max(offsetOf(m_toml, table.end), lastEnd(table)), target.written + " = " + value);
        // Only [section.part] headers or dotted keys of the root. The former take a header of their own; the latter
        // must be continued, because TOML does not let a table be opened twice.
        if (m_toml[begin] == '[') return appended(target, value);
        return insertedAfter(lastEnd(table), target.section + "." + target.written + " = " + value);
    }

    Result<std::string> insertedAfter(std::size_t offset, const std::string& line) const
    {
        const std::size_t end = m_toml.find('\n', offset);
        if (end == std::string::npos) return m_toml + m_newline + line + m_newline;
        return m_toml.substr(0, end + 1) + line + m_newline + m_toml.substr(end + 1);
    }

    /// Whether the table was opened as [section], not by [section.part] alone.
    bool hasHeader(const Node& table, const std::string& section) const
    {
        const std::size_t begin = offsetOf(m_toml, table.begin);
        const std::size_t end = offsetOf(m_toml, table.end);
        std::string header = m_toml.substr(begin, end - begin);
        std::erase_if(header, [](char c) { return c == ' ' || c == '\t' || c == '"' || c == '\''; });
        return header == "[" + section + "]";
    }

    /// End of the last value that stands in the table's own block, as a byte offset.
    std::size_t lastEnd(const Node& table) const
    {
        std::size_t last = 0;
        for (const Member& member : table.members) {
            const Node& value = member.value;
            const std::size_t begin = offsetOf(m_toml, value.begin);
            if (value.kind == NodeKind::Table && !value.inlineTable) {
                if (m_toml[begin] != '[') last = std::max(last, lastEnd(value)); // a.b = ... ; else a block of its own
            } else if (!startsLine(begin)) {
                last = std::max(last, offsetOf(m_toml, value.end)); // an array of [[tables]] starts its line
            }
        }
        return last;
    }

    bool startsLine(std::size_t offset) const
    {
        const std::size_t before = offset == 0 ? std::string::npos : m_toml.find_last_not_of(" \t", offset - 1);
        return before == std::string::npos || m_toml[before] == '\n';
    }

    const std::string& m_toml;
    const Node& m_root;
    std::string m_newline;
};

/// What of the file's sweep sets the key, so that an edit of the key itself would change nothing.
enum class Swept
{
    No,
    ByAnAxis,
    ByACondition,
};

Swept sweptBy(const Node& root, const std::string& dotted)
{
    const Member* sweep = root.find("sweep");
    if (!sweep) return Swept::No;
    const auto sets = [&dotted](const Node& table) {
        const std::size_t dot = dotted.find('.');
        const Member* outer = table.find(dotted.substr(0, dot));
        return table.find(dotted) || (outer && outer->value.find(dotted.substr(dot + 1)));
    };
    if (sets(sweep->value)) return Swept::ByAnAxis;
    const Member* conditions = sweep->value.find("condition");
    return conditions && std::any_of(conditions->value.items.begin(), conditions->value.items.end(), sets)
               ? Swept::ByACondition
               : Swept::No;
}

Error unreadable(const Error& error)
{
    Error at = error;
    at.message =
        "line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " + error.message;
    return at;
}

std::string trimmed(const std::string& text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    const std::size_t end = text.find_last_not_of(" \t");
    return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

} // namespace

Result<std::string> editToml(const std::string& toml, const std::string& dottedKey, const std::string& value)
{
    const auto target = targetOf(dottedKey);
    if (!target) return target.error();
    const std::string newValue = trimmed(value);
    const auto wanted = parseTomlValue(newValue);
    if (!wanted) {
        Error error = wanted.error();
        error.key = dottedKey;
        return error;
    }
    const auto root = parseToml(toml);
    if (!root) return unreadable(root.error());
    auto edited = Document(toml, *root).with(*target, newValue);
    if (!edited) return edited;
    // TOML has more ways to write a table than this file wants to know; whatever slips through is refused, not written.
    const auto again = parseToml(*edited);
    const Member* section = again ? again->find(target->section) : nullptr;
    const Member* member = section ? section->value.find(target->key) : nullptr;
    const std::size_t dot = target->key.find('.');
    if (section && !member && dot != std::string::npos)
        if (const Member* outer = section->value.find(target->key.substr(0, dot)))
            member = outer->value.find(target->key.substr(dot + 1));
    if (!member || textOf(member->value) != textOf(*wanted))
        return errorAt({0, 0}, dottedKey,
                       dottedKey + " cannot be set in this text; write [" + target->section +
                           "] with one key in a line.");
    return edited;
}

Result<std::string> withOverride(const std::string& toml, const std::string& assignment)
{
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos)
        return badInput("\"" + visible(assignment) + "\" is not an override; write it as section.key=value.");
    const std::string key = trimmed(assignment.substr(0, equals));
    std::string value = trimmed(assignment.substr(equals + 1));
    if (value.empty()) return errorAt({0, 0}, key, visible(key, 60) + " has no value; write it as section.key=value.");
    const KeyInfo* known = findKey(key);
    Experiment any;
    const bool mayBeList = known && std::holds_alternative<TextOrFolders>(known->field(any));
    const bool mayBeCurve = known && std::holds_alternative<TextOrCurve>(known->field(any));
    const bool wantsText =
        mayBeList || mayBeCurve || (known && std::holds_alternative<std::string*>(known->field(any)));
    const auto parsed = parseTomlValue(value);
    const bool isAsWanted =
        parsed && (parsed->kind == NodeKind::Text || (mayBeList && parsed->kind == NodeKind::List) ||
                   (mayBeCurve && parsed->kind == NodeKind::Table));
    if (!parsed || (wantsText && !isAsWanted)) value = tomlString(value);
    const auto root = parseToml(toml);
    const Swept swept = root && known ? sweptBy(*root, key) : Swept::No;
    if (swept == Swept::ByAnAxis)
        return errorAt({0, 0}, key,
                       key + " is set by the file's [sweep], which would win; override sweep." + key +
                           "=[...] or edit the file.");
    if (swept == Swept::ByACondition)
        return errorAt({0, 0}, key,
                       key + " is set by a [[sweep.condition]] of the file, which would win; edit the file.");
    return editToml(toml, key, value);
}

} // namespace gradus::spec
