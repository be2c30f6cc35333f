// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/stage_key.h"

#include "common/controls.h"
#include "pages/live/stage_look.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace gradus::pages {

namespace {
constexpr int kLine = 15;
constexpr int kMark = 16;

QString stageLabel(int stage)
{
    return QStringLiteral("%1 %2").arg(stage).arg(stageName(stage));
}

std::array<QString, 3> markLabels()
{
    return {StageKey::tr("checkpoint"), StageKey::tr("alert"), StageKey::tr("now")};
}
} // namespace

StageKey::StageKey(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setAccessibleName(tr("Key of the time line"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

QSize StageKey::sizeHint() const
{
    const QFontMetrics metrics(common::typeFont(common::Type::Chart));
    int left = 0;
    for (int stage = 1; stage <= 3; ++stage)
        left = std::max(left, metrics.horizontalAdvance(stageLabel(stage)));
    int right = 0;
    for (const QString& label : markLabels())
        right = std::max(right, metrics.horizontalAdvance(label));
    return {2 * kMark + left + right + 14, 3 * kLine + 4};
}

void StageKey::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(common::typeFont(common::Type::Chart));
    const QFontMetrics metrics = painter.fontMetrics();
    int left = 0;
    for (int stage = 1; stage <= 3; ++stage) {
        const int top = 2 + (stage - 1) * kLine;
        painter.setPen(QPen(tokens.border, 1));
        painter.setBrush(stageFill(stage, tokens, 1.0));
        painter.drawRoundedRect(QRectF(0.5, top + 2.5, 10, 10), 2, 2);
        painter.setPen(tokens.text2);
        painter.drawText(QRect(kMark, top, width(), kLine), Qt::AlignLeft | Qt::AlignVCenter, stageLabel(stage));
        left = std::max(left, metrics.horizontalAdvance(stageLabel(stage)));
    }
    const double x = kMark + left + 14 + 5;
    const std::array<QString, 3> labels = markLabels();
    for (int i = 0; i < 3; ++i) {
        const double y = 2 + i * kLine + kLine / 2.0;
        painter.setPen(Qt::NoPen);
        painter.setBrush(i == 1 ? tokens.danger : tokens.text2);
        if (i == 0) painter.drawPolygon(QPolygonF({{x, y - 4.5}, {x + 4.5, y}, {x, y + 4.5}, {x - 4.5, y}}));
        if (i == 1) painter.drawPolygon(QPolygonF({{x, y - 5}, {x + 5, y + 4}, {x - 5, y + 4}}));
        if (i == 2) painter.drawRect(QRectF(x - 0.5, y - 6, 1, 12));
        painter.setPen(tokens.text2);
        painter.drawText(QRectF(x + 11, y - kLine / 2.0, width(), kLine), Qt::AlignLeft | Qt::AlignVCenter,
                         labels[static_cast<std::size_t>(i)]);
    }
}

} // namespace gradus::pages
