// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/stage_look.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

QString stageName(int stage)
{
    switch (stage) {
    case 1:
        return QCoreApplication::translate("Stage", "competence");
    case 2:
        return QCoreApplication::translate("Stage", "risk discovery");
    case 3:
        return QCoreApplication::translate("Stage", "alignment");
    default:
        return {};
    }
}

QColor stageFill(int stage, const common::Tokens& tokens, double strength)
{
    const QColor& weak = stage == 1 ? tokens.accentWeak : stage == 2 ? tokens.warnWeak : tokens.okWeak;
    return common::blended(weak, tokens.surface, strength);
}

QColor stageInk(int stage, const common::Tokens& tokens)
{
    return stage == 1 ? tokens.accent : stage == 2 ? tokens.warn : tokens.ok;
}

bool isAlert(const std::string& kind)
{
    return kind == "alert" || kind.starts_with("signature.");
}

double niceStep(double span, int most, bool wall)
{
    if (!(span > 0) || most < 1) return 1;
    const double least = span / most;
    if (wall)
        for (const double unit :
             {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400})
            if (unit >= least) return unit;
    const double decade = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (factor * decade >= least) return std::max(factor * decade, 1.0);
    return 10 * decade;
}

} // namespace gradus::pages
