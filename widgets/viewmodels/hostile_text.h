// SPDX-License-Identifier: GPL-3.0-or-later
// What a model wrote, made fit to be painted: plain text, and which ranges of it name characters that hide or steer.
#pragma once

#include <QString>
#include <QVector>

#include <cstddef>
#include <string_view>

namespace gradus::viewmodels {

/// A range of DisplayText::text that stands for a character and is to be drawn as a box.
struct NamedRange
{
    qsizetype start = 0;
    qsizetype length = 0;

    friend bool operator==(const NamedRange&, const NamedRange&) = default;
};

struct DisplayText
{
    QString text;              ///< line breaks are '\n'; tabs stay
    QVector<NamedRange> boxes; ///< increasing, not overlapping
    std::size_t moreLines = 0; ///< lines that were left out
    std::size_t moreBytes = 0; ///< bytes that were left out, these lines included

    bool isWhole() const { return moreBytes == 0; }
};

/// Control, bidi, format and invisible characters become their names ("ESC", "U+202E"), bytes that are no UTF-8 become
/// "0x9B"; each such name is a box, so that a text "ESC" is told from the character. At most maxLines lines and about
/// maxBytes bytes are taken, so that the cost does not grow with what a model wrote. Pure; any thread.
DisplayText displayText(std::string_view untrusted, std::size_t maxLines, std::size_t maxBytes);

} // namespace gradus::viewmodels
