// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "commands/sources_text.h"
#include "data/answers.h"
#include "signals/source_report.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

/// Above this many different answers nobody chose from a list.
constexpr std::size_t kMostChoices = 20;

struct SourcesOptions
{
    std::vector<std::string> files;
    std::vector<std::string> sources;
    std::string truth;
    std::string truthFile;
    std::string key;
    std::string compare = "exact";
    std::vector<std::string> same;
    std::string format = "table";
    bool json = false;
};

Result<data::AnswerColumns> columnsOf(const SourcesOptions& options)
{
    data::AnswerColumns columns{.files = {options.files.begin(), options.files.end()},
                                .sources = options.sources,
                                .truth = options.truth,
                                .truthFile = options.truthFile,
                                .key = options.key,
                                .comparison = *data::comparisonFromName(options.compare)};
    auto same = assignments(options.same, "--same", "ANSWER=ANSWER", ": the first is read as the second.");
    if (!same) return same.error();
    columns.sameAs = std::move(*same);
    return columns;
}

signals::VoteTable tableOf(const data::AnswerTable& answers, data::Comparison comparison,
                           signals::SourceQuestion& question)
{
    signals::VoteTable table;
    table.classes = static_cast<int>(std::max<std::size_t>(2, answers.answers.size()));
    table.items = answers.labels.front().size();
    for (std::size_t j = 0; j < answers.names.size(); ++j)
        table.sources.push_back({.name = visible(answers.names[j], 60),
                                 .labels = answers.labels[j],
                                 .probabilities = {},
                                 .weight = 1,
                                 .family = {}});
    for (std::size_t i = 0; i < answers.truth.size(); ++i)
        if (answers.truth[i] != signals::kAbstain) {
            question.anchors.items.push_back(i);
            question.anchors.truth.push_back(answers.truth[i]);
        }
    question.verdictsOnly = comparison == data::Comparison::Verdict;
    question.openAnswers = comparison == data::Comparison::Number || answers.answers.size() > kMostChoices;
    return table;
}

int sources(const SourcesOptions& options)
{
    const auto columns = columnsOf(options);
    if (!columns) return report(columns.error());
    const auto answers = data::readAnswers(*columns);
    if (!answers) return report(answers.error());
    signals::SourceQuestion question;
    const signals::VoteTable table = tableOf(*answers, columns->comparison, question);
    const auto made = signals::sourceReport(table, question);
    if (!made) return report(made.error());
    if (options.json || options.format == "json") {
        auto document = sourcesJson(*made, table, question);
        document["unread_cells"] = answers->unread;
        printJson(document);
        return 0;
    }
    std::string text = options.format == "csv" ? sourcesCsv(*made) : sourcesText(*made, table, question);
    if (answers->unread > 0 && options.format != "csv")
        text += "\n" + std::to_string(answers->unread) + " cells hold no number and count as silence.\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

} // namespace

void addSources(CLI::App& data, Invocation& invocation)
{
    auto options = std::make_shared<SourcesOptions>();
    CLI::App* action = data.add_subcommand(
        "sources", "How alike the errors of several sources are, and what a further one would bring.");
    action->footer("A source is a column: of one file, or the same column of several files joined by --key.\n"
                   "Worked solutions with a truth:\n"
                   "  gradus data sources model_solutions.jsonl --truth ground_truth --compare number \\\n"
                   "    --source 6b_finetuning.solution --source 175b_verification.solution\n"
                   "Annotators without a truth:\n"
                   "  gradus data sources train.jsonl --source annotator1 --source annotator2 --source annotator3");
    action->add_option("file", options->files, "CSV or JSON Lines")->required();
    action->add_option("--source", options->sources, "A column of answers; column.key reaches into JSON")->required();
    action->add_option("--truth", options->truth, "Column of the right answers");
    action->add_option("--truth-file", options->truthFile, "File of that column (default: the first file)");
    action->add_option("--key", options->key, "Column that says which rows of several files are one item");
    action
        ->add_option("--compare", options->compare,
                     "exact: the whole text; number: the last number in it; verdict: true or false says who is right")
        ->check(CLI::IsMember({"exact", "number", "verdict"}))
        ->capture_default_str();
    action->add_option("--same", options->same, "FROM=TO: read the answer FROM as TO");
    action->add_option("--as", options->format, "Form of the report")
        ->check(CLI::IsMember({"table", "csv", "json"}))
        ->capture_default_str();
    action->add_flag("--json", options->json, "JSON instead of text");
    action->callback([options, &invocation] { invocation.exitCode = sources(*options); });
}

} // namespace gradus::app
