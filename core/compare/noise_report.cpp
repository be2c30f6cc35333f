// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/noise_report.h"

#include "base/text.h"
#include "compare/final_metrics.h"
#include "evals/statistics.h"
#include "events/baseline_event.h"
#include "events/noise_event.h"
#include "spec/keys.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace gradus::compare {

namespace {

/// One finished student of a sweep.
struct Student
{
    const ComparedRun* run = nullptr;
    const events::GenerationRecord* record = nullptr;
    const spec::SignalSource* source = nullptr;
    std::string base;  ///< what it has in common with the students that it is compared with
    std::string noise; ///< of its source all but the rate, as one text
    int classes = 2;
};

std::string noiseOf(const spec::Experiment& experiment, const spec::SignalSource& source)
{
    spec::Experiment only;
    only.signals.sources = experiment.signals.sources;
    for (spec::SignalSource& one : only.signals.sources)
        if (one.name == source.name) one.rate = 0;
    return spec::canonicalToml(only);
}

int classesOf(const store::RunDetail& detail)
{
    for (const store::EventRow& event : detail.events)
        if (event.kind == events::kNoiseEvent)
            if (const auto details = nlohmann::json::parse(event.detailsJson, nullptr, false); details.is_object())
                if (const auto classes = details.find("classes");
                    classes != details.end() && classes->is_number_integer())
                    return classes->get<int>();
    return 2;
}

/// The finished students, one a configuration and seed; the number of runs that are none goes to `left`.
std::vector<Student> studentsOf(const std::vector<ComparedRun>& runs, std::size_t& left)
{
    std::vector<Student> students;
    for (const RunGroup& group : grouped(runs).groups)
        for (const std::size_t index : group.runs) {
            const ComparedRun& run = runs[index];
            const auto* record = lastKept(run.detail);
            const bool fits = run.spec && run.spec->experiment.procedure == spec::kNoiseSensitivity;
            const spec::SignalSource* source = fits ? spec::soleSource(run.spec->signals) : nullptr;
            if (record == nullptr || source == nullptr) {
                ++left;
                continue;
            }
            students.push_back(
                {&run, record, source, withoutNoise(*run.spec), noiseOf(*run.spec, *source), classesOf(run.detail)});
        }
    return students;
}

/// Over seeds; of one seed, its own interval.
std::optional<Estimate> over(const std::vector<const Student*>& students, const char* metric)
{
    std::vector<double> values;
    std::optional<Estimate> single;
    for (const Student* student : students)
        if (const auto value = finalValue(*findFinalMetric(metric), *student->run)) {
            values.push_back(value->value);
            single = value;
        }
    return values.size() < 2 ? single : std::optional(evals::meanWithInterval(values));
}

NoiseRow rowOf(double rate, const std::vector<const Student*>& students)
{
    return {.rate = rate,
            .seeds = students.size(),
            .wrong = over(students, "noise/wrong"),
            .fitNoisy = over(students, "train/accuracy_noisy"),
            .fitClean = over(students, "train/accuracy_clean"),
            .memorised = over(students, "memorisation"),
            .accuracy = over(students, "utility/competence")};
}

/// What always answering the commonest class gives, by those runs that say so.
std::optional<double> commonestClass(const std::vector<const Student*>& students)
{
    std::vector<double> values;
    for (const Student* student : students)
        for (const store::EventRow& event : student->run->detail.events)
            if (event.kind == events::kMajorityEvent)
                if (const auto accuracy = events::baselineAccuracy(event.detailsJson)) values.push_back(*accuracy);
    return values.empty() ? std::nullopt : std::optional(evals::meanWithInterval(values).value);
}

/// Students that learnt nothing of truth lose nothing by noise, and would be said to bear any. They have learnt
/// something where their mean over seeds, or most of them over their own items (two seeds say little of a mean), lie
/// above what a count of the labels gives.
Result<void> somethingToLose(const NoiseCurve& curve, const std::vector<const Student*>& students)
{
    const std::optional<double> commonest = commonestClass(students);
    if (!commonest || curve.rows.empty() || curve.rows.front().rate > 0 || !curve.rows.front().accuracy) return {};
    const Estimate& clean = *curve.rows.front().accuracy;
    const auto above = std::ranges::count_if(students, [&](const Student* student) {
        return student->source->rate <= 0 && student->record->utility->low > *commonest;
    });
    if ((clean.n > 1 && clean.low > *commonest) || 2 * above > static_cast<long>(curve.rows.front().seeds)) return {};
    return badInput("without noise these students are right on " + fixedText(clean.value, 3) +
                    ", which cannot be told from always answering the commonest class (" + fixedText(*commonest, 3) +
                    "), so that noise has nothing to take from them; give them more labels, more epochs or more size.");
}

NoiseCurve curveOf(const std::vector<const Student*>& students, double loss)
{
    const Student& any = *students.back();
    std::map<double, std::vector<const Student*>> byRate;
    std::vector<controller::NoisyResult> results;
    for (const Student* student : students) {
        byRate[student->source->rate].push_back(student);
        results.push_back({student->run->detail.run.seed, student->source->rate, student->record->utility->value});
    }
    NoiseCurve curve{.noise = any.source->noise,
                     .rung = any.record->rung,
                     .setting = {},
                     .parameters = any.record->parameters,
                     .capacity = any.record->capacity,
                     .classes = any.classes,
                     .wrongPerRate = 0,
                     .rows = {},
                     .tolerance = controller::noiseTolerance(results, loss)};
    for (const auto& [rate, members] : byRate) {
        curve.rows.push_back(rowOf(rate, members));
        if (rate > 0 && curve.rows.back().wrong) curve.wrongPerRate = curve.rows.back().wrong->value / rate;
    }
    if (const auto learnt = somethingToLose(curve, students); !learnt) curve.tolerance = learnt.error();
    return curve;
}

/// What else tells bases apart: for each base its values of the keys that differ, the rung and the noise left out.
std::map<std::string, std::string> settingsOf(const std::vector<Student>& students)
{
    std::map<std::string, std::string> settings;
    for (const Student& student : students)
        settings[student.base];
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        const std::string name = key.dotted();
        if (name == "experiment.name" || name == "experiment.seeds" || name == "ladder.start" ||
            name == "signals.source")
            continue;
        std::map<std::string, std::string> values;
        std::set<std::string> different;
        for (const Student& student : students)
            different.insert(values[student.base] = spec::valueText(key, *student.run->spec));
        if (different.size() < 2) continue;
        for (auto& [base, text] : settings)
            text += (text.empty() ? "" : ", ") + name + " = " + values[base];
    }
    return settings;
}

} // namespace

std::string borneText(const controller::NoiseTolerance& tolerance, double scale)
{
    const std::string from = fixedText(scale * tolerance.low, 3);
    const std::string to = tolerance.bounded ? fixedText(scale * tolerance.high, 3) + "]" : "…)";
    return (tolerance.reached ? "" : "at least ") + fixedText(scale * tolerance.rate, 3) +
           (tolerance.seeds > 1 ? " [" + from + ", " + to : " (one seed, no interval)");
}

std::string withoutNoise(const spec::Experiment& experiment)
{
    spec::Experiment base = experiment;
    base.experiment.name.clear();
    base.signals.sources.clear();
    return seedlessText(base);
}

Result<NoiseReport> noiseReport(const std::vector<ComparedRun>& runs, std::optional<double> loss)
{
    NoiseReport report;
    const std::vector<Student> students = studentsOf(runs, report.left);
    if (students.empty())
        return badInput("None of these runs is a finished student of procedure \"noise-sensitivity\"; run a sweep of "
                        "noise rates first: gradus new noise-sensitivity && gradus run noise-sensitivity.toml");
    report.loss = loss.value_or(students.front().run->spec->gap.noiseLoss);
    const auto settings = settingsOf(students);
    std::vector<std::string> kinds; // those that make something wrong; without noise all kinds are one
    for (const Student& student : students)
        if (student.source->rate > 0 && std::find(kinds.begin(), kinds.end(), student.noise) == kinds.end())
            kinds.push_back(student.noise);
    for (const std::string& kind : kinds) {
        const std::size_t first = report.curves.size();
        for (const auto& [base, setting] : settings) {
            std::vector<const Student*> members;
            std::set<std::int64_t> clean; // seeds whose student without noise is there
            for (const bool noisy : {false, true})
                for (const Student& student : students)
                    if (student.base == base && (student.source->rate > 0) == noisy &&
                        (noisy ? student.noise == kind : clean.insert(student.run->detail.run.seed).second))
                        members.push_back(&student);
            if (members.empty() || members.back()->source->rate <= 0) continue;
            report.curves.push_back(curveOf(members, report.loss));
            report.curves.back().setting = setting;
        }
        std::stable_sort(report.curves.begin() + static_cast<std::ptrdiff_t>(first), report.curves.end(),
                         [](const NoiseCurve& a, const NoiseCurve& b) { return a.capacity < b.capacity; });
    }
    if (report.curves.empty())
        return badInput(
            "None of these students was taught labels of a noise rate above 0; add such rates to the sweep.");
    return report;
}

} // namespace gradus::compare
