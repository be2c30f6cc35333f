// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/hostile_text.h"

#include "base/text.h"

#include <QChar>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr const char* kControls[] = {"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS",  "TAB", "LF",
                                     "VT",  "FF",  "CR",  "SO",  "SI",  "DLE", "DC1", "DC2", "DC3", "DC4", "NAK",
                                     "SYN", "ETB", "CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US"};

bool isWithin(char32_t c, char32_t first, char32_t last)
{
    return c >= first && c <= last;
}

/// It steers the text around it or takes no room, so that a reader would not know that it is there.
bool isHidden(char32_t c)
{
    if (c < 0x80) return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_NotAssigned:
    case QChar::Other_PrivateUse:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        break;
    }
    // Letters and marks by their category that nevertheless show nothing: fillers, joiners, variation selectors.
    return c == 0x34f || c == 0x3164 || c == 0xffa0 || isWithin(c, 0x115f, 0x1160) || isWithin(c, 0x17b4, 0x17b5) ||
           isWithin(c, 0x180b, 0x180f) || isWithin(c, 0xfe00, 0xfe0f) || isWithin(c, 0xe0100, 0xe01ef);
}

QString hexText(char32_t value, int digits)
{
    return QString::number(static_cast<uint>(value), 16).toUpper().rightJustified(digits, QLatin1Char('0'));
}

QString nameOf(char32_t c)
{
    if (c < 0x20) return QLatin1String(kControls[c]);
    if (c == 0x7f) return QStringLiteral("DEL");
    return QStringLiteral("U+") + hexText(c, 4);
}

} // namespace

DisplayText displayText(std::string_view untrusted, std::size_t maxLines, std::size_t maxBytes)
{
    DisplayText shown;
    std::size_t lines = 1;
    std::size_t at = 0;
    const auto box = [&](const QString& name) {
        shown.boxes.append({shown.text.size(), name.size()});
        shown.text += name;
    };
    while (at < untrusted.size() && at < maxBytes) {
        const CodePoint decoded = firstCodePoint(untrusted.substr(at));
        if (decoded.value == '\n' && decoded.length == 1) {
            if (lines == maxLines) break;
            ++lines;
        }
        if (decoded.length == 0)
            box(QStringLiteral("0x") + hexText(static_cast<unsigned char>(untrusted[at]), 2));
        else if (isHidden(decoded.value))
            box(nameOf(decoded.value));
        else
            shown.text += QStringView(QChar::fromUcs4(decoded.value));
        at += std::max<std::size_t>(decoded.length, 1);
    }
    const std::string_view rest = untrusted.substr(std::min(at, untrusted.size()));
    shown.moreBytes = rest.size();
    shown.moreLines = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n'));
    // What ends in a line break has no further line after it.
    if (!rest.empty() && rest.back() == '\n' && shown.moreLines > 0 && rest.front() == '\n') --shown.moreLines;
    if (rest == "\n") shown.moreBytes = 0;
    return shown;
}

} // namespace gradus::viewmodels
