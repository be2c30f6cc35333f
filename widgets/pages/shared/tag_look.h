// SPDX-License-Identifier: GPL-3.0-or-later
// A tag's colour follows from its name, so that it is the same everywhere and needs no table.
#pragma once

#include "common/tokens.h"

#include <QString>

#include <cstdint>

namespace gradus::pages {

inline QColor tagColour(const QString& tag, const common::Tokens& tokens)
{
    std::uint32_t hash = 2166136261u; // FNV-1a: qHash differs from start to start
    for (const char byte : tag.toUtf8())
        hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
    return tokens.seriesAt(static_cast<int>((hash >> 8) % common::kSeriesCount)).label;
}

} // namespace gradus::pages
