// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan.h"

#include "base/text.h"
#include "fuzz.h"
#include "imports/plan.h"

#include <set>

namespace gradus::fuzz {

namespace {

void expectShowable(const std::string& text, const char* what)
{
    expect(visible(text, text.size() + 1) == text, what, text);
}

void expectSound(const imports::ImportPlan& plan, std::int64_t given)
{
    expect(plan.points() <= given, "no point comes from nothing");
    expectShowable(imports::sentenceOf(plan), "a plan's sentence is fit to show");
    expectShowable(plan.axis, "an axis is fit to show");
    for (const std::string& note : plan.notes)
        expectShowable(note, "a note is fit to show");
    std::set<std::string> uuids;
    for (const imports::PlannedRun& run : plan.runs) {
        expect(uuids.insert(run.uuid).second, "every run has its UUID alone", run.name);
        expectShowable(run.name, "a run's name is fit to show");
        expectShowable(run.condition, "a condition is fit to show");
        expectShowable(run.experiment, "an experiment's name is fit to show");
        for (const store::SeriesPoints& series : run.series) {
            expectShowable(series.name, "a series' name is fit to show");
            for (std::size_t i = 1; i < series.points.size(); ++i)
                expect(series.points[i].step > series.points[i - 1].step, "steps increase", series.name);
        }
    }
}

} // namespace

void expectPlan(const imports::ForeignSource& source)
{
    std::int64_t given = 0;
    for (const imports::ForeignRun& run : source.runs)
        for (const imports::ForeignSeries& series : run.series)
            given += static_cast<std::int64_t>(series.points.size());
    const auto plan = imports::planImport(source, "file", {});
    if (isRead(plan)) expectSound(*plan, given);
    if (source.runs.empty() || source.runs[0].series.empty()) return;
    const auto other = imports::planImport(source, "file", {.step = source.runs[0].series[0].name, .perStep = 8});
    if (isRead(other)) expectSound(*other, given);
}

} // namespace gradus::fuzz
