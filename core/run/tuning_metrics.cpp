// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/tuning_metrics.h"

#include "base/files.h"
#include "base/json_depth.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

using nlohmann::ordered_json;

ordered_json jsonOf(const Estimate& estimate)
{
    return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}, {"n", estimate.n}};
}

ordered_json jsonOf(const TuneEvaluation& evaluation, bool preference)
{
    ordered_json json{{"kind", "evaluation"}, {"step", evaluation.step}, {"eval_loss", jsonOf(evaluation.loss)}};
    if (evaluation.accuracy) json[preference ? "rewards/accuracies" : "accuracy"] = jsonOf(*evaluation.accuracy);
    if (evaluation.margin) json[preference ? "rewards/margins" : "margin"] = jsonOf(*evaluation.margin);
    return json;
}

std::optional<Estimate> estimateOf(const ordered_json& json, const char* one, const char* other)
{
    const auto found = json.contains(one) ? json.find(one) : json.find(other);
    if (found == json.end()) return std::nullopt;
    // JSON has no NaN: what was none was written as null.
    const auto number = [&](const char* name) {
        const ordered_json& value = found->at(name);
        return value.is_null() ? std::nan("") : value.get<double>();
    };
    return Estimate{number("value"), number("low"), number("high"), found->at("n").get<long long>()};
}

/// None when the line is no evaluation. May throw what the JSON library throws.
std::optional<TuneEvaluation> evaluationOf(const ordered_json& json)
{
    if (json.value("kind", "") != "evaluation") return std::nullopt;
    return TuneEvaluation{.step = json.at("step").get<std::int64_t>(),
                          .loss = estimateOf(json, "eval_loss", "eval_loss").value_or(Estimate{}),
                          .accuracy = estimateOf(json, "accuracy", "rewards/accuracies"),
                          .margin = estimateOf(json, "margin", "rewards/margins")};
}

} // namespace

TuningMetrics::TuningMetrics(std::filesystem::path file, engine::TuningMethod method)
    : m_file(std::move(file)), m_method(method)
{
}

Result<std::vector<TuneEvaluation>> TuningMetrics::resume(std::int64_t step)
{
    m_begun = true;
    std::vector<TuneEvaluation> evaluations;
    const auto text = readFile(m_file);
    if (!text) return evaluations; // lost with its folder: only the past's lines are missing
    std::string kept;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (isJsonDeeper(line)) continue;
        try {
            const auto json = ordered_json::parse(line);
            if (!json.is_object() || json.value("step", std::int64_t{0}) > step || json.value("kind", "") == "result")
                continue;
            if (auto evaluation = evaluationOf(json)) evaluations.push_back(std::move(*evaluation));
            kept += std::string(line) + "\n";
        } catch (const nlohmann::json::exception&) {
            continue; // torn by the end of the process that wrote it
        }
    }
    if (auto written = writeFileAtomically(m_file, kept); !written) return written.error();
    return evaluations;
}

Result<void> TuningMetrics::append(const std::string& line)
{
    if (!m_begun)
        if (auto made = makeFolder(m_file.parent_path()); !made) return made;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(m_file.c_str(), m_begun ? "a" : "w"),
                                                               &std::fclose);
    m_begun = true;
    if (!file || std::fputs((line + "\n").c_str(), file.get()) < 0 || std::fflush(file.get()) != 0)
        return failed(m_file.string() + " cannot be written: " + causeOf(errno));
    return {};
}

Result<void> TuningMetrics::add(const engine::TuningStep& step)
{
    return append(ordered_json{{"kind", "step"},
                               {"step", step.step},
                               {"loss", step.loss},
                               {"learning_rate", step.rate},
                               {"grad_norm", step.gradientNorm},
                               {"tokens_per_second", step.tokensPerSecond}}
                      .dump());
}

Result<void> TuningMetrics::add(const TuneEvaluation& evaluation)
{
    return append(jsonOf(evaluation, m_method == engine::TuningMethod::Preference).dump());
}

Result<void> TuningMetrics::add(const engine::TuningDivergence& divergence)
{
    ordered_json json{{"kind", "event"},
                      {"event", "diverged"},
                      {"step", divergence.step},
                      {"not_a_number", divergence.what},
                      {"last_good_step", nullptr}};
    if (divergence.goodStep > 0) json["last_good_step"] = divergence.goodStep;
    return append(json.dump());
}

Result<void> TuningMetrics::finish(const TuneResult& result)
{
    const bool preference = m_method == engine::TuningMethod::Preference;
    ordered_json json{{"kind", "result"},
                      {"method", engine::nameOf(m_method)},
                      {"steps", result.folder.steps},
                      {"best_step", result.folder.bestStep},
                      {"stopped_early", result.folder.stoppedEarly},
                      {"parameters", result.folder.parameters},
                      {"rows", result.taught},
                      {"held_out", result.held},
                      {"sha256", result.folder.sha256}};
    if (result.before) json["before"] = jsonOf(*result.before, preference);
    if (result.after) json["after"] = jsonOf(*result.after, preference);
    return append(json.dump());
}

} // namespace gradus::run
