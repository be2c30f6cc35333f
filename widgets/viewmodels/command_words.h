// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments as a line that can be typed into a shell.
#pragma once

#include <QString>
#include <QStringList>

namespace gradus::viewmodels {

/// "gradus" and these arguments, each quoted where a POSIX shell would read it otherwise.
QString commandLineOf(const QStringList& arguments);
QString quotedWord(const QString& word);

} // namespace gradus::viewmodels
