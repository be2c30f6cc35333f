// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/table_parts.h"

#include "base/text.h"
#include "data/csv.h"
#include "data/jsonl.h"
#include "data/parquet_table.h"

#include <algorithm>
#include <fstream>

namespace gradus::data {

namespace {

/// A part that finds no end in so much more is given to the parser as it is, which says why.
constexpr std::size_t kLongestRecord = std::size_t{64} << 20;

/// Line breaks, and the bytes of the mark that some files begin with.
constexpr std::string_view kBlank = "\r\n\xEF\xBB\xBF";

/// Text up to the last end of a record, again and again. In CSV a line may end inside of quotes.
class RecordParts final
{
public:
    RecordParts(const std::filesystem::path& path, std::size_t partBytes, bool quotes)
        : m_path(path), m_file(path, std::ios::binary), m_partBytes(std::max<std::size_t>(1, partBytes)),
          m_quotes(quotes)
    {
    }

    /// The next part and its first line; an empty one at the end.
    Result<std::string_view> next(int& firstLine)
    {
        m_line +=
            static_cast<int>(std::count(m_text.begin(), m_text.begin() + static_cast<std::ptrdiff_t>(m_given), '\n'));
        m_text.erase(0, m_given);
        m_given = 0;
        firstLine = m_line;
        if (!m_file.is_open())
            return badInput("Cannot read " + visible(m_path.string()) + ": check the path and its permissions.");
        std::size_t end = lastEnd(0);
        while (!m_ended && (end == 0 || m_text.size() < m_partBytes) && m_text.size() < m_partBytes + kLongestRecord) {
            const std::size_t begin = m_text.size();
            m_text.resize(begin + m_partBytes);
            m_file.read(m_text.data() + begin, static_cast<std::streamsize>(m_partBytes));
            m_text.resize(begin + static_cast<std::size_t>(m_file.gcount()));
            m_ended = m_text.size() == begin;
            if (m_file.bad()) return failed("Reading " + visible(m_path.string()) + " failed: check the disk.");
            end = std::max(end, lastEnd(begin));
        }
        m_given = m_ended || end == 0 ? m_text.size() : end;
        return std::string_view(m_text).substr(0, m_given);
    }

private:
    /// One after the last record's end at or after `from`; 0 without one. Parts begin outside of quotes. Empty lines
    /// belong to the record after them: a part of nothing else would be a file without a header.
    std::size_t lastEnd(std::size_t from)
    {
        if (from == 0) {
            m_inside = false;
            m_blank = true;
        }
        std::size_t end = 0;
        for (std::size_t at = from; at < m_text.size(); ++at) {
            if (m_text[at] == '"' && m_quotes) m_inside = !m_inside;
            m_blank = m_blank && kBlank.find(m_text[at]) != std::string_view::npos;
            if (m_text[at] == '\n' && !m_inside && !m_blank) end = at + 1;
        }
        return end;
    }

    std::filesystem::path m_path;
    std::ifstream m_file;
    std::size_t m_partBytes;
    bool m_quotes;
    std::string m_text;      ///< what was read and not yet done with
    std::size_t m_given = 0; ///< its beginning, which the caller has
    int m_line = 1;
    bool m_inside = false; ///< of quotes, after what was looked at
    bool m_blank = true;   ///< nothing but line breaks was looked at
    bool m_ended = false;
};

constexpr std::size_t kMostColumns = 1000; ///< of a file, as of a part

/// Moves the cells of a part to where the whole file's columns stand; false: it has one that the file had not.
bool widen(Table& part, const std::vector<std::string>& columns)
{
    std::vector<std::size_t> places;
    for (const std::string& name : part.columns) {
        places.push_back(static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin()));
        if (places.back() == columns.size()) return false;
    }
    for (Row& row : part.rows) {
        std::vector<std::optional<std::string>> cells(columns.size());
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            cells[places[i]] = std::move(row.cells[i]);
        row.cells = std::move(cells);
    }
    part.columns = columns;
    return true;
}

using TakePart = std::function<Result<void>(Table& part)>;

Result<void> eachJsonlPart(const std::filesystem::path& path, std::size_t partBytes, const TakePart& take)
{
    RecordParts parts(path, partBytes, false);
    for (;;) {
        int line = 1;
        const auto text = parts.next(line);
        if (!text) return text.error();
        if (text->empty()) return {};
        auto part = parseJsonlRows(*text, path.string(), line);
        if (!part) return part.error();
        if (auto taken = take(*part); !taken) return taken;
    }
}

Result<std::vector<std::string>> jsonlColumns(const std::filesystem::path& path, std::size_t partBytes)
{
    std::vector<std::string> columns;
    const auto look = [&](Table& part) -> Result<void> {
        for (std::string& name : part.columns)
            if (std::ranges::find(columns, name) == columns.end()) columns.push_back(std::move(name));
        if (columns.size() > kMostColumns)
            return badInput(visible(path.string()) + ": the file has over 1,000 columns: take some out.");
        return {};
    };
    if (auto read = eachJsonlPart(path, partBytes, look); !read) return read.error();
    return columns;
}

Result<void> eachCsvPart(const std::filesystem::path& path, std::size_t partBytes, const TakePart& take)
{
    RecordParts parts(path, partBytes, true);
    std::vector<std::string> columns;
    for (;;) {
        int line = 1;
        const auto text = parts.next(line);
        if (!text) return text.error();
        if (text->empty()) return {};
        auto part =
            columns.empty() ? parseCsv(*text, path.string()) : parseCsvRows(*text, path.string(), columns, line);
        if (!part) return part.error();
        columns = part->columns;
        if (auto taken = take(*part); !taken) return taken;
    }
}

} // namespace

Result<void> eachPart(const std::filesystem::path& path, std::size_t partBytes,
                      const std::function<Result<void>(const Table& part)>& take)
{
    const std::string extension = path.extension().string();
    const bool lines = extension == ".jsonl" || extension == ".ndjson";
    const bool packed = extension == ".parquet"; // its size on disk says little
    std::error_code failure;
    if (!packed &&
        ((!lines && extension != ".csv") || std::filesystem::file_size(path, failure) <= partBytes || failure)) {
        const auto table = readTable(path);
        if (!table) return table.error();
        return take(*table);
    }
    std::size_t rows = 0;
    const auto counted = [&](Table& part) -> Result<void> {
        rows += part.rows.size();
        return part.rows.empty() ? Result<void>() : take(part);
    };
    Result<void> read;
    if (packed) {
        read = eachParquetPart(path, partBytes, counted);
    } else if (lines) {
        const auto columns = jsonlColumns(path, partBytes);
        if (!columns) return columns.error();
        read = eachJsonlPart(path, partBytes, [&](Table& part) {
            if (!widen(part, *columns))
                return Result<void>(badInput(visible(path.string()) +
                                             " was changed while it was read; read it once nobody writes to it."));
            return counted(part);
        });
    } else {
        read = eachCsvPart(path, partBytes, counted);
    }
    if (read && rows == 0)
        return badInput(visible(path.string()) + " holds no rows: put at least one example into it.");
    return read;
}

} // namespace gradus::data
