// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "commands/assignments.h"
#include "commands/commands.h"
#include "commands/figures.h"
#include "data/answers.h"
#include "run/text_table.h"
#include "signals/source_report.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using nlohmann::json;

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

struct Asked
{
    signals::VoteTable table;
    signals::SourceQuestion question;
};

Asked askedOf(const data::AnswerTable& answers, data::Comparison comparison)
{
    Asked asked;
    asked.table.classes = static_cast<int>(std::max<std::size_t>(2, answers.answers.size()));
    asked.table.items = answers.labels.front().size();
    for (std::size_t j = 0; j < answers.names.size(); ++j)
        asked.table.sources.push_back({.name = visible(answers.names[j], 60),
                                       .labels = answers.labels[j],
                                       .probabilities = {},
                                       .weight = 1,
                                       .family = {}});
    for (std::size_t i = 0; i < answers.truth.size(); ++i)
        if (answers.truth[i] != signals::kAbstain) {
            asked.question.anchors.items.push_back(i);
            asked.question.anchors.truth.push_back(answers.truth[i]);
        }
    asked.question.verdictsOnly = comparison == data::Comparison::Verdict;
    asked.question.openAnswers = comparison == data::Comparison::Number || answers.answers.size() > kMostChoices;
    return asked;
}

json pairJson(const signals::SourceReport& report, const signals::SourcePair& pair)
{
    json made{{"first", report.sources[pair.first].name},
              {"second", report.sources[pair.second].name},
              {"agreement", figureJson(pair.agreement)},
              {"cohen", pair.cohen ? json(pair.cohen->kappa) : json()},
              {"phi", figureJson(pair.phiEstimate)},
              {"phi_of_largest", pair.phi ? json(pair.phi->ratio) : json()},
              {"error_consistency", pair.consistency ? json(pair.consistency->kappa) : json()},
              {"capa", pair.capa ? json(pair.capa->kappa) : json()},
              {"same_wrong_answer", figureJson(pair.sameWrong)}};
    return made;
}

json asJson(const signals::SourceReport& report, const Asked& asked, std::size_t unread)
{
    json made{{"items", asked.table.items},
              {"with_truth", asked.question.anchors.items.size()},
              {"answers", asked.table.classes},
              {"unread_cells", unread},
              {"sources", json::array()},
              {"pairs", json::array()},
              {"krippendorff_alpha", figureJson(report.krippendorff)},
              {"fleiss_kappa", figureJson(report.fleiss)},
              {"effective_sources", nullptr},
              {"nth_source", json::array()},
              {"leaving_out", json::array()},
              {"anchored_pool", json::array()},
              {"notes", report.notes}};
    for (const signals::SourceLine& line : report.sources)
        made["sources"].push_back(
            {{"name", line.name}, {"answered", line.answered}, {"accuracy", figureJson(line.accuracy)}});
    for (const signals::SourcePair& pair : report.pairs)
        made["pairs"].push_back(pairJson(report, pair));
    if (report.effective)
        made["effective_sources"] = {{"mean", figureJson(report.effective->mean)},
                                     {"spectral", figureJson(report.effective->spectral)}};
    if (report.worth)
        for (std::size_t n = 0; n < report.worth->sizes.size(); ++n) {
            made["nth_source"].push_back({{"n", n + 1},
                                          {"accuracy", figureJson(report.worth->sizes[n].accuracy)},
                                          {"gain", figureJson(report.worth->sizes[n].gain)}});
            made["leaving_out"].push_back(
                {{"name", report.sources[n].name}, {"accuracy_saved", figureJson(report.worth->leavingOut[n])}});
        }
    for (const signals::MarginalBenefit& step : report.benefit)
        made["anchored_pool"].push_back({{"name", step.name},
                                         {"nats_saved", figureJson(step.lossSaved)},
                                         {"nats", step.loss},
                                         {"effective_sources", step.effectiveSources}});
    return made;
}

std::string kappaText(const std::optional<signals::Agreement>& agreement)
{
    return agreement ? fixedText(agreement->kappa) : "–";
}

std::string pairsText(const signals::SourceReport& report)
{
    std::vector<std::vector<std::string>> rows{{"pair", "phi of errors", "of largest", "error consistency", "CAPA",
                                                "same wrong answer", "agreement", "Cohen"}};
    for (const signals::SourcePair& pair : report.pairs)
        rows.push_back({report.sources[pair.first].name + " / " + report.sources[pair.second].name,
                        figureText(pair.phiEstimate), pair.phi && pair.phi->phi > 0 ? fixedText(pair.phi->ratio) : "–",
                        kappaText(pair.consistency), kappaText(pair.capa), figureText(pair.sameWrong),
                        figureText(pair.agreement), kappaText(pair.cohen)});
    return run::aligned(rows, run::kAllWords);
}

std::string worthText(const signals::SourceReport& report)
{
    std::string text;
    if (report.worth) {
        std::vector<std::vector<std::string>> rows{{"sources", "accuracy of their pool", "gain of the last one"}};
        for (std::size_t n = 0; n < report.worth->sizes.size(); ++n)
            rows.push_back({std::to_string(n + 1), figureText(report.worth->sizes[n].accuracy),
                            figureText(report.worth->sizes[n].gain)});
        text += "\n" + run::aligned(rows, run::kAllWords);
        rows = {{"left out of all", "accuracy lost"}};
        for (std::size_t j = 0; j < report.sources.size(); ++j)
            rows.push_back({report.sources[j].name, figureText(report.worth->leavingOut[j])});
        text += "\n" + run::aligned(rows, run::kAllWords);
    }
    if (!report.benefit.empty()) {
        std::vector<std::vector<std::string>> rows{{"anchored pool", "nats saved an item", "nats", "worth sources"}};
        for (const signals::MarginalBenefit& step : report.benefit)
            rows.push_back({"+ " + step.name, figureText(step.lossSaved), fixedText(step.loss),
                            fixedText(step.effectiveSources, 2)});
        text += "\n" + run::aligned(rows, run::kAllWords);
    }
    return text;
}

std::string asText(const signals::SourceReport& report, const Asked& asked, std::size_t unread)
{
    std::string text = std::to_string(report.sources.size()) + " sources, " + std::to_string(asked.table.items) +
                       " items, " + std::to_string(asked.question.anchors.items.size()) +
                       " with truth; intervals of 95 % over items\n\n";
    std::vector<std::vector<std::string>> rows{{"source", "answered", "accuracy"}};
    for (const signals::SourceLine& line : report.sources)
        rows.push_back({line.name, std::to_string(line.answered), figureText(line.accuracy)});
    text += run::aligned(rows, run::kAllWords) + "\n" + pairsText(report);
    text += "\nKrippendorff's alpha " + figureText(report.krippendorff) + ", Fleiss' kappa " +
            figureText(report.fleiss) + "\n";
    if (report.effective)
        text += "Worth as independent sources: " + figureText(report.effective->mean, 2) + " by mean correlation, " +
                figureText(report.effective->spectral, 2) + " by its spectrum\n";
    text += worthText(report);
    if (unread > 0) text += "\n" + std::to_string(unread) + " cells hold no number and count as silence.\n";
    for (const std::string& note : report.notes)
        text += "\n" + note + "\n";
    return text;
}

/// Long form: one figure a line.
std::string asCsv(const signals::SourceReport& report)
{
    std::string text = "figure,first,second,value,low,high,n\n";
    const auto add = [&text](const char* figure, const std::string& first, const std::string& second,
                             const std::optional<Estimate>& estimate) {
        if (estimate)
            text +=
                std::string(figure) + "," + csvField(first) + "," + csvField(second) + "," + figureCsv(estimate) + "\n";
    };
    const auto kappa = [](const std::optional<signals::Agreement>& agreement) -> std::optional<Estimate> {
        if (!agreement) return std::nullopt;
        return Estimate{agreement->kappa, agreement->kappa, agreement->kappa, agreement->n};
    };
    for (const signals::SourceLine& line : report.sources)
        add("accuracy", line.name, "", line.accuracy);
    for (const signals::SourcePair& pair : report.pairs) {
        const std::string& first = report.sources[pair.first].name;
        const std::string& second = report.sources[pair.second].name;
        add("phi", first, second, pair.phiEstimate);
        add("error consistency", first, second, kappa(pair.consistency));
        add("capa", first, second, kappa(pair.capa));
        add("same wrong answer", first, second, pair.sameWrong);
        add("agreement", first, second, pair.agreement);
        add("cohen", first, second, kappa(pair.cohen));
    }
    add("krippendorff alpha", "", "", report.krippendorff);
    add("fleiss kappa", "", "", report.fleiss);
    if (report.effective) {
        add("effective sources, mean", "", "", report.effective->mean);
        add("effective sources, spectral", "", "", report.effective->spectral);
    }
    if (report.worth)
        for (std::size_t n = 0; n < report.worth->sizes.size(); ++n) {
            add("accuracy of n", std::to_string(n + 1), "", report.worth->sizes[n].accuracy);
            add("gain of the n-th", std::to_string(n + 1), "", report.worth->sizes[n].gain);
            add("accuracy lost without", report.sources[n].name, "", report.worth->leavingOut[n]);
        }
    for (const signals::MarginalBenefit& step : report.benefit)
        add("nats saved", step.name, "", step.lossSaved);
    return text;
}

int sources(const SourcesOptions& options)
{
    const auto columns = columnsOf(options);
    if (!columns) return report(columns.error());
    const auto answers = data::readAnswers(*columns);
    if (!answers) return report(answers.error());
    const Asked asked = askedOf(*answers, columns->comparison);
    const auto made = signals::sourceReport(asked.table, asked.question);
    if (!made) return report(made.error());
    if (options.json || options.format == "json") {
        printJson(asJson(*made, asked, answers->unread));
        return 0;
    }
    const std::string text = options.format == "csv" ? asCsv(*made) : asText(*made, asked, answers->unread);
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
