// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/csv.h"

#include "base/text.h"

#include <set>

namespace gradus::data {

namespace {

/// Reads one record after the other; keeps line and column for messages.
class Reader final
{
public:
    Reader(std::string_view text, const std::string& file, int firstLine = 1)
        : m_text(text), m_file(file), m_line(firstLine)
    {
        if (firstLine == 1 && m_text.starts_with("\xEF\xBB\xBF")) m_at = m_lineStart = 3;
    }

    void skipBlankLines()
    {
        while (atLineEnd() && !atEnd())
            takeLineEnd();
    }
    bool atEnd() const { return m_at >= m_text.size(); }
    int line() const { return m_line; }

    Result<std::vector<std::string>> record()
    {
        std::vector<std::string> fields;
        for (;;) {
            Result<std::string> field = !atEnd() && m_text[m_at] == '"' ? quoted() : bare();
            if (!field) return field.error();
            fields.push_back(std::move(*field));
            if (atEnd()) return fields;
            if (atLineEnd()) {
                takeLineEnd();
                return fields;
            }
            if (m_text[m_at] != ',')
                return error("text stands after a closing quote: double the quotes inside the field");
            ++m_at;
        }
    }

private:
    bool atLineEnd() const
    {
        return atEnd() || m_text[m_at] == '\n' ||
               (m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n');
    }

    void takeLineEnd()
    {
        m_at += m_text[m_at] == '\r' ? 2 : 1;
        newLine();
    }

    void newLine()
    {
        ++m_line;
        m_lineStart = m_at;
    }

    Result<std::string> bare()
    {
        const std::size_t begin = m_at;
        while (!atLineEnd() && m_text[m_at] != ',') {
            if (m_text[m_at] == '"') return error("a quote stands inside an unquoted field: quote the whole field");
            ++m_at;
        }
        return std::string(m_text.substr(begin, m_at - begin));
    }

    Result<std::string> quoted()
    {
        const int openLine = m_line;
        const std::size_t openColumn = m_at - m_lineStart + 1;
        std::string field;
        for (++m_at; !atEnd(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '"') {
                const bool doubled = m_at + 1 < m_text.size() && m_text[m_at + 1] == '"';
                ++m_at;
                if (!doubled) return field;
                field += '"';
                continue;
            }
            field += c;
            if (c == '\n') {
                ++m_line;
                m_lineStart = m_at + 1;
            }
        }
        return at(openLine, openColumn, "a quote is opened and never closed: close it");
    }

    Error error(const std::string& what) const { return at(m_line, m_at - m_lineStart + 1, what); }

    Error at(int line, std::size_t column, const std::string& what) const
    {
        Error error = badInput(visible(m_file) + " line " + std::to_string(line) + ", column " +
                               std::to_string(column) + ": " + what + ".");
        error.line = line;
        error.column = static_cast<int>(column);
        return error;
    }

    std::string_view m_text;
    const std::string& m_file;
    std::size_t m_at = 0;
    std::size_t m_lineStart = 0;
    int m_line;
};

/// The rest of the records, each of which must have the table's columns.
Result<void> readRecords(Reader& reader, Table& table)
{
    for (reader.skipBlankLines(); !reader.atEnd(); reader.skipBlankLines()) {
        const int line = reader.line();
        Result<std::vector<std::string>> fields = reader.record();
        if (!fields) return fields.error();
        if (fields->size() != table.columns.size()) {
            Error error =
                badInput(visible(table.file) + " line " + std::to_string(line) + " has " +
                         std::to_string(fields->size()) + " fields and the header has " +
                         std::to_string(table.columns.size()) + ": quote fields that hold commas or line ends.");
            error.line = line;
            return error;
        }
        Row row;
        row.line = line;
        for (std::string& field : *fields)
            row.cells.emplace_back(std::move(field));
        table.rows.push_back(std::move(row));
    }
    return {};
}

} // namespace

Result<Table> parseCsv(std::string_view text, const std::string& file)
{
    Reader reader(text, file);
    Table table;
    table.file = file;
    reader.skipBlankLines();
    if (reader.atEnd()) return badInput(visible(file) + " is empty: its first line should name the columns.");
    Result<std::vector<std::string>> header = reader.record();
    if (!header) return header.error();
    table.columns = std::move(*header);
    std::set<std::string> names;
    for (const std::string& name : table.columns)
        if (!names.insert(name).second)
            return badInput(visible(file) + " names the column \"" + visible(name, 60) + "\" twice: rename one.");
    if (auto read = readRecords(reader, table); !read) return read.error();
    return table;
}

Result<Table> parseCsvRows(std::string_view text, const std::string& file, std::vector<std::string> columns,
                           int firstLine)
{
    Reader reader(text, file, firstLine);
    Table table;
    table.file = file;
    table.columns = std::move(columns);
    if (auto read = readRecords(reader, table); !read) return read.error();
    return table;
}

} // namespace gradus::data
