// SPDX-License-Identifier: GPL-3.0-or-later
// Small texts that the run views share.
#pragma once

#include <QString>

#include <cstdint>
#include <string>

namespace gradus::viewmodels {

/// "1.2k", "203k", "1.5M", "14B": parameter counts.
QString countText(std::int64_t count);
/// Untrusted text as a tooltip that Qt can never take for rich text; control characters made visible.
QString plainToolTip(const std::string& untrusted);
QString plainToolTip(const QString& text); ///< for text that is already visible
/// "0:42", "1:24:12": a place on the wall-time axis.
QString clockText(double seconds);

} // namespace gradus::viewmodels
