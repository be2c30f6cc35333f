// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/diff_text.h"

#include "base/text.h"
#include "compare/cell_text.h"
#include "compare/run_origins.h"

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

using nlohmann::json;

struct Part
{
    const char* name;
    const std::vector<DiffRow>& rows;
};

std::vector<Part> partsOf(const DiffTable& table)
{
    return {{"configuration", table.keys}, {"made of", table.origins}};
}

std::string asCsv(const DiffTable& table)
{
    std::string text = "part,key,differs";
    for (const std::string& group : table.groups)
        text += "," + csvField(visible(group));
    text += "\n";
    for (const Part& part : partsOf(table))
        for (const DiffRow& row : part.rows) {
            text += std::string(part.name) + "," + csvField(visible(row.key)) + (row.differs ? ",yes" : ",no");
            for (const std::string& value : row.values)
                text += "," + csvField(visibleLines(value));
            text += "\n";
        }
    return text;
}

std::string asJson(const DiffTable& table)
{
    json document{{"groups", table.groups}};
    for (const Part& part : partsOf(table)) {
        json rows = json::array();
        for (const DiffRow& row : part.rows) {
            json one{{"key", row.key}, {"differs", row.differs}, {"values", json::array()}};
            for (const std::string& value : row.values)
                one["values"].push_back(value.empty() ? json() : json(value));
            rows.push_back(std::move(one));
        }
        document[part.name] = std::move(rows);
    }
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string asMarkdown(const DiffTable& table)
{
    std::string text;
    for (const Part& part : partsOf(table)) {
        if (part.rows.empty()) continue;
        text += (text.empty() ? "" : "\n") + std::string("| ") + part.name + " |";
        std::string rule = "|---|";
        for (const std::string& group : table.groups) {
            text += " " + markdownName(visible(group)) + " |";
            rule += "---|";
        }
        text += "\n" + rule + "\n";
        for (const DiffRow& row : part.rows) {
            text += "| " + markdownName(visible(row.key)) + " |";
            for (std::size_t i = 0; i < row.values.size(); ++i)
                text += " " + (row.values[i].empty() ? "–" : markdownName(visible(row.brief[i]))) + " |";
            text += "\n";
        }
    }
    return text.empty() ? "No key differs.\n" : text;
}

std::string asLatex(const DiffTable& table)
{
    std::string text = "\\begin{tabular}{l" + std::string(table.groups.size(), 'l') + "}\n\\toprule\nkey";
    for (const std::string& group : table.groups)
        text += " & " + latexName(visible(group));
    text += " \\\\\n";
    for (const Part& part : partsOf(table)) {
        if (part.rows.empty()) continue;
        text += "\\midrule\n";
        for (const DiffRow& row : part.rows) {
            text += latexName(visible(row.key));
            for (std::size_t i = 0; i < row.values.size(); ++i)
                text += " & " + (row.values[i].empty() ? "--" : latexName(visible(row.brief[i])));
            text += " \\\\\n";
        }
    }
    return text + "\\bottomrule\n\\end{tabular}\n";
}

} // namespace

DiffTable differencesOf(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    DiffTable table;
    for (const RunGroup& group : grouping.groups)
        table.groups.push_back(group.label);
    for (DiffRow& row : specDiff(runs, grouping))
        if (row.differs || grouping.groups.size() == 1) table.keys.push_back(std::move(row));
    for (const OriginRow& row : origins(runs, grouping))
        table.origins.push_back({{}, row.name, row.values, row.values, row.differs});
    return table;
}

std::string textOf(const DiffTable& table, TextFormat format)
{
    switch (format) {
    case TextFormat::Csv:
        return asCsv(table);
    case TextFormat::Json:
        return asJson(table);
    case TextFormat::Markdown:
        return asMarkdown(table);
    case TextFormat::Latex:
        return asLatex(table);
    }
    return {};
}

} // namespace gradus::compare
