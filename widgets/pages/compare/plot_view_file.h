// SPDX-License-Identifier: GPL-3.0-or-later
// A view drawn to a file without a window on any screen: what `gradus plot` does.
#pragma once

#include "base/result.h"
#include "common/theme.h"
#include "viewmodels/view_file.h"

#include <QString>

namespace gradus::pages {

/// Reads the store, draws the view as Compare shows it and writes it by the file's ending (see exportComparison). Needs
/// a QApplication and spins its events until it is done or limitSeconds are over. Bad input: runs that are gone,
/// another ending, no store.
Result<void> plotViewFile(const QString& store, const viewmodels::ViewFile& view, const QString& file,
                          common::ThemeController& theme, double limitSeconds);

} // namespace gradus::pages
