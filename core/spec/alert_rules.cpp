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
using Then = AlertRule::Then;

namespace {

constexpr std::size_t kLongestSeries = 200;
constexpr int kMostPoints = 10'000;
constexpr double kLongestSilence = 30 * 86400.0; // seconds
constexpr const char* kKey = "alert";

template <typename Value>
struct Word
{
    const char* name;
    Value value;
};
constexpr std::array<Word<When>, 7> kWhens = {{{"above", When::Above},
                                               {"below", When::Below},
                                               {"changes-by", When::ChangesBy},
                                               {"no-number", When::NoNumber},
                                               {"silent", When::Silent},
                                               {"plateau", When::Plateau},
                                               {"spike", When::Spike}}};
constexpr std::array<Word<Then>, 4> kThens = {
    {{"tell", Then::Tell}, {"checkpoint", Then::Checkpoint}, {"pause", Then::Pause}, {"stop", Then::Stop}}};

template <typename Words>
const auto* wordOf(const Words& words, std::string_view name)
{
    const auto* found = std::find_if(words.begin(), words.end(), [&](const auto& word) { return name == word.name; });
    return found == words.end() ? nullptr : found;
}

template <typename Words, typename Value>
const char* nameOf(const Words& words, Value value)
{
    return std::find_if(words.begin(), words.end(), [&](const auto& word) { return word.value == value; })->name;
}

/// "\"above\", \"below\" or \"silent\"", for a sentence.
template <typename Words>
std::string choiceOf(const Words& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + tomlString(words[i].name);
    return text;
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
    if (rule.when == When::Plateau && !(rule.value > 0 && rule.points >= 2))
        return "is no plateau; give a range above 0 and 2 to 10000 points";
    if (rule.when == When::Spike && !(rule.value > 0 && rule.points >= kFewestForSpike))
        return "is no spike; give sigmas above 0 and 5 to 10000 points before it";
    if (rule.points < 1 || rule.points > kMostPoints) return "holds for no number of points; give 1 to 10000";
    return {};
}

Error wrongWords(const std::string& words, const std::string& why)
{
    return badInput("The alert rule \"" + visible(words, 120) + "\" " + why + ". A rule is " + kAlertRuleForm + ".");
}

Error unknownWord(const Node& value, const char* key, const std::string& choice)
{
    return errorAt(value.begin, kKey,
                   std::string("[[alert]] has ") + key + " = " + tomlString(visible(value.text, 40)) + "; use " +
                       choice + ".");
}

Error tooMany()
{
    return badInput("There are more than " + std::to_string(kMostAlertRules) + " alert rules; use fewer.");
}

} // namespace

bool looksBack(When when)
{
    return when == When::ChangesBy || when == When::Plateau || when == When::Spike;
}

Result<AlertRule> alertRuleFrom(const std::string& words)
{
    std::istringstream stream(words);
    std::vector<std::string> parts;
    for (std::string part; stream >> part;)
        parts.push_back(part);
    if (parts.size() < 2) return wrongWords(words, "is not whole");
    const auto* when = wordOf(kWhens, parts[1]);
    if (when == nullptr) return wrongWords(words, "compares by \"" + visible(parts[1], 40) + "\", which is unknown");
    AlertRule rule{.series = parts[0], .when = when->value};
    if (parts.size() >= 4 && parts[parts.size() - 2] == "then") {
        const auto* then = wordOf(kThens, parts.back());
        if (then == nullptr)
            return wrongWords(words, "then does \"" + visible(parts.back(), 40) + "\", which is unknown");
        rule.then = then->value;
        parts.resize(parts.size() - 2);
    }
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
    std::string text = rule.series + " " + nameOf(kWhens, rule.when);
    if (rule.when != When::NoNumber) text += " " + numberText(rule.value);
    if (rule.when != When::Silent && rule.points != 1) text += " for " + std::to_string(rule.points);
    if (rule.then != Then::Tell) text += std::string(" then ") + nameOf(kThens, rule.then);
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
    if (list.kind != NodeKind::List || list.items.empty() || list.items.front().kind != NodeKind::Table)
        return errorAt(list.begin, kKey, "alert rules are written as [[alert]] tables; use double brackets.");
    static const std::vector<std::string> known{"series", "when", "value", "points", "then"};
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
            const bool wantsText = member.key == "series" || member.key == "when" || member.key == "then";
            if (wantsText ? !isText : member.key == "points" ? value.kind != NodeKind::Integer : !isNumber)
                return errorAt(value.begin, kKey,
                               "[[alert]] has \"" + member.key + "\" as " + spec::nameOf(value.kind) + "; write " +
                                   (wantsText ? "text." : "a number."));
            if (member.key == "series") rule.series = value.text;
            if (member.key == "value") rule.value = value.number;
            if (member.key == "points")
                rule.points = value.integer < 1 || value.integer > kMostPoints ? 0 : static_cast<int>(value.integer);
            if (member.key == "when") {
                const auto* word = wordOf(kWhens, value.text);
                if (word == nullptr) return unknownWord(value, "when", choiceOf(kWhens));
                rule.when = word->value;
            }
            if (member.key == "then") {
                const auto* word = wordOf(kThens, value.text);
                if (word == nullptr) return unknownWord(value, "then", choiceOf(kThens));
                rule.then = word->value;
            }
        }
        if (!table.find("when"))
            return errorAt(table.begin, kKey, "[[alert]] says not when; give when = " + choiceOf(kWhens) + ".");
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
