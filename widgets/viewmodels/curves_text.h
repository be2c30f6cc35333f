// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of a comparison as text: every value that is drawn, at full precision, with what it was made from.
#pragma once

#include "viewmodels/compare_curves.h"

#include <string>

namespace gradus::viewmodels {

/// What made the figures: program, runs, centre, band, x, smoothing, baseline. One line, plain text.
std::string provenanceOf(const ComparedData& data, const CurveOptions& options, const std::string& version);

/// "series,group,x,centre,low,high,n" and a line a point; empty where nothing is known. Lines that begin with # say the
/// provenance. Names are escaped as RFC 4180 wants, and so that no spreadsheet computes them.
std::string curvesCsv(const ComparedData& data, const ComparedCurves& curves, const std::string& provenance);
/// The same as {"provenance": …, "series": {NAME: [{"group": …, "x": […], "centre": […], …}]}}; null where unknown.
std::string curvesJson(const ComparedData& data, const ComparedCurves& curves, const std::string& provenance);

} // namespace gradus::viewmodels
