// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/hazard_state.h"

#include <QCoreApplication>

namespace gradus::viewmodels {

namespace {

/// Where translators find the words that the states are called by.
[[maybe_unused]] constexpr const char* kWords[] = {
    QT_TRANSLATE_NOOP("HazardState", "to confirm"), QT_TRANSLATE_NOOP("HazardState", "confirmed"),
    QT_TRANSLATE_NOOP("HazardState", "fixed"),      QT_TRANSLATE_NOOP("HazardState", "re-audited"),
    QT_TRANSLATE_NOOP("HazardState", "dismissed"),  QT_TRANSLATE_NOOP("HazardState", "no hazard"),
};

} // namespace

QString hazardStateText(HazardState state)
{
    return QCoreApplication::translate("HazardState", filter::nameOf(state));
}

} // namespace gradus::viewmodels
