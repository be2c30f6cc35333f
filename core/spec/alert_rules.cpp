// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/alert_rules.h"

#include "base/text.h"
#include "spec/alert_tables.h"
#include "spec/checks.h"
#include "spec/word_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

namespace gradus::spec {

using When = AlertRule::When;

namespace {

constexpr std::size_t kLongestSeries = 200;
constexpr int kMostPoints = 10'000;
constexpr double kLongestSilence = 30 * 86400.0; // seconds

struct Word
{
    const char* name;
    When when;
};
constexpr std::array<Word, 5> kWords = {{{"above", When::Above},
                                         {"below", When::Below},
                                         {"changes-by", When::ChangesBy},
                                         {"no-number", When::NoNumber},
                                         {"silent", When::Silent}}};

const Word* wordOf(std::string_view name)
{
    const auto* found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& word) { return name == word.name; });
    return found == kWords.end() ? nullptr : found;
}

const char* nameOf(When when)
{
    return std::find_if(kWords.begin(), kWords.end(), [&](const Word& word) { return word.when == when; })->name;
}

template <typename Number>
bool read(const std::string& text, Number& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

/// Why the rule cannot be watched; empty: it can.
std::string faultOf(const AlertRule& rule)
{
    if (rule.series.empty() || rule.series.size() > kLongestSeries || !isShowable(rule.series) ||
        rule.series.find_first_of(" \t\"") != std::string::npos)
        return "names no series; write one as charts call it, like train/loss";
    if (!std::isfinite(rule.value)) return "compares with no number; give a finite one";
    if (rule.when == When::ChangesBy && !(rule.value > 0)) return "changes by nothing; give a change above 0";
    if (rule.when == When::Silent && !(rule.value >= 1 && rule.value <= kLongestSilence))
        return "waits no time that can be watched; give 1 to 2592000 seconds";
    if (rule.points < 1 || rule.points > kMostPoints) return "holds for no number of points; give 1 to 10000";
    return {};
}

Error wrongWords(const std::string& words, const std::string& why)
{
    return badInput("The alert rule \"" + visible(words, 120) + "\" " + why + ". A rule is " + kAlertRuleForm + ".");
}

Error tooMany()
{
    return badInput("There are more than " + std::to_string(kMostAlertRules) + " alert rules; use fewer.");
}

} // namespace

Result<AlertRule> alertRuleFrom(const std::string& words)
{
    std::istringstream stream(words);
    std::vector<std::string> parts;
    for (std::string part; stream >> part;)
        parts.push_back(part);
    if (parts.size() < 2) return wrongWords(words, "is not whole");
    const Word* word = wordOf(parts[1]);
    if (word == nullptr) return wrongWords(words, "compares by \"" + visible(parts[1], 40) + "\", which is unknown");
    AlertRule rule{.series = parts[0], .when = word->when};
    std::size_t next = 2;
    if (rule.when != When::NoNumber) {
        if (parts.size() < 3 || !read(parts[2], rule.value)) return wrongWords(words, "has no number to compare with");
        ++next;
    }
    if (next < parts.size() && rule.when != When::Silent) {
        if (parts.size() != next + 2 || parts[next] != "for" || !read(parts[next + 1], rule.points))
            return wrongWords(words, "ends in words that are not read");
        next += 2;
    }
    if (next != parts.size()) return wrongWords(words, "ends in words that are not read");
    if (const std::string fault = faultOf(rule); !fault.empty()) return wrongWords(words, fault);
    return rule;
}

std::string textOf(const AlertRule& rule)
{
    std::string text = rule.series + " " + nameOf(rule.when);
    if (rule.when != When::NoNumber) text += " " + numberText(rule.value);
    if (rule.when != When::Silent && rule.points != 1) text += " for " + std::to_string(rule.points);
    return text;
}

Result<std::vector<AlertRule>> alertRulesFrom(const std::vector<std::string>& texts)
{
    std::vector<AlertRule> rules;
    for (const std::string& text : texts) {
        auto rule = alertRuleFrom(text);
        if (!rule) return rule.error();
        if (std::find(rules.begin(), rules.end(), *rule) != rules.end())
            return badInput("The alert rule \"" + textOf(*rule) + "\" is there already; give another one.");
        if (rules.size() == kMostAlertRules) return tooMany();
        rules.push_back(std::move(*rule));
    }
    return rules;
}

std::string linesOf(const std::vector<AlertRule>& rules)
{
    std::string lines;
    for (const AlertRule& rule : rules)
        lines += (lines.empty() ? "" : "\n") + textOf(rule);
    return lines;
}

Result<std::vector<AlertRule>> alertRulesFromLines(const std::string& lines)
{
    std::istringstream stream(lines);
    std::vector<std::string> texts;
    for (std::string line; std::getline(stream, line);)
        texts.push_back(line);
    return alertRulesFrom(texts);
}

Result<std::vector<AlertRule>> alertTables(const Node& list)
{
    constexpr const char* kKey = "alert";
    if (list.kind != NodeKind::List || list.items.empty() || list.items.front().kind != NodeKind::Table)
        return errorAt(list.begin, kKey, "alert rules are written as [[alert]] tables; use double brackets.");
    static const std::vector<std::string> known{"series", "when", "value", "points"};
    std::vector<AlertRule> rules;
    for (const Node& table : list.items) {
        AlertRule rule;
        if (table.kind != NodeKind::Table)
            return errorAt(table.begin, kKey, "alert rules are written as [[alert]] tables; use double brackets.");
        for (const Member& member : table.members) {
            const Node& value = member.value;
            const bool isText = value.kind == NodeKind::Text;
            const bool isNumber = value.kind == NodeKind::Number || value.kind == NodeKind::Integer;
            if (std::find(known.begin(), known.end(), member.key) == known.end())
                return unknownKey(member, "[[alert]]", kKey, known);
            const bool wantsText = member.key == "series" || member.key == "when";
            if (wantsText ? !isText : member.key == "points" ? value.kind != NodeKind::Integer : !isNumber)
                return errorAt(value.begin, kKey,
                               "[[alert]] has \"" + member.key + "\" as " + spec::nameOf(value.kind) + "; write " +
                                   (wantsText ? "text." : "a number."));
            if (member.key == "series") rule.series = value.text;
            if (member.key == "value") rule.value = value.number;
            if (member.key == "points")
                rule.points = value.integer < 1 || value.integer > kMostPoints ? 0 : static_cast<int>(value.integer);
            if (member.key == "when") {
                const Word* word = wordOf(value.text);
                if (word == nullptr)
                    return errorAt(value.begin, kKey,
                                   "[[alert]] has when = " + tomlString(visible(value.text, 40)) +
                                       "; use \"above\", \"below\", \"changes-by\", \"no-number\" or \"silent\".");
                rule.when = word->when;
            }
        }
        if (!table.find("when"))
            return errorAt(
                table.begin, kKey,
                "[[alert]] says not when; give when = \"above\", \"below\", \"changes-by\", \"no-number\" or "
                "\"silent\".");
        if (rule.when != When::NoNumber && !table.find("value"))
            return errorAt(table.begin, kKey, "[[alert]] has nothing to compare with; give it a value.");
        if (const std::string fault = faultOf(rule); !fault.empty())
            return errorAt(table.begin, kKey, "[[alert]] " + fault + ".");
        if (rules.size() == kMostAlertRules) return errorAt(table.begin, kKey, tooMany().message);
        rules.push_back(std::move(rule));
    }
    return rules;
}

std::vector<AlertRule> alertRulesOf(const std::string& toml)
{
    const auto root = parseToml(toml);
    const Member* alert = root ? root->find("alert") : nullptr;
    if (alert == nullptr) return {};
    auto rules = alertTables(alert->value);
    return rules ? std::move(*rules) : std::vector<AlertRule>();
}

} // namespace gradus::spec
