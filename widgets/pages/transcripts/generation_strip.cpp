// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/generation_strip.h"

#include "common/controls.h"
#include "common/number_text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kTop = 20;    // the word
constexpr int kBottom = 16; // generations
constexpr int kLeft = 12;
constexpr int kScale = 26; // 0 and the top of the scale, at the right

/// Of the scale: rates of a few percent would lie on the ground of 0 to 1.
double topOf(const std::vector<viewmodels::GenerationRate>& rates)
{
    double most = 0;
    for (const viewmodels::GenerationRate& rate : rates)
        most = std::max(most, rate.rate.high);
    for (const double top : {0.1, 0.25, 0.5})
        if (most <= top) return top;
    return 1;
}

} // namespace

GenerationStrip::GenerationStrip(const common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme)
{
    common::keepLeftToRight(*this);
    setObjectName(QStringLiteral("generationStrip"));
    setFixedHeight(kHeight);
    connect(&theme, &common::ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void GenerationStrip::setRates(std::vector<viewmodels::GenerationRate> rates, const QString& word, bool isHidden)
{
    m_rates = std::move(rates);
    m_word = word;
    m_isHidden = isHidden;
    QStringList said;
    for (const viewmodels::GenerationRate& rate : m_rates)
        if (!isHidden) said << tr("generation %1: %2").arg(rate.generation).arg(common::numberText(rate.rate.value, 2));
    setAccessibleName(m_word + QStringLiteral(": ") + said.join(QStringLiteral(", ")));
    setVisible(!m_rates.empty());
    update();
}

void GenerationStrip::setCurrent(int generation)
{
    m_current = generation;
    update();
}

QRect GenerationStrip::columnRect(int place) const
{
    const int count = std::max(1, generations());
    const int room = width() - 2 * kLeft - kScale;
    const int left = kLeft + room * place / count;
    return {left, kTop, kLeft + room * (place + 1) / count - left, height() - kTop};
}

double GenerationStrip::yOf(double rate) const
{
    const double room = height() - kTop - kBottom;
    return kTop + room * (1 - rate / topOf(m_rates));
}

void GenerationStrip::paintEvent(QPaintEvent*)
{
    const common::Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.setFont(common::typeFont(common::Type::Chart));
    painter.setPen(tokens.text2);
    painter.drawText(QRect(kLeft, 0, width() - 2 * kLeft, kTop), Qt::AlignLeft | Qt::AlignVCenter,
                     m_isHidden ? tr("%1: hidden, you judge blind").arg(m_word) : tr("%1 by generation").arg(m_word));
    if (m_isHidden) return;
    const int ground = height() - kBottom;
    const int right = width() - kLeft - kScale;
    painter.setPen(tokens.grid);
    painter.drawLine(kLeft, ground, right, ground);
    painter.drawLine(kLeft, kTop, right, kTop);
    painter.setPen(tokens.text2);
    const QRect scale(right + 4, 0, kScale, 0);
    painter.drawText(scale.adjusted(0, kTop - 6, 0, kTop + 7), Qt::AlignLeft | Qt::AlignVCenter,
                     common::numberText(topOf(m_rates), topOf(m_rates) == 0.25 ? 2 : 1));
    painter.drawText(scale.adjusted(0, ground - 7, 0, ground + 6), Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("0"));
    painter.setRenderHint(QPainter::Antialiasing);
    QPointF before;
    const int every = std::max(1, generations() * 26 / std::max(1, width())); // labels that would touch are left out
    for (int i = 0; i < generations(); ++i) {
        const viewmodels::GenerationRate& rate = m_rates[static_cast<std::size_t>(i)];
        const QRect column = columnRect(i);
        const double x = column.center().x() + 0.5;
        if (rate.generation == m_current) painter.fillRect(column.adjusted(1, 0, -1, 0), tokens.accentWeak);
        const QPointF at(x, yOf(rate.rate.value));
        painter.setPen(QPen(tokens.danger, 1));
        painter.drawLine(QPointF(x, yOf(rate.rate.low)), QPointF(x, yOf(rate.rate.high)));
        if (i > 0) painter.drawLine(before, at);
        before = at;
        painter.setPen(rate.generation == m_current ? tokens.text : tokens.text2);
        if (i % every == 0)
            painter.drawText(QRectF(x - 20, ground, 40, kBottom), Qt::AlignCenter,
                             QStringLiteral("G%1").arg(rate.generation));
    }
    painter.setBrush(tokens.surface);
    painter.setPen(QPen(tokens.danger, 1.5));
    for (int i = 0; i < generations(); ++i)
        painter.drawEllipse(
            QPointF(columnRect(i).center().x() + 0.5, yOf(m_rates[static_cast<std::size_t>(i)].rate.value)), 2.5, 2.5);
}

void GenerationStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_isHidden) return;
    for (int i = 0; i < generations(); ++i)
        if (columnRect(i).contains(event->position().toPoint()))
            Q_EMIT generationChosen(m_rates[static_cast<std::size_t>(i)].generation);
}

bool GenerationStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_isHidden) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int i = 0; i < generations(); ++i) {
        if (!columnRect(i).contains(help->pos())) continue;
        const viewmodels::GenerationRate& rate = m_rates[static_cast<std::size_t>(i)];
        QToolTip::showText(help->globalPos(),
                           tr("Generation %1: %2 [%3, %4], %5 episodes\nClick: this scenario in that generation")
                               .arg(rate.generation)
                               .arg(common::numberText(rate.rate.value, 3), common::numberText(rate.rate.low, 3),
                                    common::numberText(rate.rate.high, 3), common::groupedText(rate.rate.n)),
                           this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace gradus::pages
