// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/noise_text.h"

#include "base/text.h"
#include "run/text_table.h"
#include "signals/synthetic_noise.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

using compare::NoiseCurve;
using compare::NoiseReport;
using compare::NoiseRow;
using controller::NoiseTolerance;
using nlohmann::ordered_json;

std::string nameOf(const NoiseCurve& curve)
{
    return curve.noise + ", rung " + curve.rung + (curve.setting.empty() ? "" : ", " + curve.setting);
}

std::string tableOf(const NoiseCurve& curve)
{
    std::vector<std::vector<std::string>> lines{
        {"rate", "seeds", "wrong labels", "fit to labels", "fit to truth", "memorised", "test accuracy", "lost"}};
    for (const NoiseRow& row : curve.rows) {
        std::optional<Estimate> lost;
        if (curve.tolerance)
            for (const controller::NoiseLoss& at : curve.tolerance->losses)
                if (at.rate == row.rate) lost = at.loss;
        lines.push_back({fixedText(row.rate, 2), std::to_string(row.seeds),
                         row.wrong ? fixedText(row.wrong->value, 3) : "–", figureCell(row.fitNoisy),
                         figureCell(row.fitClean), figureCell(row.memorised), figureCell(row.accuracy),
                         figureCell(lost, 3, true)});
    }
    return aligned(lines, 0);
}

std::string toleranceText(const NoiseCurve& curve, double loss)
{
    if (!curve.tolerance) return nameOf(curve) + ": " + curve.tolerance.error().message + "\n";
    return nameOf(curve) + ": test accuracy has fallen by " + fixedText(loss, 3) + " at rate " +
           compare::borneText(*curve.tolerance, 1) + ", a share of wrong labels of " +
           compare::borneText(*curve.tolerance, curve.wrongPerRate) + "\n";
}

/// Where labels of this kind stop saying anything.
std::string limitText(const NoiseCurve& curve)
{
    if (curve.noise == "wrong-only")
        return "wrong-only: at rate " + fixedText(signals::uninformativeRate(curve.classes), 2) +
               ", (K - 1) / K for K = " + std::to_string(curve.classes) +
               ", the labels say nothing; beyond it a wrong class is likelier.\n";
    if (curve.noise == "uniform")
        return "uniform: at rate 1 the labels say nothing, and chance is " + fixedText(1.0 / curve.classes, 2) + ".\n";
    return {};
}

/// "tolerance = [[4.374, 0.210], ...]": sizes of one kind of noise, one setting. Empty where a size stands twice.
std::string pasteLine(const std::vector<const NoiseCurve*>& curves)
{
    std::string pairs;
    double before = -std::numeric_limits<double>::infinity();
    for (const NoiseCurve* curve : curves) {
        if (!curve->tolerance) continue;
        if (curve->capacity <= before) return {};
        before = curve->capacity;
        const double borne = std::clamp(curve->wrongPerRate * curve->tolerance->rate, 0.0, 1.0);
        pairs += (pairs.empty() ? "[" : ", [") + fixedText(curve->capacity, 3) + ", " + fixedText(borne, 3) + "]";
    }
    return pairs.empty() ? "" : "tolerance = [" + pairs + "]";
}

/// The curves of one kind and setting, in their order.
std::vector<std::vector<const NoiseCurve*>> familiesOf(const NoiseReport& report)
{
    std::vector<std::vector<const NoiseCurve*>> families;
    for (const NoiseCurve& curve : report.curves) {
        const auto found = std::find_if(families.begin(), families.end(), [&](const auto& family) {
            return family.front()->noise == curve.noise && family.front()->setting == curve.setting;
        });
        if (found == families.end())
            families.push_back({&curve});
        else
            found->push_back(&curve);
    }
    return families;
}

ordered_json estimateJson(const std::optional<Estimate>& estimate)
{
    if (!estimate) return nullptr;
    return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}, {"n", estimate->n}};
}

ordered_json toleranceJson(const NoiseCurve& curve)
{
    if (!curve.tolerance) return {{"refusal", curve.tolerance.error().message}};
    const NoiseTolerance& t = *curve.tolerance;
    return {{"rate", t.rate},
            {"low", t.low},
            {"high", t.high},
            {"reached", t.reached},
            {"bounded", t.bounded},
            {"seeds", t.seeds},
            {"wrong_labels", curve.wrongPerRate * t.rate}};
}

} // namespace

std::string noiseText(const NoiseReport& report)
{
    std::string text;
    for (const NoiseCurve& curve : report.curves)
        text += nameOf(curve) + " (" + std::to_string(curve.parameters) + " parameters)\n" + tableOf(curve) + "\n";
    for (const NoiseCurve& curve : report.curves)
        text += toleranceText(curve, report.loss);
    std::string limits;
    for (const NoiseCurve& curve : report.curves)
        if (const std::string line = limitText(curve); limits.find(line) == std::string::npos) limits += line;
    text += limits +
            "± is half a 95 % t interval over seeds (one seed: over items where there is one); losses are paired "
            "by seed, and the interval of a tolerance holds what they leave open, rate by rate.\n";
    for (const auto& family : familiesOf(report))
        if (const std::string line = pasteLine(family); !line.empty())
            text += "For [gap], controller \"adaptive\", " + family.front()->noise +
                    (family.front()->setting.empty() ? "" : ", " + family.front()->setting) + ": " + line + "\n";
    if (report.left > 0)
        text +=
            std::to_string(report.left) + " of the runs are no finished students of a noise sweep and are left out.\n";
    return text;
}

std::string noiseJson(const NoiseReport& report)
{
    ordered_json all{{"loss", report.loss},
                     {"left_out", report.left},
                     {"curves", ordered_json::array()},
                     {"calibrations", ordered_json::array()}};
    for (const NoiseCurve& curve : report.curves) {
        ordered_json rows = ordered_json::array();
        for (const NoiseRow& row : curve.rows)
            rows.push_back({{"rate", row.rate},
                            {"seeds", row.seeds},
                            {"wrong_labels", estimateJson(row.wrong)},
                            {"train_accuracy_noisy", estimateJson(row.fitNoisy)},
                            {"train_accuracy_clean", estimateJson(row.fitClean)},
                            {"memorisation", estimateJson(row.memorised)},
                            {"test_accuracy", estimateJson(row.accuracy)}});
        ordered_json losses = ordered_json::array();
        if (curve.tolerance)
            for (const controller::NoiseLoss& at : curve.tolerance->losses)
                losses.push_back({{"rate", at.rate}, {"lost", estimateJson(at.loss)}});
        all["curves"].push_back({{"noise", curve.noise},
                                 {"rung", curve.rung},
                                 {"setting", curve.setting},
                                 {"parameters", curve.parameters},
                                 {"capacity", curve.capacity},
                                 {"classes", curve.classes},
                                 {"uninformative_rate", curve.noise == "wrong-only"
                                                            ? ordered_json(signals::uninformativeRate(curve.classes))
                                                            : ordered_json(nullptr)},
                                 {"chance", 1.0 / curve.classes},
                                 {"rows", std::move(rows)},
                                 {"losses", std::move(losses)},
                                 {"tolerance", toleranceJson(curve)}});
    }
    for (const auto& family : familiesOf(report))
        all["calibrations"].push_back(
            {{"noise", family.front()->noise}, {"setting", family.front()->setting}, {"line", pasteLine(family)}});
    return all.dump(2) + "\n";
}

} // namespace gradus::run
