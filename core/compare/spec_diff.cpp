// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/spec_diff.h"

#include "base/text.h"
#include "spec/drawn.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace gradus::compare {

namespace {

constexpr int kTrackSamples = 201;

using spec::Experiment;
using spec::SignalSource;

constexpr char kSources[] = "signals.source";

const std::optional<Experiment>& specOf(const std::vector<ComparedRun>& runs, const RunGroup& group)
{
    return runs[group.runs.front()].spec;
}

bool isSources(const spec::KeyInfo& key)
{
    Experiment scratch;
    return std::holds_alternative<std::vector<SignalSource>*>(key.field(scratch));
}

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

std::string listText(const std::vector<double>& values)
{
    std::string text = "[";
    for (const double value : values)
        text += (text.size() > 1 ? ", " : "") + numberText(value);
    return text + "]";
}

struct SourceField
{
    std::string name;
    std::string value; ///< as TOML text; a text or list that is left at its default is empty
    bool usual;        ///< left at its default
};

std::vector<SourceField> fieldsOf(const SignalSource& source)
{
    const SignalSource usual;
    std::vector<SourceField> fields{{"name", quoted(source.name), false}, {"kind", quoted(source.kind), false}};
    const auto text = [&](const char* name, const std::string& value, const std::string& other) {
        fields.push_back({name, value == other ? "" : quoted(value), value == other});
    };
    const auto number = [&](const char* name, double value, double other) {
        fields.push_back({name, numberText(value), value == other});
    };
    const auto list = [&](const char* name, const std::vector<double>& values) {
        fields.push_back({name, values.empty() ? "" : listText(values), values.empty()});
    };
    fields.push_back({"weight", spec::weightToml(source.weight), source.weight == usual.weight});
    text("family", source.family, usual.family);
    number("back", source.back, usual.back);
    number("rung", source.rung, usual.rung);
    text("prompt", source.prompt, usual.prompt);
    list("lean", source.lean);
    number("unsure_below", source.unsureBelow, usual.unsureBelow);
    text("file", source.file, usual.file);
    text("annotator", source.annotator, usual.annotator);
    number("share", source.share, usual.share);
    text("noise", source.noise, usual.noise);
    number("rate", source.rate, usual.rate);
    text("stream", source.stream, usual.stream);
    text("like", source.like, usual.like);
    list("matrix", source.matrix);
    return fields;
}

/// "0.2 to 0.8, 2 keys": where a curve begins and ends.
std::string briefly(const schedule::Curve& curve)
{
    if (curve.keys.size() == 1) return numberText(curve.keys.front().y) + " throughout";
    return numberText(curve.keys.front().y) + " to " + numberText(curve.keys.back().y) + ", " +
           std::to_string(curve.keys.size()) + " keys";
}

std::string briefly(const spec::KeyInfo& key, Experiment experiment)
{
    if (const schedule::Curve* drawn = spec::drawnCurve(experiment, key.dotted())) return briefly(*drawn);
    const spec::Field field = key.field(experiment);
    if (const auto* curve = std::get_if<schedule::Curve*>(&field)) return briefly(**curve);
    return spec::valueText(key, experiment);
}

bool allEqual(const std::vector<std::string>& values)
{
    return std::all_of(values.begin(), values.end(), [&](const std::string& value) { return value == values.front(); });
}

void addSources(std::vector<DiffRow>& rows, const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::size_t most = 0;
    for (const RunGroup& group : grouping.groups)
        if (const auto& spec = specOf(runs, group)) most = std::max(most, spec->signals.sources.size());
    const auto fieldNames = fieldsOf({});
    for (std::size_t place = 0; place < most; ++place)
        for (std::size_t field = 0; field < fieldNames.size(); ++field) {
            DiffRow row{"signals", kSources, {}, {}, false};
            row.key += "[" + std::to_string(place) + "]." + fieldNames[field].name;
            bool set = false;
            for (const RunGroup& group : grouping.groups) {
                const auto& spec = specOf(runs, group);
                if (!spec || place >= spec->signals.sources.size()) {
                    row.values.emplace_back();
                    row.brief.emplace_back();
                    continue;
                }
                const SignalSource& source = spec->signals.sources[place];
                const SourceField here = fieldsOf(source)[field];
                set = set || !here.usual;
                row.values.push_back(here.value);
                row.brief.push_back(here.name == "weight" ? briefly(source.weight) : here.value);
            }
            if (!set) continue;
            row.differs = !allEqual(row.values);
            rows.push_back(std::move(row));
        }
}

std::optional<schedule::Curve> gapCurve(const Experiment& experiment)
{
    if (experiment.gap.controller == "schedule") return experiment.gap.curve;
    if (experiment.gap.controller != "fixed") return std::nullopt;
    return schedule::Curve{{{.x = 0, .y = experiment.gap.value, .interpolation = schedule::Interpolation::Constant}}};
}

DrawnTrack gapTrack(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    DrawnTrack track{"gap", 0, 1, {}};
    if (const spec::KeyInfo* key = spec::findKey("gap.curve")) track.least = key->least, track.most = key->most;
    for (const RunGroup& group : grouping.groups) {
        const auto& spec = specOf(runs, group);
        track.curves.push_back(spec ? gapCurve(*spec) : std::nullopt);
    }
    return track;
}

std::vector<std::string> sourceNames(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::vector<std::string> names;
    for (const RunGroup& group : grouping.groups)
        if (const auto& spec = specOf(runs, group))
            for (const SignalSource& source : spec->signals.sources)
                if (std::find(names.begin(), names.end(), source.name) == names.end()) names.push_back(source.name);
    return names;
}

DrawnTrack weightTrack(const std::string& name, const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    DrawnTrack track{"weight: " + name, 0, 1, {}};
    for (const RunGroup& group : grouping.groups) {
        const auto& spec = specOf(runs, group);
        std::optional<schedule::Curve> curve;
        if (spec)
            for (const SignalSource& source : spec->signals.sources)
                if (source.name == name) curve = source.weight;
        track.curves.push_back(std::move(curve));
    }
    return track;
}

double numberOf(const spec::KeyInfo& key, Experiment experiment)
{
    const spec::Field field = key.field(experiment);
    const int* const* whole = std::get_if<int*>(&field);
    return whole ? **whole : **std::get_if<double*>(&field);
}

/// A number that some run draws; where it is given once its line is level. The track spans what was drawn: a key's
/// bounds say what is allowed, not what is usual.
std::optional<DrawnTrack> numberTrack(const spec::KeyInfo& key, const std::vector<ComparedRun>& runs,
                                      const Grouping& grouping)
{
    DrawnTrack track{key.dotted(), 0, 0, {}};
    bool isDrawn = false;
    for (const RunGroup& group : grouping.groups) {
        const auto& spec = specOf(runs, group);
        std::optional<schedule::Curve> curve;
        if (const schedule::Curve* drawn = spec ? spec::drawnCurve(*spec, key.dotted()) : nullptr) {
            curve = *drawn;
            isDrawn = true;
        } else if (spec) {
            curve = {{{.x = 0, .y = numberOf(key, *spec), .interpolation = schedule::Interpolation::Constant}}};
        }
        track.curves.push_back(std::move(curve));
    }
    if (!isDrawn) return std::nullopt;
    std::vector<double> values;
    for (const auto& curve : track.curves)
        if (curve)
            for (const double value : schedule::Evaluator(*curve).sample(0, 1, kTrackSamples))
                values.push_back(value);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    track.least = *least;
    track.most = *most;
    if (track.least == track.most) return std::nullopt;
    return track;
}

} // namespace

std::vector<DiffRow> specDiff(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::vector<DiffRow> rows;
    if (grouping.groups.empty()) return rows;
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        if (key.note || key.dotted() == "experiment.seeds") continue;
        if (isSources(key)) {
            addSources(rows, runs, grouping);
            continue;
        }
        DiffRow row{std::string(key.section), key.dotted(), {}, {}, false};
        for (const RunGroup& group : grouping.groups) {
            const auto& spec = specOf(runs, group);
            row.values.push_back(spec ? spec::valueText(key, *spec) : "");
            row.brief.push_back(spec ? briefly(key, *spec) : "");
        }
        row.differs = !allEqual(row.values);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<std::string> confounds(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::set<std::string> swept;
    std::map<std::string, std::map<std::string, std::string>> seen; // experiment -> key -> value
    for (const DifferingKey& key : grouping.differing)
        for (std::size_t g = 0; g < grouping.groups.size(); ++g) {
            const std::string& experiment = runs[grouping.groups[g].runs.front()].detail.run.experimentHash;
            const auto [place, isNew] = seen[experiment].emplace(key.key, key.values[g]);
            if (!isNew && place->second != key.values[g]) swept.insert(key.key);
        }
    std::vector<std::string> keys;
    for (const DifferingKey& key : grouping.differing)
        if (!swept.contains(key.key)) keys.push_back(key.key);
    return keys;
}

std::vector<DrawnTrack> drawnTracks(const std::vector<ComparedRun>& runs, const Grouping& grouping)
{
    std::vector<DrawnTrack> tracks{gapTrack(runs, grouping)};
    for (const std::string& name : sourceNames(runs, grouping))
        tracks.push_back(weightTrack(name, runs, grouping));
    for (const spec::KeyInfo& key : spec::knownKeys())
        if (auto track = key.drawable ? numberTrack(key, runs, grouping) : std::nullopt)
            tracks.push_back(std::move(*track));
    return tracks;
}

std::vector<TrackDifference> rankedTracks(const std::vector<DrawnTrack>& tracks, std::size_t first, std::size_t second)
{
    constexpr int kSamples = 1000;
    constexpr int kTenths = 10;
    constexpr double kMostOf = 0.55;
    std::vector<TrackDifference> ranked;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const DrawnTrack& track = tracks[i];
        if (!track.curves[first] || !track.curves[second] || track.curves[first] == track.curves[second]) continue;
        const schedule::Evaluator a(*track.curves[first]);
        const schedule::Evaluator b(*track.curves[second]);
        TrackDifference difference{.track = i};
        double tenths[kTenths] = {};
        for (int sample = 0; sample <= kSamples; ++sample) {
            const double x = static_cast<double>(sample) / kSamples;
            const double share = 100 * (b(x) - a(x)) / (track.most - track.least);
            const double weight = sample == 0 || sample == kSamples ? 0.5 / kSamples : 1.0 / kSamples;
            difference.signedArea += weight * share;
            difference.absoluteArea += weight * std::abs(share);
            tenths[std::min(sample * kTenths / kSamples, kTenths - 1)] += std::abs(share);
        }
        if (difference.absoluteArea == 0) continue;
        const double most = *std::max_element(std::begin(tenths), std::end(tenths));
        int begin = 0;
        int end = kTenths;
        while (tenths[begin] < kMostOf * most)
            ++begin;
        while (tenths[end - 1] < kMostOf * most)
            --end;
        difference.from = static_cast<double>(begin) / kTenths;
        difference.to = static_cast<double>(end) / kTenths;
        ranked.push_back(difference);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.absoluteArea > b.absoluteArea; });
    return ranked;
}

} // namespace gradus::compare
