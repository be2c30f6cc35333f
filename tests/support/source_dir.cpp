// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/source_dir.h"

namespace gradus::tests {

std::filesystem::path sourceDir()
{
    return GRADUS_SOURCE_DIR;
}

QString sourceFile(const char* fromRoot)
{
    return QStringLiteral(GRADUS_SOURCE_DIR "/") + QString::fromUtf8(fromRoot);
}

} // namespace gradus::tests
