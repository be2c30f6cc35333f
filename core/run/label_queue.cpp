// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/label_queue.h"

#include "base/files.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "data/fingerprint.h"
#include "data/table.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

namespace gradus::run {

namespace {

constexpr int kMostClasses = 1000;

/// Held while the file of labels is read and written again: two people may fill one file.
class FolderLock final
{
public:
    explicit FolderLock(const std::filesystem::path& file)
    {
        const auto folder = std::filesystem::absolute(file).parent_path();
        m_descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        while (m_descriptor >= 0 && ::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~FolderLock()
    {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int m_descriptor = -1; ///< without one (a folder that cannot be read) the write below says what is wrong
};

bool isLines(const std::filesystem::path& labels)
{
    return labels.extension() == ".jsonl" || labels.extension() == ".ndjson";
}

/// One line that a reader of the file gets back as it was.
Result<void> checkWord(const std::string& text, const char* what)
{
    if (text.size() > 200 || std::ranges::any_of(text, [](unsigned char c) { return std::iscntrl(c) != 0; }))
        return badInput(std::string(what) + " \"" + visible(text, 60) + "\" is no single line of at most 200 bytes.");
    if (!text.empty() && csvField(text).starts_with('\''))
        return badInput(std::string(what) + " \"" + visible(text, 60) +
                        "\" would be a formula in a spreadsheet; begin it with a letter or a digit.");
    return {};
}

std::vector<std::string> textsFrom(const std::string& cell)
{
    if (isJsonDeeper(cell)) return {cell};
    const nlohmann::json json = nlohmann::json::parse(cell, nullptr, false);
    if (!json.is_array()) return {cell};
    std::vector<std::string> texts;
    for (const nlohmann::json& one : json)
        texts.push_back(one.is_string() ? one.get<std::string>() : one.dump());
    return texts;
}

Result<std::string> contentOf(const std::filesystem::path& file)
{
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return std::string();
    return readFile(file);
}

} // namespace

Result<LabelQueue> LabelQueue::open(const LabelRequest& request)
{
    if (request.annotator.empty()) return badInput("Nobody is named who labels; give --annotator.");
    if (const auto sound = checkWord(request.annotator, "The annotator"); !sound) return sound.error();
    if (const auto sound = checkWord(request.background, "The background"); !sound) return sound.error();
    if (!isLines(request.labels) && request.labels.extension() != ".csv")
        return badInput("The labels go to a .csv or .jsonl file, and " + visible(request.labels.string(), 300) +
                        " is none.");
    LabelQueue queue;
    queue.m_request = request;
    if (const auto read = queue.readItems(); !read) return read.error();
    if (const auto read = queue.readLabels(); !read) return read.error();
    return queue;
}

Result<void> LabelQueue::readItems()
{
    const auto table = data::readTable(m_request.items);
    if (!table) return table.error();
    const auto item = data::findColumn(*table, "item");
    const auto classes = data::findColumn(*table, "classes");
    const auto texts = data::findColumn(*table, "texts");
    const auto tokens = data::findColumn(*table, "tokens");
    if (!item || !classes || (!texts && !tokens))
        return badInput(visible(table->file, 400) + " lacks " +
                        (!item      ? "item"
                         : !classes ? "classes"
                                    : "texts") +
                        ", which a queue of labels needs; write it anew with `gradus data items`.");
    for (const data::Row& row : table->rows) {
        LabelItem made;
        const auto number = data::itemNumberFrom(row.cells[*item].value_or(""));
        if (!number)
            return badInput(data::placeOf(*table, row) + ": \"" + visible(row.cells[*item].value_or(""), 40) +
                            "\" names no item; use the 16 digits that `gradus data items` writes.");
        made.name = data::itemName(*number);
        const auto count = parseNumber(row.cells[*classes].value_or(""));
        if (!count || *count < 2 || *count > kMostClasses || *count != std::floor(*count))
            return badInput(data::placeOf(*table, row) + ": classes = \"" +
                            visible(row.cells[*classes].value_or(""), 40) + "\" is no number from 2 to " +
                            std::to_string(kMostClasses) + ".");
        made.choices = static_cast<int>(*count);
        const bool hasTexts = texts && row.cells[*texts];
        if (!hasTexts && (!tokens || !row.cells[*tokens]))
            return badInput(data::placeOf(*table, row) + ": the item has neither texts nor tokens to show.");
        made.texts = textsFrom(hasTexts ? *row.cells[*texts] : *row.cells[*tokens]);
        made.textsAreChoices = made.texts.size() > 1 && made.texts.size() == static_cast<std::size_t>(made.choices);
        m_items.push_back(std::move(made));
    }
    return {};
}

Result<void> LabelQueue::readLabels()
{
    m_columns = {"item", "label", "annotator", "background"};
    std::error_code code;
    if (!std::filesystem::exists(m_request.labels, code)) return {};
    const auto table = data::readTable(m_request.labels);
    if (!table) return table.error();
    const auto item = data::findColumn(*table, "item");
    const auto label = data::findColumn(*table, "label");
    const auto annotator = data::findColumn(*table, "annotator");
    const auto background = data::findColumn(*table, "background");
    const bool takesBackground = background || isLines(m_request.labels) || m_request.background.empty();
    if (!item || !label || !annotator || !takesBackground)
        return badInput(visible(table->file, 400) + " lacks the column \"" +
                        (!item        ? "item"
                         : !label     ? "label"
                         : !annotator ? "annotator"
                                      : "background") +
                        "\"; add it, or write the labels to another file.");
    if (!isLines(m_request.labels)) m_columns = table->columns;
    std::set<std::string> own;
    for (const LabelItem& one : m_items)
        own.insert(one.name);
    for (const data::Row& row : table->rows) {
        if (row.cells[*annotator].value_or("") != m_request.annotator || row.cells[*label].value_or("").empty())
            continue;
        const std::string said = background ? row.cells[*background].value_or("") : std::string();
        if (!said.empty() && m_request.background.empty()) m_request.background = said;
        if (!said.empty() && said != m_request.background)
            return badInput(data::placeOf(*table, row) + ": \"" + visible(m_request.annotator, 60) +
                            "\" has the background \"" + visible(said, 60) + "\" there, not \"" +
                            visible(m_request.background, 60) + "\"; give the same, or another name.");
        if (const std::string name = row.cells[*item].value_or(""); own.contains(name)) m_done.insert(name);
    }
    return {};
}

const LabelItem* LabelQueue::next() const
{
    for (std::size_t place = m_place; place < m_items.size(); ++place)
        if (!m_done.contains(m_items[place].name)) return &m_items[place];
    return nullptr;
}

std::string LabelQueue::header() const
{
    std::string line;
    if (isLines(m_request.labels)) return line;
    for (const std::string& column : m_columns)
        line += (line.empty() ? "" : ",") + csvField(column);
    return line + "\n";
}

std::string LabelQueue::lineOf(const LabelItem& item, int label) const
{
    const auto valueOf = [&](const std::string& column) -> std::string {
        if (column == "item") return item.name;
        if (column == "label") return std::to_string(label);
        if (column == "annotator") return m_request.annotator;
        return column == "background" ? m_request.background : std::string();
    };
    if (isLines(m_request.labels)) {
        nlohmann::ordered_json row;
        for (const std::string& column : m_columns)
            row[column] = valueOf(column);
        return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    }
    std::string line;
    for (const std::string& column : m_columns)
        line += (line.empty() ? "" : ",") + csvField(valueOf(column));
    return line + "\n";
}

Result<void> LabelQueue::label(int label)
{
    const LabelItem& item = *next();
    const std::string line = lineOf(item, label);
    const FolderLock lock(m_request.labels);
    auto content = contentOf(m_request.labels); // anew: somebody else may have written
    if (!content) return content.error();
    if (content->empty()) *content = header();
    if (!content->empty() && content->back() != '\n') *content += "\n";
    if (const auto written = writeFileAtomically(m_request.labels, *content + line); !written) return written;
    m_place = static_cast<std::size_t>(&item - m_items.data());
    m_given.push_back({m_place, line});
    m_done.insert(item.name);
    return {};
}

void LabelQueue::pass()
{
    if (const LabelItem* item = next()) m_place = static_cast<std::size_t>(item - m_items.data()) + 1;
}

Result<bool> LabelQueue::undo()
{
    if (m_given.empty()) return false;
    const Given& newest = m_given.back();
    const FolderLock lock(m_request.labels);
    auto content = contentOf(m_request.labels);
    if (!content) return content.error();
    const std::size_t at = content->rfind(newest.line);
    if (at == std::string::npos)
        return badInput("The label to take back is not in " + visible(m_request.labels.string(), 300) +
                        " any more; change it there.");
    content->erase(at, newest.line.size());
    std::error_code code;
    if (content->empty() || *content == header()) // as before the first label: a file without rows is none
        std::filesystem::remove(m_request.labels, code);
    else if (const auto written = writeFileAtomically(m_request.labels, *content); !written)
        return written.error();
    m_done.erase(m_items[newest.place].name);
    m_place = newest.place;
    m_given.pop_back();
    return true;
}

} // namespace gradus::run
