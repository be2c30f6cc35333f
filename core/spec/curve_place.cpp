// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/curve_place.h"

#include "base/text.h"
#include "spec/drawn.h"
#include "spec/source_weights.h"

#include <algorithm>

namespace gradus::spec {

namespace {

/// Index of the source in [signals], as sourceLists() gives it.
Result<std::size_t> sourceIndex(const std::vector<SourceList>& lists, const std::string& name)
{
    if (lists.empty() || !lists.front().condition.empty())
        return badInput("The experiment names no sources in [signals]; choose a key with --key.");
    std::vector<std::string> known;
    for (const SignalSource& source : lists.front().sources)
        known.push_back(source.name);
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    const auto near = nearestWord(name, known);
    return badInput("There is no source \"" + visible(name, 60) + "\"; " +
                    (near ? "the nearest one is \"" + *near + "\"." : "the first one is \"" + known.front() + "\"."));
}

Result<const KeyInfo*> drawnKey(const std::string& dotted)
{
    const KeyInfo* key = findKey(dotted);
    Experiment any;
    if (key && (key->drawable || std::holds_alternative<schedule::Curve*>(key->field(any)) ||
                std::holds_alternative<TextOrCurve>(key->field(any))))
        return key;
    std::vector<std::string> known;
    for (const KeyInfo& row : knownKeys())
        if (row.drawable || row.dotted() == "gap.curve") known.push_back(row.dotted());
    const auto near = nearestWord(dotted, known);
    return badInput("\"" + visible(dotted, 60) + "\" is no curve and cannot be drawn over the run; " +
                    (near ? "the nearest key that can is \"" + *near + "\"." : "gap.curve can."));
}

/// Of a number that is given once: that number throughout.
schedule::Curve curveOf(Experiment& experiment, const KeyInfo& key)
{
    if (const schedule::Curve* drawn = drawnCurve(experiment, key.dotted())) return *drawn;
    const Field field = key.field(experiment);
    if (auto* const* curve = std::get_if<schedule::Curve*>(&field)) return **curve;
    if (const auto* either = std::get_if<TextOrCurve>(&field)) return *either->curve;
    double value = 0;
    if (auto* const* whole = std::get_if<int*>(&field)) value = **whole;
    if (auto* const* number = std::get_if<double*>(&field)) value = **number;
    return {{{.x = 0, .y = value}}};
}

} // namespace

Result<schedule::Curve> curveAt(const std::string& toml, const CurvePlace& place, const std::string& file)
{
    auto experiment = parseExperiment(toml, file);
    if (!experiment) return experiment.error();
    if (!place.key.empty()) {
        const auto key = drawnKey(place.key);
        if (!key) return key.error();
        return curveOf(*experiment, **key);
    }
    const auto lists = sourceLists(toml);
    if (!lists) return lists.error();
    const auto index = sourceIndex(*lists, place.source);
    if (!index) return index.error();
    return lists->front().sources[*index].weight;
}

Result<std::string> withCurveAt(const std::string& toml, const CurvePlace& place, const schedule::Curve& curve,
                                const std::string& file)
{
    Result<std::string> edited = toml;
    if (!place.key.empty()) {
        const auto key = drawnKey(place.key);
        if (!key) return key.error();
        edited = editToml(toml, place.key, (*key)->drawable ? drawnToml(**key, curve) : curveToml(curve));
    } else {
        const auto lists = sourceLists(toml);
        if (!lists) return lists.error();
        const auto index = sourceIndex(*lists, place.source);
        if (!index) return index.error();
        std::vector<schedule::Curve> weights;
        for (const SignalSource& source : lists->front().sources)
            weights.push_back(source.weight);
        weights[*index] = curve;
        edited = withSourceWeights(toml, 0, weights);
    }
    if (!edited) return edited;
    if (const auto parsed = parseExperiment(*edited, file); !parsed) return parsed.error();
    return edited;
}

} // namespace gradus::spec
