// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/training_rows.h"

#include "base/text.h"
#include "data/cell_path.h"
#include "data/table_parts.h"
#include "data/template.h"
#include "data/writing_forms.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace gradus::data {

namespace {

constexpr std::size_t kMostClasses = 65536;
constexpr std::size_t kMostShares = std::size_t{1} << 28; ///< rows times classes: 2 GiB of probabilities
constexpr const char* kAssistant = "Assistant";

Error rowError(const Table& table, const Row& row, const std::string& what)
{
    Error error = badInput(placeOf(table, row) + ": " + what);
    error.line = row.line;
    return error;
}

/// Where a role's values stand: in the column that was named for it, or in one of its own name.
class Roles final
{
public:
    Roles(const Table& table, const std::vector<std::pair<std::string, std::string>>& columns)
        : m_table(table), m_columns(columns)
    {
    }

    Result<void> check(const std::vector<std::string>& known) const
    {
        for (const auto& [role, column] : m_columns)
            if (std::ranges::find(known, role) == known.end()) {
                std::string names;
                for (const std::string& name : known)
                    names += (names.empty() ? "" : ", ") + name;
                return badInput("There is no role \"" + visible(role, 60) + "\" here: the roles are " + names + ".");
            }
        return {};
    }
    bool has(const std::string& role) const { return findCell(m_table, columnOf(role)).has_value(); }
    Result<CellPath> needed(const std::string& role) const { return cellPath(m_table, columnOf(role), role); }
    /// None where the file lacks the role's own name; a column that was named must be there.
    Result<std::optional<CellPath>> optional(const std::string& role) const
    {
        if (!isNamed(role) && !has(role)) return std::optional<CellPath>{};
        auto place = needed(role);
        if (!place) return place.error();
        return std::optional(std::move(*place));
    }

private:
    bool isNamed(const std::string& role) const { return columnOf(role) != role; }
    const std::string& columnOf(const std::string& role) const
    {
        const auto found = std::ranges::find(m_columns, role, &std::pair<std::string, std::string>::first);
        return found == m_columns.end() ? role : found->second;
    }

    const Table& m_table;
    const std::vector<std::pair<std::string, std::string>>& m_columns;
};

/// A response after its prompt. What is messages stays messages; a plain part beside messages joins them as a turn.
TrainingText joined(const std::string& prompt, const std::string& response, bool asChat)
{
    auto before = readTurns(prompt);
    auto after = readTurns(response);
    if (!before && !after && !asChat) return {.prompt = prompt, .response = response};
    TrainingText text;
    if (before)
        text.turns = std::move(*before);
    else if (!prompt.empty())
        text.turns = {{"Human", prompt}};
    text.context = text.turns.size();
    if (!after)
        text.turns.push_back({kAssistant, response});
    else
        text.turns.insert(text.turns.end(), after->begin(), after->end());
    return text;
}

std::string groupOf(const TrainingText& text)
{
    if (text.turns.empty()) return text.prompt.empty() ? text.response : text.prompt;
    const auto end = text.context > 0 ? text.context : std::size_t{1};
    return dialogueText({text.turns.begin(), text.turns.begin() + static_cast<std::ptrdiff_t>(end)});
}

/// A turn that could be learnt comes after what is given.
bool teaches(const TrainingText& text)
{
    if (text.turns.empty()) return !text.response.empty();
    return std::any_of(text.turns.begin() + static_cast<std::ptrdiff_t>(text.context), text.turns.end(),
                       [](const Turn& turn) { return turn.speaker == kAssistant && !turn.text.empty(); });
}

Result<TrainingRows> readWriting(const Table& table, const TrainingFile& request)
{
    const Roles roles(table, request.columns);
    if (auto checked = roles.check({"messages", "prompt", "completion", "text"}); !checked) return checked.error();
    const bool messages = roles.has("messages");
    const bool completes = !messages && roles.has("prompt") && roles.has("completion");
    if (!messages && !completes && !roles.has("text"))
        return badInput(
            visible(table.file) + " has the columns " + columnNames(table) +
            ": sft needs messages, or prompt and completion, or text; name them with --column ROLE=COLUMN.");
    const auto first = roles.needed(messages ? "messages" : completes ? "prompt" : "text");
    if (!first) return first.error();
    const auto second = completes ? roles.needed("completion") : first;
    if (!second) return second.error();
    TrainingRows read{.about = messages    ? "a dialogue whose assistant's turns are learnt"
                               : completes ? "a prompt and the completion that is learnt"
                                           : "a text that is learnt",
                      .rows = {}};
    read.leftOutBecause = "they hold nothing to learn";
    for (const Row& row : table.rows) {
        const auto one = cellText(table, row, *first);
        if (!one) return one.error();
        TrainingRow made{.texts = {}, .group = {}, .line = row.line};
        if (completes) {
            const auto other = cellText(table, row, *second);
            if (!other) return other.error();
            made.texts = {joined(*one, *other, request.asChat)};
        } else if (messages) {
            auto turns = readTurns(*one);
            if (!turns)
                return rowError(table, row,
                                "\"" + visible(first->name, 60) +
                                    "\" is no list of messages: write objects with role and content.");
            made.texts.push_back({.turns = std::move(*turns)});
        } else {
            made.texts.push_back({.response = *one});
        }
        made.group = groupOf(made.texts.front());
        if (teaches(made.texts.front()))
            read.rows.push_back(std::move(made));
        else
            ++read.leftOut;
    }
    return read;
}

/// What two texts or dialogues share becomes what is given.
void shareContext(TrainingText& one, TrainingText& other)
{
    if (!one.turns.empty() && !other.turns.empty()) {
        const auto same = [](const Turn& a, const Turn& b) { return a.speaker == b.speaker && a.text == b.text; };
        const auto shared =
            std::mismatch(one.turns.begin(), one.turns.end(), other.turns.begin(), other.turns.end(), same);
        one.context = other.context = static_cast<std::size_t>(shared.first - one.turns.begin());
        return;
    }
    if (!one.prompt.empty() || !one.turns.empty() || !other.turns.empty()) return;
    if (one.response.empty() || other.response.empty()) return;
    const auto shared =
        std::mismatch(one.response.begin(), one.response.end(), other.response.begin(), other.response.end());
    // Something must be left to answer with, also where one text begins the other.
    auto length = std::min(static_cast<std::size_t>(shared.first - one.response.begin()),
                           std::min(one.response.size(), other.response.size()) - 1);
    const std::string turn = "\n\nAssistant:";
    if (const auto begun = one.response.substr(0, length).rfind(turn); begun != std::string::npos)
        length = begun + turn.size();
    while (length > 0 && (static_cast<unsigned char>(one.response[length]) & 0xC0U) == 0x80U)
        --length; // not inside of a character
    for (TrainingText* text : {&one, &other}) {
        text->prompt = text->response.substr(0, length);
        text->response.erase(0, length);
    }
}

Result<TrainingRows> readPairs(const Table& table, const TrainingFile& request)
{
    const Roles roles(table, request.columns);
    if (auto checked = roles.check({"chosen", "rejected", "prompt", "preference"}); !checked) return checked.error();
    const auto chosen = roles.needed("chosen");
    if (!chosen) return chosen.error();
    const auto rejected = roles.needed("rejected");
    if (!rejected) return rejected.error();
    const auto prompt = roles.optional("prompt");
    if (!prompt) return prompt.error();
    const auto preference = roles.optional("preference");
    if (!preference) return preference.error();
    TrainingRows read{.about = "two responses, of which one was chosen", .rows = {}};
    read.leftOutBecause = "their two responses are equal or empty";
    for (const Row& row : table.rows) {
        const auto better = cellText(table, row, *chosen);
        if (!better) return better.error();
        const auto worse = cellText(table, row, *rejected);
        if (!worse) return worse.error();
        const std::string given = *prompt ? cellAt(row, **prompt).value_or("") : "";
        TrainingRow made{.texts = {joined(given, *better, request.asChat), joined(given, *worse, request.asChat)},
                         .group = {},
                         .line = row.line};
        if (given.empty()) shareContext(made.texts[0], made.texts[1]);
        if (*preference) {
            const std::string cell = cellAt(row, **preference).value_or("");
            const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), made.preference);
            if (failure != std::errc() || end != cell.data() + cell.size() ||
                !(made.preference >= 0 && made.preference <= 1))
                return rowError(table, row,
                                "the preference \"" + visible(cell, 40) +
                                    "\" is no probability: write a number from 0 to 1.");
        }
        made.group = groupOf(made.texts.front());
        if (*better == *worse || !teaches(made.texts[0]) || !teaches(made.texts[1]))
            ++read.leftOut;
        else
            read.rows.push_back(std::move(made));
    }
    return read;
}

/// A class number, a probability of class 1, or probabilities; empty if it is none of these.
std::vector<double> classesOf(const std::string& label)
{
    const nlohmann::json json = nlohmann::json::parse(label, nullptr, false);
    if (json.is_number_unsigned() && json.get<std::uint64_t>() < kMostClasses) {
        std::vector<double> shares(json.get<std::size_t>() + 1);
        shares.back() = 1;
        return shares;
    }
    if (json.is_boolean()) return json.get<bool>() ? std::vector<double>{0, 1} : std::vector<double>{1};
    if (json.is_number_float() && json.get<double>() >= 0 && json.get<double>() <= 1)
        return {1 - json.get<double>(), json.get<double>()};
    if (!json.is_array() || json.size() < 2 || json.size() > kMostClasses) return {};
    std::vector<double> shares;
    double sum = 0;
    for (const auto& share : json) {
        if (!share.is_number() || !(share.get<double>() >= 0)) return {};
        shares.push_back(share.get<double>());
        sum += shares.back();
    }
    return std::abs(sum - 1) < 1e-3 ? shares : std::vector<double>{};
}

Result<TrainingRows> readClasses(const Table& table, const TrainingFile& request)
{
    const Roles roles(table, request.columns);
    if (auto checked = roles.check({"text", "label", "prompt"}); !checked) return checked.error();
    const auto text = roles.needed("text");
    if (!text) return text.error();
    const auto label = roles.needed("label");
    if (!label) return label.error();
    const auto prompt = roles.optional("prompt");
    if (!prompt) return prompt.error();
    TrainingRows read{.about = "a text and its class", .rows = {}};
    read.leftOutBecause = "their text is empty";
    std::size_t classes = 2;
    for (const Row& row : table.rows) {
        const auto cell = cellText(table, row, *text);
        if (!cell) return cell.error();
        const auto named = cellText(table, row, *label);
        if (!named) return named.error();
        const std::string given = *prompt ? cellAt(row, **prompt).value_or("") : "";
        TrainingRow made{.texts = {joined(given, *cell, request.asChat)},
                         .classes = classesOf(*named),
                         .group = given.empty() ? *cell : given,
                         .line = row.line};
        if (made.classes.empty())
            return rowError(table, row,
                            "the label \"" + visible(*named, 40) +
                                "\" is no class: write a number from 0, a probability of class 1 with a "
                                "point, or a list of probabilities that add up to 1.");
        classes = std::max(classes, made.classes.size());
        if (classes * table.rows.size() > kMostShares)
            return rowError(table, row,
                            "the label " + visible(*named, 40) + " makes " + std::to_string(classes) + " classes of " +
                                counted(table.rows.size(), "row") +
                                ", which is more than fits; number the classes from 0 without gaps.");
        if (cell->empty())
            ++read.leftOut;
        else
            read.rows.push_back(std::move(made));
    }
    for (TrainingRow& row : read.rows)
        row.classes.resize(classes);
    read.classes = static_cast<int>(classes);
    return read;
}

Error asksForChat(const std::string& task)
{
    return badInput("The template " + task +
                    " writes its texts itself, and none of them as chat; leave one of the two out.");
}

Result<TrainingRows> readWritingForm(const Table& table, const TrainingFile& request)
{
    const WritingForm* form = findWritingForm(request.task);
    if (form == nullptr)
        return badInput("No template " + visible(request.task, 60) + " says what is to be written: sft takes " +
                        writingFormNames() + ", or no --task.");
    if (request.asChat) return asksForChat(form->name);
    const auto cells = roleCells(form->name, form->roles, table, request.columns);
    if (!cells) return cells.error();
    TrainingRows read{.about = form->about, .rows = {}};
    read.leftOutBecause = "they hold nothing to learn";
    for (const Row& row : table.rows) {
        auto written = form->row(table, row, *cells);
        if (!written) return written.error();
        if (written->response.find_first_not_of(" \r\n\t") == std::string::npos) {
            ++read.leftOut;
            continue;
        }
        TrainingRow made{.texts = {}, .group = std::move(written->group), .line = row.line};
        made.texts.push_back({.prompt = std::move(written->prompt), .response = std::move(written->response)});
        read.rows.push_back(std::move(made));
    }
    return read;
}

/// Published forms through the same templates as experiments and previews.
Result<TrainingRows> readTemplate(const Table& table, const TrainingFile& request)
{
    if (request.shape == TrainingShape::Writing) return readWritingForm(table, request);
    const auto form = templateOf(request.task);
    if (!form) return form.error();
    if (request.asChat) return asksForChat(form->name);
    const bool pairs = request.shape == TrainingShape::Pairs;
    const bool fits = (form->read == Read::Compare) == pairs && (!pairs || form->classes == 2);
    if (!fits)
        return badInput("The template " + form->name + " reads " + form->about +
                        ", which this method cannot learn from; " +
                        (findWritingForm(form->name) != nullptr ? "use --method sft, leave" : "leave") +
                        " --task out or choose another.");
    const auto cells = roleCells(*form, table, request.columns);
    if (!cells) return cells.error();
    const auto items = form->items(table, *cells);
    if (!items) return items.error();
    TrainingRows read{
        .about = form->about, .rows = {}, .leftOut = items->leftOut, .leftOutBecause = form->leftOutBecause};
    read.distrusted = items->distrusted;
    read.distrustedBecause = form->distrustedBecause;
    read.classes = pairs ? 0 : form->classes;
    for (const RawItem& item : items->items) {
        TrainingRow made{.texts = {}, .group = item.group, .line = item.line};
        for (const std::string& text : item.texts)
            made.texts.push_back({.response = text});
        if (pairs) {
            if (item.truth == 1) std::swap(made.texts[0], made.texts[1]);
            shareContext(made.texts[0], made.texts[1]);
        } else {
            made.classes.resize(static_cast<std::size_t>(form->classes));
            made.classes[static_cast<std::size_t>(item.truth)] = 1;
        }
        read.rows.push_back(std::move(made));
    }
    return read;
}

} // namespace

Result<void> eachTrainingPart(const TrainingFile& request, std::size_t partBytes,
                              const std::function<Result<void>(TrainingRows&& part)>& take)
{
    std::size_t usable = 0;
    std::size_t leftOut = 0;
    int classes = 0;
    std::string because;
    const auto onPart = [&](const Table& table) -> Result<void> {
        auto read = !request.task.empty()                     ? readTemplate(table, request)
                    : request.shape == TrainingShape::Writing ? readWriting(table, request)
                    : request.shape == TrainingShape::Pairs   ? readPairs(table, request)
                                                              : readClasses(table, request);
        if (!read) return read.error();
        usable += read->rows.size();
        leftOut += read->leftOut;
        because = read->leftOutBecause;
        read->classes = classes = std::max(classes, read->classes);
        return take(std::move(*read));
    };
    if (auto read = eachPart(request.file, partBytes, onPart); !read) return read;
    if (usable == 0)
        return badInput(visible(request.file.string()) + " holds no usable row: " + counted(leftOut, "row") +
                        " were left out because " + because + ".");
    return {};
}

Result<TrainingRows> readTrainingRows(const TrainingFile& request)
{
    TrainingRows all;
    const auto onPart = [&](TrainingRows&& part) -> Result<void> {
        all = std::move(part);
        return {};
    };
    // A part as large as any file: the only one.
    if (auto read = eachTrainingPart(request, std::numeric_limits<std::size_t>::max(), onPart); !read)
        return read.error();
    return all;
}

} // namespace gradus::data
