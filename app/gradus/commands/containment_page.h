// SPDX-License-Identifier: GPL-3.0-or-later
// The containment study as a page.
#pragma once

#include "monitors/containment_study.h"
#include "report/report.h"

namespace gradus::app {

report::Report containmentPage(const monitors::ContainmentStudy& study);

} // namespace gradus::app
