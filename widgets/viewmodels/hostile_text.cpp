// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/hostile_text.h"

#include <QChar>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr const char* kControls[] = {"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS",  "TAB", "LF",
                                     "VT",  "FF",  "CR",  "SO",  "SI",  "DLE", "DC1", "DC2", "DC3", "DC4", "NAK",
                                     "SYN", "ETB", "CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US"};

struct Decoded
{
    char32_t codePoint = 0;
    std::size_t length = 0; ///< 0: the first byte begins no character
};

Decoded decode(std::string_view bytes)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length) return {};
    auto codePoint = static_cast<char32_t>(lead & (0xff >> (length + 1)));
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80) return {};
        codePoint = (codePoint << 6) | (at(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && codePoint < 0x800) || (length == 4 && codePoint < 0x10000);
    const bool surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (overlong || surrogate || codePoint > 0x10ffff) return {};
    return {codePoint, length};
}

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
        const Decoded decoded = decode(untrusted.substr(at));
        if (decoded.codePoint == '\n' && decoded.length == 1) {
            if (lines == maxLines) break;
            ++lines;
        }
        if (decoded.length == 0)
            box(QStringLiteral("0x") + hexText(static_cast<unsigned char>(untrusted[at]), 2));
        else if (isHidden(decoded.codePoint))
            box(nameOf(decoded.codePoint));
        else
            shown.text += QStringView(QChar::fromUcs4(decoded.codePoint));
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
