// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/beyond_page.h"

#include "base/text.h"
#include "commands/figures.h"
#include "report/note.h"
#include "run/text_table.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace gradus::app {

namespace {

/// Accuracy by difficulty: mean over models of each generation's name.
std::vector<std::vector<std::string>> accuracyRows(const evals::GradedModels& all)
{
    std::vector<std::vector<std::string>> rows{{"accuracy at difficulty"}};
    for (const evals::GradedBin& bin : all.bins)
        rows.front().push_back(std::to_string(bin.difficulty));
    std::vector<std::string> names;
    for (const evals::GradedModel& model : all.models)
        if (std::ranges::find(names, model.name) == names.end()) names.push_back(model.name);
    std::ranges::sort(names);
    for (const std::string& name : names) {
        std::vector<std::string> row{visible(name, 60)};
        for (std::size_t bin = 0; bin < all.bins.size(); ++bin) {
            double sum = 0;
            double count = 0;
            for (std::size_t m = 0; m < all.models.size(); ++m)
                if (all.models[m].name == name) {
                    sum += evals::accuracyIn(all, m, bin).value;
                    count += 1;
                }
            row.push_back(fixedText(sum / count));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Of each generation's name, over difficulty: the mean over models, with what each one gave behind it.
report::ChartPanel accuracyPanel(const evals::GradedModels& all)
{
    report::ChartPanel panel{"held-out accuracy", {.label = "difficulty", .whole = true}, {.label = "accuracy"}};
    std::vector<std::string> names;
    for (const evals::GradedModel& model : all.models)
        if (std::ranges::find(names, model.name) == names.end()) names.push_back(model.name);
    std::ranges::sort(names);
    for (const std::string& name : names) {
        report::ChartSeries series{visible(name, 60), static_cast<int>(panel.series.size())};
        for (std::size_t bin = 0; bin < all.bins.size(); ++bin) {
            report::ChartPoint point{.place = static_cast<double>(all.bins[bin].difficulty)};
            for (std::size_t m = 0; m < all.models.size(); ++m)
                if (all.models[m].name == name) point.runs.push_back(evals::accuracyIn(all, m, bin).value);
            for (const double value : point.runs)
                point.value += value / static_cast<double>(point.runs.size());
            point.words = visible(name, 60) + ", difficulty " + std::to_string(all.bins[bin].difficulty) + ": " +
                          fixedText(point.value) + ", " + std::to_string(point.runs.size()) + " models";
            series.points.push_back(std::move(point));
        }
        panel.series.push_back(std::move(series));
    }
    panel.levels.push_back({1.0 / all.classes, "chance"});
    return panel;
}

/// How each judge's ranking goes with the true one.
report::ChartPanel rankingPanel(const Judged& judged)
{
    report::ChartPanel panel{"rank correlation with the truth", {}, {.label = "Spearman", .least = -1.0, .most = 1.0}};
    report::ChartSeries series{"Spearman, 95 % interval", 0, false};
    const auto add = [&](const std::string& name, const std::optional<Estimate>& estimate) {
        if (!estimate) return;
        const bool known = hasInterval(*estimate);
        series.points.push_back({.place = static_cast<double>(panel.categories.size()),
                                 .value = estimate->value,
                                 .low = known ? std::optional(estimate->low) : std::nullopt,
                                 .high = known ? std::optional(estimate->high) : std::nullopt,
                                 .runs = {},
                                 .words = name + ": " + figureText(estimate, 2)});
        panel.categories.push_back(name);
    };
    if (judged.surrogate) add("surrogate", judged.surrogate->spearman);
    for (const evals::PeerJudge& peer : judged.peers)
        add(peer.panel, peer.spearman);
    panel.series = {std::move(series)};
    panel.levels.push_back({0, "no relation"});
    return panel;
}

/// How far off what was foretold of the hardest items is, beside the simplest thing to say instead.
report::ChartPanel errorPanel(const Judged& judged)
{
    report::ChartPanel panel{"mean error on the hardest items", {}, {.label = "error", .least = 0.0}};
    report::ChartSeries series{"mean |foretold - real|", 1, false};
    const auto add = [&](const std::string& name, double error) {
        series.points.push_back({.place = static_cast<double>(panel.categories.size()),
                                 .value = error,
                                 .low = {},
                                 .high = {},
                                 .runs = {},
                                 .words = name + ": " + fixedText(error)});
        panel.categories.push_back(name);
    };
    if (judged.surrogate) {
        add("surrogate, calibrated", judged.surrogate->calibratedError);
        add("surrogate as it is", judged.surrogate->rawError);
    }
    if (judged.extrapolation) {
        add("extrapolation", judged.extrapolation->error);
        add("second hardest as it is", judged.extrapolation->carriedError);
    }
    panel.series = {std::move(series)};
    return panel;
}

/// What the figures rest on: who is asked, and what of it is independent.
std::vector<std::string> grounds(const evals::GradedModels& all)
{
    const long long groups = evals::countGroups(evals::modelGroups(all));
    std::vector<std::string> facts{
        counted(all.models.size(), "model") + " of " + counted(all.ladders.size(), "ladder") + ", " +
            std::to_string(all.bins.front().truth.size()) + " held-out items of each difficulty, " +
            std::to_string(all.classes) + " classes.",
        "The truth is known here, and only used to measure the judges."};
    facts.push_back(groups > 1 ? std::to_string(groups) + " groups of ladders have neither a seed nor weights in "
                                                          "common: intervals are over these."
                               : "All ladders share a seed or weights: no interval can be given, and calibration has "
                                 "seen the seed. Give runs of more seeds.");
    if (all.shared > 0)
        facts.push_back(counted(static_cast<std::size_t>(all.shared), "generation") +
                        (all.shared == 1 ? " holds" : " hold") + " the weights of another condition's and count once.");
    if (all.repeats > 0)
        facts.push_back(counted(static_cast<std::size_t>(all.repeats), "run") + (all.repeats == 1 ? " has" : " have") +
                        " every weight in common with another and " + (all.repeats == 1 ? "is" : "are") + " left out.");
    return facts;
}

/// What is said of one judge.
struct JudgeLine
{
    std::string judge;
    std::string words;
};
constexpr std::size_t kJudgeWidth = 15; ///< of a judge's name in the text, a space included

std::string surrogateWords(const std::optional<evals::SurrogateJudge>& judge)
{
    if (!judge) return "not judged: it takes four models; give more runs";
    return "hardest items foretold from the easier half, calibrated on " +
           std::string(judge->groups > 1 ? "other groups" : "its other models") + ": error " +
           fixedText(judge->calibratedError) + " (uncalibrated " + fixedText(judge->rawError) + "), " +
           fixedText(100 * judge->coverage, 0) + " % of " + std::to_string(judge->models) +
           " models inside the 90 % interval, slope " + figureText(judge->slope, 2) + ", Spearman " +
           figureText(judge->spearman, 2);
}

std::string extrapolationWords(const std::optional<evals::ExtrapolationJudge>& judge)
{
    if (!judge) return "not judged: it takes two models of one run";
    return "hardest items foretold from the trend: error " + fixedText(judge->error) + " (last bin " +
           fixedText(judge->carriedError) + "), mean promise minus truth " + fixedText(judge->signedError) +
           ", share of " + std::to_string(judge->cells) + " cells inside the 90 % interval " +
           figureText(judge->coverage, 2) + ", width " + fixedText(judge->width);
}

std::vector<JudgeLine> judgeLines(const Judged& judged)
{
    std::vector<JudgeLine> lines{{"surrogate", surrogateWords(judged.surrogate)},
                                 {"extrapolation", extrapolationWords(judged.extrapolation)}};
    for (const evals::PeerJudge& panel : judged.peers)
        lines.push_back({"peer review", panel.panel + ": Spearman with truth " + figureText(panel.spearman, 2) +
                                            ", Kendall " + figureText(panel.kendall, 2) +
                                            ", best model ranked first in " + fixedText(100 * panel.topRight, 0) +
                                            " % of " + std::to_string(panel.ladders) + " ladders"});
    if (judged.peers.empty()) lines.push_back({"peer review", "not judged: it takes three models of one run"});
    return lines;
}

/// The same as sentences.
std::vector<std::string> answersOf(const Judged& judged)
{
    std::vector<std::string> answers;
    for (const JudgeLine& line : judgeLines(judged)) {
        answers.push_back(line.judge + ", " + line.words + ".");
        answers.back()[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(line.judge[0])));
    }
    return answers;
}

} // namespace

std::string beyondText(const Judged& judged)
{
    const evals::GradedModels& all = judged.models;
    std::string text;
    for (const std::string& origin : judged.ground.origins)
        text += origin + "\n";
    for (const std::string& fact : grounds(all))
        text += fact + "\n";
    text += "\n" + run::aligned(accuracyRows(all), run::kAllWords) + "\n";
    for (const JudgeLine& line : judgeLines(judged))
        text += line.judge + std::string(line.judge.size() < kJudgeWidth ? kJudgeWidth - line.judge.size() : 1, ' ') +
                line.words + "\n";
    return text;
}

report::Report beyondPage(const Judged& judged, const std::string& note)
{
    report::Report page{
        .title = "Judging what no supervisor can check", .facts = judged.ground.origins, .sections = {}};
    const std::vector<std::string> facts = grounds(judged.models);
    page.facts.insert(page.facts.end(), facts.begin(), facts.end());
    report::Figure accuracy{"What the models know",
                            "Mean over models; small dots are single models. Chance is one in " +
                                std::to_string(judged.models.classes) + ".",
                            {accuracyPanel(judged.models)}};
    report::Figure judges{
        "How far each judge can be believed",
        "Left: order of models by each judge against their true order on the hardest items. Right: what "
        "was foretold of those items.",
        {}};
    for (report::ChartPanel panel : {rankingPanel(judged), errorPanel(judged)})
        if (!panel.categories.empty()) judges.panels.push_back(std::move(panel));
    page.sections.push_back(
        {"Question",
         {report::Paragraph{"On items that no supervisor can check, how far can a surrogate, an extrapolation and a "
                            "review by peers be believed?"}}});
    page.sections.push_back(report::answerSection(note, answersOf(judged)));
    page.sections.push_back({"Accuracy by difficulty", {std::move(accuracy)}});
    if (!judges.panels.empty()) page.sections.push_back({"The judges", {std::move(judges)}});
    page.sections.push_back({"All figures", {report::Listing{"gradus beyond", beyondText(judged)}}});
    page.sections.push_back(rerunSection(judged.ground.again, judged.ground.runs));
    return page;
}

} // namespace gradus::app
