// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/sources_text.h"

#include "base/text.h"
#include "commands/figures.h"
#include "run/text_table.h"

namespace gradus::app {

namespace {

using nlohmann::json;

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

} // namespace

nlohmann::json sourcesJson(const signals::SourceReport& report, const signals::VoteTable& table,
                           const signals::SourceQuestion& question)
{
    json made{{"items", table.items},
              {"with_truth", question.anchors.items.size()},
              {"answers", table.classes},
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

std::string sourcesText(const signals::SourceReport& report, const signals::VoteTable& table,
                        const signals::SourceQuestion& question)
{
    std::string text = std::to_string(report.sources.size()) + " sources, " + std::to_string(table.items) + " items, " +
                       std::to_string(question.anchors.items.size()) + " with truth; intervals of 95 % over items\n\n";
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
    for (const std::string& note : report.notes)
        text += "\n" + note + "\n";
    return text;
}

std::string sourcesCsv(const signals::SourceReport& report)
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

} // namespace gradus::app
