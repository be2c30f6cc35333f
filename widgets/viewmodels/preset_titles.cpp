// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/preset_titles.h"

#include <QCoreApplication>

namespace gradus::viewmodels {

using schedule::Preset;

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("gradus::viewmodels::Presets", text);
}

} // namespace

QString titleOf(Preset preset)
{
    switch (preset) {
    case Preset::Constant:
        return words("Constant");
    case Preset::ConstantWithWarmup:
        return words("Constant with warmup");
    case Preset::Linear:
        return words("Linear");
    case Preset::Cosine:
        return words("Cosine");
    case Preset::CosineRestarts:
        return words("Cosine with restarts");
    case Preset::Polynomial:
        return words("Polynomial");
    case Preset::Exponential:
        return words("Exponential");
    case Preset::InverseSqrt:
        return words("Inverse square root");
    case Preset::Steps:
        return words("Steps");
    case Preset::Sigmoid:
        return words("Sigmoid");
    case Preset::OneCycle:
        return words("One cycle");
    case Preset::Triangular:
        return words("Triangular");
    case Preset::Square:
        return words("Square");
    case Preset::WarmupStableDecay:
        return words("Warmup, stable, decay");
    }
    return {};
}

} // namespace gradus::viewmodels
