// SPDX-License-Identifier: GPL-3.0-or-later
// A table that Weights & Biases exports, or any other with a step column: one row a step, or one a step and run.
#include "base/files.h"
#include "base/text.h"
#include "data/csv.h"
#include "imports/read_source.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace gradus::imports {

namespace {

using data::Table;

constexpr const char* kStepColumns[] = {
    "_step", "Step", "step", "global_step", "trainer/global_step", "train/global_step", "iteration", "epoch"};
constexpr const char* kRunColumns[] = {"run", "Run", "run_name", "Name", "name", "run_id", "ID"};
constexpr const char* kTimeColumns[] = {"_timestamp", "timestamp", "wall_time"};

template <std::size_t N>
std::optional<std::size_t> firstOf(const Table& table, const char* const (&names)[N])
{
    for (const char* name : names)
        if (const auto column = data::findColumn(table, name)) return column;
    return std::nullopt;
}

/// A number as Python, JavaScript and SQL write it, NaN and infinities included.
std::optional<double> numberOf(const std::string& text)
{
    if (text == "NaN" || text == "nan" || text == "NAN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity" || text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity" || text == "-inf") return -std::numeric_limits<double>::infinity();
    return parseNumber(text);
}

/// "NAME - METRIC" of a panel's export; the bounds beside it say nothing of their own.
struct PanelColumn
{
    std::string run;
    std::string metric;
    bool isBound = false;
};
std::optional<PanelColumn> panelColumn(const std::string& name)
{
    const std::size_t dash = name.rfind(" - ");
    if (dash == std::string::npos || dash == 0 || dash + 3 == name.size()) return std::nullopt;
    PanelColumn column{name.substr(0, dash), name.substr(dash + 3)};
    column.isBound = column.metric.ends_with("__MIN") || column.metric.ends_with("__MAX");
    return column;
}

/// Reads the rows of one table into runs.
class CsvReader
{
public:
    CsvReader(const Table& table, std::string project)
        : m_table(table), m_step(firstOf(table, kStepColumns)), m_run(firstOf(table, kRunColumns)),
          m_time(firstOf(table, kTimeColumns)), m_project(std::move(project))
    {
        m_source.format = "W&B export";
        m_source.stepName = m_step ? table.columns[*m_step] : "row";
        m_source.stepsMayGoBack = false;
    }

    Result<ForeignSource> read()
    {
        const std::vector<std::size_t> metrics = metricColumns();
        for (const data::Row& row : m_table.rows)
            if (auto done = readRow(row, metrics); !done) return done.error();
        if (m_source.runs.empty())
            return badInput(m_table.file + " has no column of numbers to import; its columns are " + columnList() +
                            ".");
        return std::move(m_source);
    }

private:
    std::string columnList() const
    {
        std::string list;
        for (std::size_t i = 0; i < std::min<std::size_t>(8, m_table.columns.size()); ++i)
            list += (i == 0 ? "\"" : ", \"") + visible(m_table.columns[i], 40) + "\"";
        return list + (m_table.columns.size() > 8 ? ", …" : "");
    }

    /// Columns of which most filled cells are numbers; the others are named once.
    std::vector<std::size_t> metricColumns()
    {
        std::vector<std::size_t> metrics;
        std::string left;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            if (i == m_step || i == m_run || i == m_time) continue;
            if (m_table.columns[i].empty()) { // of an index, as pandas writes one
                m_source.notes.push_back("The column without a name was left out.");
                continue;
            }
            if (const auto panel = panelColumn(m_table.columns[i]); panel && panel->isBound) continue;
            std::size_t numbers = 0;
            std::size_t words = 0;
            for (const data::Row& row : m_table.rows) {
                if (!row.cells[i] || row.cells[i]->empty()) continue;
                ++(numberOf(*row.cells[i]) ? numbers : words);
            }
            if (numbers > words)
                metrics.push_back(i);
            else if (words > 0)
                left += (left.empty() ? "" : ", ") + visible(m_table.columns[i], 40);
        }
        if (!left.empty())
            m_source.notes.push_back("Columns without numbers were left out: " + visible(left, 200) + ".");
        return metrics;
    }

    Result<void> readRow(const data::Row& row, const std::vector<std::size_t>& metrics)
    {
        store::PointRow point;
        const std::string name = m_run && row.cells[*m_run] ? *row.cells[*m_run] : m_project;
        point.step = m_rows[name]++;
        if (m_step) {
            const auto step = row.cells[*m_step] ? numberOf(*row.cells[*m_step]) : std::nullopt;
            if (!step || !std::isfinite(*step) || std::abs(*step) > 9e15 || *step != std::floor(*step))
                return badInput(m_table.file + ":" + std::to_string(row.line) + ": the step in column " +
                                visible(m_table.columns[*m_step], 40) +
                                " is no whole number; choose another step axis with --step.");
            point.step = static_cast<std::int64_t>(*step);
        }
        if (m_time && row.cells[*m_time]) point.wall = numberOf(*row.cells[*m_time]).value_or(0);
        for (const std::size_t i : metrics) {
            if (!row.cells[i] || row.cells[i]->empty()) continue;
            const auto value = numberOf(*row.cells[i]);
            if (!value) {
                noteBad(row, i);
                continue;
            }
            const auto panel = m_run ? std::nullopt : panelColumn(m_table.columns[i]);
            point.value = *value;
            add(panel ? panel->run : name, panel ? panel->metric : m_table.columns[i], point);
        }
        return {};
    }

    void noteBad(const data::Row& row, std::size_t column)
    {
        if (++m_bad > 3) return; // the first three tell what is wrong
        m_source.notes.push_back("Line " + std::to_string(row.line) + ": " + visible(m_table.columns[column], 40) +
                                 " is \"" + visible(*row.cells[column], 40) + "\", no number, and was left out.");
    }

    void add(const std::string& runName, const std::string& metric, const store::PointRow& point)
    {
        const auto [place, isNew] = m_runPlaces.emplace(runName, m_source.runs.size());
        if (isNew) {
            m_source.runs.push_back({.name = runName, .project = m_project, .startedAt = point.wall});
            m_source.runs.back().key = m_project + " " + runName + " " + numberText(point.wall);
        }
        ForeignRun& run = m_source.runs[place->second];
        run.endedAt = std::max(run.endedAt, point.wall);
        const auto [at, isNewSeries] = m_seriesPlaces.emplace(std::make_pair(runName, metric), run.series.size());
        if (isNewSeries) run.series.push_back({.name = metric});
        run.series[at->second].points.push_back(point);
    }

    const Table& m_table;
    std::optional<std::size_t> m_step;
    std::optional<std::size_t> m_run;
    std::optional<std::size_t> m_time;
    std::string m_project;
    ForeignSource m_source;
    std::map<std::string, std::size_t> m_runPlaces;
    std::map<std::pair<std::string, std::string>, std::size_t> m_seriesPlaces; ///< of a run's metric among its series
    std::map<std::string, std::int64_t> m_rows;
    int m_bad = 0;
};

} // namespace

Result<ForeignSource> readWandbCsv(const std::filesystem::path& path)
{
    const auto text = readFile(path);
    if (!text) return text.error();
    const auto table = data::parseCsv(*text, path.string());
    if (!table) return table.error();
    if (table->rows.empty()) return badInput(visible(path.string(), 400) + " has no rows to import.");
    return CsvReader(*table, path.stem().string()).read();
}

} // namespace gradus::imports
