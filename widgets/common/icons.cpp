// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

static void initialiseIconResources()
{
    Q_INIT_RESOURCE(icons); // resources of a static library are not found by themselves
}

namespace gradus::common {

namespace {

constexpr const char* kFiles[] = {
    "bars-circle",
    "checkpoint-diamond",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle",
    "clock",
    "close",
    "compare",
    "copy",
    "cross",
    "cross-circle",
    "curve-bezier",
    "curve-constant",
    "curve-linear",
    "curve-monotone",
    "database",
    "delete",
    "design",
    "device",
    "disc",
    "disk",
    "draw",
    "expand",
    "eye",
    "eye-off",
    "filter",
    "flag",
    "folder",
    "follow",
    "home",
    "live",
    "lock",
    "minus",
    "more",
    "new",
    "pause",
    "play-circle",
    "plus",
    "queue",
    "redo",
    "run",
    "save",
    "search",
    "select",
    "snap",
    "star",
    "stop",
    "stop-circle",
    "tick",
    "tick-circle",
    "transcripts",
    "triangle-warning",
    "undo",
};
constexpr int kIconCount = int(std::size(kFiles));
static_assert(kIconCount == int(Icon::Undo) + 1);

QByteArray sourceOf(Icon icon)
{
    initialiseIconResources();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(nameOf(icon))));
    if (!file.open(QIODevice::ReadOnly)) qFatal("Icon %s is missing from this build.", nameOf(icon));
    return file.readAll();
}

class TintedEngine final : public QIconEngine
{
public:
    TintedEngine(Icon icon, const QColor& colour) : m_icon(icon), m_colour(colour) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const int side = std::min(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        painter->drawPixmap(
            square, common::iconPixmap(m_icon, tint(mode, state), side, painter->device()->devicePixelRatioF()));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return common::iconPixmap(m_icon, tint(mode, state), std::min(size.width(), size.height()), 1.0);
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        return pixmap(size, mode, state); // size is already in device pixels
    }
    QIconEngine* clone() const override { return new TintedEngine(*this); }
    QString key() const override { return QStringLiteral("gradus-tinted"); }

private:
    QColor tint(QIcon::Mode mode, QIcon::State state) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::Text);
        if (m_colour.isValid()) return m_colour;
        if (state == QIcon::On || mode == QIcon::Selected) return palette.color(QPalette::Link);
        return palette.color(QPalette::PlaceholderText);
    }

    Icon m_icon;
    QColor m_colour;
};

} // namespace

const char* nameOf(Icon icon)
{
    return kFiles[int(icon)];
}

QVector<Icon> allIcons()
{
    QVector<Icon> all;
    for (int i = 0; i < kIconCount; ++i)
        all.append(static_cast<Icon>(i));
    return all;
}

QIcon makeIcon(Icon icon)
{
    return QIcon(new TintedEngine(icon, QColor()));
}

QIcon makeIcon(Icon icon, const QColor& colour)
{
    return QIcon(new TintedEngine(icon, colour));
}

QPixmap iconPixmap(Icon icon, const QColor& colour, int side, qreal devicePixelRatio)
{
    const int pixels = std::max(1, qRound(side * devicePixelRatio));
    const QString key =
        QStringLiteral("gradus-icon/%1/%2/%3").arg(QLatin1String(nameOf(icon))).arg(colour.rgba(), 0, 16).arg(pixels);
    QPixmap image;
    if (!QPixmapCache::find(key, &image)) {
        image = QPixmap(pixels, pixels);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        paintIcon(painter, QRectF(0, 0, pixels, pixels), icon, colour);
        painter.end();
        QPixmapCache::insert(key, image);
    }
    image.setDevicePixelRatio(devicePixelRatio);
    return image;
}

void paintIcon(QPainter& painter, const QRectF& rect, Icon icon, const QColor& colour)
{
    QSvgRenderer renderer(sourceOf(icon).replace("currentColor", colour.name().toLatin1()));
    renderer.render(&painter, rect);
}

} // namespace gradus::common
