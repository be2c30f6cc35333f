// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/sampled_csv.h"

#include "base/text.h"

namespace gradus::schedule {

std::string sampledCsv(const Curve& curve, int n)
{
    const Evaluator evaluator(curve);
    std::string csv = "fraction,value\n";
    for (int i = 0; i < n; ++i) {
        const double x = samplePosition(0, 1, i, n);
        csv += numberText(x) + ',' + numberText(evaluator(x)) + '\n';
    }
    return csv;
}

} // namespace gradus::schedule
