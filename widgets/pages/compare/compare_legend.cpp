// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/compare_legend.h"

#include "common/controls.h"
#include "common/icons.h"
#include "pages/shared/marker_sample.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace gradus::pages {

namespace {
constexpr int kRow = 22;
constexpr int kPadding = 5;
constexpr int kMargin = 12;
constexpr int kSample = 26;
constexpr int kGap = 6;
constexpr int kBetween = 18;
constexpr int kStar = 13;
constexpr double kMostName = 260;
} // namespace

CompareLegend::CompareLegend(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("compareLegend"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void CompareLegend::setGroups(const QString& differs, const QVector<GroupEntry>& groups)
{
    if (m_differs == differs && m_groups == groups) return;
    m_differs = differs;
    m_groups = groups;
    QStringList words{differs};
    for (const GroupEntry& group : groups)
        words << group.name + ' ' + countText(group) + (group.baseline ? tr(", baseline") : QString());
    setAccessibleName(words.join(QStringLiteral("; ")));
    setToolTip(groups.size() > 1 ? tr("Click a group to make it the baseline") : QString());
    updateGeometry();
    update();
}

QString CompareLegend::countText(const GroupEntry& group) const
{
    if (group.living == 0) return tr("n %1").arg(group.runs);
    return tr("n %1 + %2 live").arg(group.runs - group.living).arg(group.living);
}

QVector<QRectF> CompareLegend::places(int width) const
{
    const QFontMetricsF small(common::typeFont(common::Type::Small));
    const QFontMetricsF medium(common::typeFont(common::Type::BodyMedium));
    QVector<double> widths{m_differs.isEmpty() ? 0 : std::min(small.horizontalAdvance(m_differs), width / 2.0)};
    for (const GroupEntry& group : m_groups)
        widths << kSample + kGap + std::min(kMostName, medium.horizontalAdvance(group.name)) + kGap +
                      small.horizontalAdvance(countText(group)) + (group.baseline ? kStar + kGap : 0);
    QVector<QRectF> places;
    double x = kMargin;
    double y = kPadding;
    for (const double wide : widths) {
        if (x > kMargin && x + wide > width - kMargin) {
            x = kMargin;
            y += kRow;
        }
        places << QRectF(x, y, wide, kRow);
        if (wide > 0) x += wide + kBetween;
    }
    return places;
}

int CompareLegend::heightForWidth(int width) const
{
    return static_cast<int>(places(width).last().bottom()) + kPadding;
}

QSize CompareLegend::sizeHint() const
{
    return {400, heightForWidth(std::max(width(), 400))};
}

void CompareLegend::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    const QVector<QRectF> at = places(width());
    painter.setFont(common::typeFont(common::Type::Small));
    painter.setPen(tokens.text2);
    painter.drawText(at.first(), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_differs, Qt::ElideRight, int(at.first().width()) + 1));
    for (qsizetype i = 0; i < m_groups.size(); ++i) {
        const GroupEntry& group = m_groups[i];
        QRectF rest = at[i + 1];
        paintSample(painter, QRectF(rest.left(), rest.top(), kSample, rest.height()), tokens, group.style);
        rest.setLeft(rest.left() + kSample + kGap);
        painter.setFont(common::typeFont(common::Type::BodyMedium));
        painter.setPen(tokens.text);
        const QString name =
            painter.fontMetrics().elidedText(group.name, Qt::ElideRight, static_cast<int>(kMostName) + 1);
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, name);
        rest.setLeft(rest.left() + painter.fontMetrics().horizontalAdvance(name) + kGap);
        if (group.baseline) {
            common::paintIcon(painter, QRectF(rest.left(), rest.center().y() - kStar / 2.0, kStar, kStar),
                              common::Icon::Star, tokens.warn);
            rest.setLeft(rest.left() + kStar + kGap);
        }
        painter.setFont(common::numericFont(common::Type::Small));
        painter.setPen(tokens.text2);
        painter.drawText(rest.adjusted(0, 0, 20, 0), Qt::AlignLeft | Qt::AlignVCenter, countText(group));
    }
}

void CompareLegend::mouseReleaseEvent(QMouseEvent* event)
{
    const QVector<QRectF> at = places(width());
    for (qsizetype i = 0; i < m_groups.size(); ++i)
        if (at[i + 1].contains(event->position())) Q_EMIT groupClicked(static_cast<int>(i));
}

} // namespace gradus::pages
