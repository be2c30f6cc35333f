// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as the window writes them: true minus, thin groups, "–" for what is missing.
#pragma once

#include "base/interval.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace gradus::common {

/// A text of numbers and units as it is, also among words that run from right to left, where "50 %" would be shown as
/// "% 50": with marks around it, in a window that reads that way.
QString leftToRight(const QString& text);
/// The same without such marks, for what leaves the window.
QString withoutMarks(QString text);
/// What stands where a value is missing; never 0.
QString missingText();
/// Fixed decimals, leading zero, true minus; "NaN" for what is no number, "∞" for infinities.
QString numberText(double value, int decimals);
QString numberText(const std::optional<double>& value, int decimals);
/// The same of a drawn curve, which is NaN where it has a gap: missingText() there.
QString curveText(double value, int decimals);
/// "0.841"; the half width goes beside it in a quieter tone, see halfWidthText.
QString valueText(const std::optional<Estimate>& estimate, int decimals = 3);
/// "± 0.012": half of the interval's width; empty without an estimate.
QString halfWidthText(const std::optional<Estimate>& estimate, int decimals = 3);
/// "4,812,330" in the user's locale.
QString groupedText(std::int64_t value);
/// "98 %"
QString percentText(double fraction, int decimals = 0);
/// "214 MB", "1.3 GB": powers of 1000, at most three digits.
QString bytesText(std::int64_t bytes);
/// "now", "4 min ago", "1 h ago", "yesterday", "21 Nov": both in wall seconds since 1970.
QString agoText(double wallSeconds, double nowSeconds);
/// "today 07:12", "22 Nov 18:05", "2025-11-22" in local time.
QString momentText(double wallSeconds, double nowSeconds);
/// base's durationText as a QString, e.g. "2 h 50 min"; missingText() when negative.
QString durationText(double seconds);

} // namespace gradus::common
