// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/tokens.h"

#include "base/series_palette.h"

#include <QFontDatabase>

#include <cmath>

namespace gradus::common {

namespace {

const QVector<qreal> kDashes[kSeriesCount] = {
    {}, {5, 3}, {2, 2}, {6, 2, 2, 2}, {8, 3, 2, 3}, {10, 4}, {4, 2, 1, 2, 1, 2}, {1, 3}};

QColor hex(unsigned rgb)
{
    return QColor(QRgb(0xff000000U | rgb));
}

void setSeries(Tokens& tokens, const std::array<unsigned, kSeriesCount>& lines)
{
    for (std::size_t i = 0; i < lines.size(); ++i)
        tokens.series[i] = {hex(lines[i]), hex(lines[i]), kDashes[i], static_cast<Marker>(i)};
}

struct Face
{
    int pixels;
    QFont::Weight weight;
    bool mono;
};

Face faceOf(Type type)
{
    switch (type) {
    case Type::Heading:
        return {18, QFont::DemiBold, false};
    case Type::CardTitle:
        return {14, QFont::DemiBold, false};
    case Type::Body:
        return {13, QFont::Normal, false};
    case Type::BodyMedium:
        return {13, QFont::Medium, false};
    case Type::BodyStrong:
        return {13, QFont::DemiBold, false};
    case Type::Small:
        return {12, QFont::Normal, false};
    case Type::SmallStrong:
        return {12, QFont::DemiBold, false};
    case Type::Chart:
        return {11, QFont::Normal, false};
    case Type::ChartStrong:
        return {11, QFont::DemiBold, false};
    case Type::Mono:
        return {12, QFont::Normal, true};
    case Type::MonoLog:
        return {11, QFont::Normal, true};
    }
    return {13, QFont::Normal, false};
}

QFont made(const QStringList& families, const Face& face)
{
    QFont made;
    made.setFamilies(families);
    made.setPixelSize(face.pixels);
    made.setWeight(face.weight);
    if (face.mono) made.setStyleHint(QFont::Monospace);
    return made;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

Tokens lightTokens()
{
    Tokens t;
    t.window = hex(0xf4f5f7), t.surface = hex(0xffffff), t.surface2 = hex(0xedf0f4), t.raised = hex(0xffffff);
    t.border = hex(0xd6dbe2), t.grid = hex(0xe6e9ee);
    t.text = hex(0x1a212c), t.text2 = hex(0x526070), t.text3 = hex(0x66727e);
    t.accent = hex(0x2559c4), t.accentWeak = hex(0xe2ecfc), t.onAccent = hex(0xffffff);
    t.ok = hex(0x19764a), t.okWeak = hex(0xe0f3e9), t.warn = hex(0x9a5b00), t.warnWeak = hex(0xfbefd9);
    t.danger = hex(0xbd2c46), t.dangerWeak = hex(0xfbe4e8), t.violetWeak = hex(0xece6fa);
    setSeries(t, kSeriesOnLight);
    t.series[1].label = hex(0xb85808); // the line's orange gives only 3.98 as text on surface
    return t;
}

Tokens darkTokens()
{
    Tokens t;
    t.dark = true;
    t.window = hex(0x12161d), t.surface = hex(0x1a202a), t.surface2 = hex(0x222a36), t.raised = hex(0x202835);
    t.border = hex(0x323d4c), t.grid = hex(0x2a3340);
    t.text = hex(0xe7ebf1), t.text2 = hex(0xa3afbd), t.text3 = hex(0x8a96a4);
    t.accent = hex(0x79a6ff), t.accentWeak = hex(0x20344f), t.onAccent = hex(0x0d1420);
    t.ok = hex(0x53c48d), t.okWeak = hex(0x173328), t.warn = hex(0xe3ad52), t.warnWeak = hex(0x38290f);
    t.danger = hex(0xf2748a), t.dangerWeak = hex(0x3d1a22), t.violetWeak = hex(0x2b2344);
    setSeries(t, kSeriesOnDark);
    return t;
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor blended(const QColor& colour, const QColor& background, double opacity)
{
    const auto mix = [opacity](float over, float under) { return float(over * opacity + under * (1 - opacity)); };
    return QColor::fromRgbF(mix(colour.redF(), background.redF()), mix(colour.greenF(), background.greenF()),
                            mix(colour.blueF(), background.blueF()));
}

QFont typeFont(Type type)
{
    const Face face = faceOf(type);
    if (face.mono) return made({"JetBrains Mono", "DejaVu Sans Mono", "monospace"}, face);
    return made({"Inter", "Noto Sans", "Segoe UI", "sans-serif"}, face);
}

QFont numericFont(Type type)
{
    const Face face = faceOf(type);
    // Inter's default digits have different widths and Qt switches font features only from 6.7 on.
    return face.mono ? typeFont(type) : made({"Noto Sans", "Segoe UI", "sans-serif"}, face);
}

} // namespace gradus::common
