// SPDX-License-Identifier: GPL-3.0-or-later
// Finds texts of shown widgets that do not fit: each with its path and how much is missing.
#pragma once

#include <QStringList>

class QWidget;

namespace gradus::tests {

/// A sentence for every shown label, button, choice or row of tabs under root that is narrower or lower than its text
/// needs, or that its parent cuts off. What elides by design, with the whole text as tooltip, is left out, and so is
/// what can be scrolled to.
QStringList clippedIn(const QWidget& root);

/// Texts of buttons and tabs under root that a translator never sees, while the pseudo-locale is installed.
QStringList untranslatedIn(const QWidget& root);

} // namespace gradus::tests
