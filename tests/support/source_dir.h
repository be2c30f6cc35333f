// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the checkout that a test reads. One object knows where they lie, so that the others are the same in every
// checkout and a compiler cache can share them.
#pragma once

#include <QString>

#include <filesystem>

namespace gradus::tests {

/// The root of the source tree.
std::filesystem::path sourceDir();

/// The path of a file named from the root, as in "resources/example/example.db"; empty: the root.
QString sourceFile(const char* fromRoot);

} // namespace gradus::tests
