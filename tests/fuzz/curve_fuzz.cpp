// SPDX-License-Identifier: GPL-3.0-or-later
// Curves as experiment files hold them: read back equal, finite everywhere, and a key put on a curve does not bend it.
#include "fuzz.h"

#include "schedule/sampled_csv.h"
#include "spec/experiment.h"
#include "spec/keys.h"
#include "spec/toml_tree.h"
#include "spec/values.h"

#include <cmath>

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const spec::KeyInfo& key = *spec::findKey("gap.curve");
    const auto value = spec::parseTomlValue(fuzz::textOf(data, size));
    if (!fuzz::isRead(value)) return 0;
    const auto curve = spec::curveFrom(key, *value);
    if (!fuzz::isRead(curve)) return 0;

    const std::string text = spec::curveToml(*curve);
    const auto written = spec::parseTomlValue(text);
    fuzz::expect(written.ok(), "a curve is written as TOML", text);
    const auto again = spec::curveFrom(key, *written);
    fuzz::expect(again.ok() && *again == *curve, "a curve reads back equal", text);

    const schedule::Evaluator evaluator(*curve);
    const auto samples = evaluator.sample(-0.1, 1.1, 200);
    for (const double y : samples)
        fuzz::expect(std::isfinite(y), "a valid curve is finite everywhere", text);
    fuzz::expect(!schedule::sampledCsv(*curve, 20).empty(), "a curve can be exported", text);

    schedule::Curve divided = *curve;
    const double x = static_cast<double>(size % 97) / 96;
    const int index = schedule::insertOnCurve(divided, x);
    fuzz::expect(index >= 0 && index < static_cast<int>(divided.keys.size()), "a key can be put anywhere", text);
    fuzz::expect(schedule::validate(divided).ok(), "a curve with a key more is valid", text);
    const auto now = schedule::Evaluator(divided).sample(-0.1, 1.1, 200);
    for (std::size_t i = 0; i < samples.size(); ++i)
        fuzz::expect(std::abs(now[i] - samples[i]) <= 1e-6 * (1 + std::abs(samples[i])),
                     "a key put on a curve does not bend it", text + " at " + std::to_string(x));
    return 0;
}
