// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/charts_tab.h"

#include "common/controls.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {
constexpr int kGap = 8;
constexpr int kMargin = 12;
constexpr int kCardWidth = 340; // what a card wants; one to four columns by width
constexpr int kMostColumns = 4;
} // namespace

ChartsTab::ChartsTab(common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area = new QWidget;
    m_grid = new QGridLayout(m_area);
    m_grid->setContentsMargins(kMargin, 4, kMargin, kMargin);
    m_grid->setSpacing(kGap);
    m_scroll->setWidget(m_area);
    column->addWidget(m_scroll);
    m_leftOut = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_leftOut->setObjectName(QStringLiteral("seriesLeftOut"));
    m_leftOut->setContentsMargins(kMargin, 4, kMargin, 6);
    m_leftOut->hide();
    column->addWidget(m_leftOut);
    const auto show = [this](std::optional<double> x) {
        for (CurveCard* card : std::as_const(m_cards))
            card->setCursor(x);
        Q_EMIT cursorMoved(x);
    };
    connect(&m_link, &plot::TimeLink::crosshairMoved, this, [show](double x) { show(x); });
    connect(&m_link, &plot::TimeLink::crosshairLeft, this, [show] { show(std::nullopt); });
    connect(&m_link, &plot::TimeLink::xRangeChanged, this, [this](double first, double last) {
        const bool isAll = first <= m_first && last >= m_last;
        m_range = isAll ? std::nullopt : std::optional(std::pair(first, last));
        Q_EMIT rangeEdited();
    });
}

void ChartsTab::setCurves(const viewmodels::ComparedCurves& curves, const viewmodels::CurveOptions& options,
                          const QVector<GroupLook>& looks)
{
    const qsizetype wanted = curves.series.size();
    // The link keeps a pointer to each chart, so a card is kept and hidden rather than deleted.
    while (m_cards.size() < wanted) {
        auto* card = new CurveCard(m_theme, m_link, m_area);
        connect(card, &CurveCard::momentRequested, this,
                [this, card](const QPoint& at, const QPointF& point) { Q_EMIT momentRequested(card, at, point); });
        m_cards.append(card);
    }
    for (qsizetype i = 0; i < m_cards.size(); ++i) {
        m_cards[i]->setVisible(i < wanted);
        if (i < wanted) m_cards[i]->setCurves(curves.series[i], curves, options, looks);
    }
    m_leftOut->setVisible(curves.seriesLeftOut > 0);
    m_leftOut->setText(tr("%n more series of imported runs are not drawn; gradus store sql reads them.", nullptr,
                          curves.seriesLeftOut));
    m_first = options.alignment == viewmodels::Alignment::Generation ? 1 : 0;
    m_last = curves.lastX;
    if (options.alignment != m_alignment) m_range.reset(); // steps are no generations
    m_alignment = options.alignment;
    applyRange();
    m_columns = 0;
    arrange();
}

CurveCard* ChartsTab::card(const QString& series) const
{
    const auto found = std::find_if(m_cards.begin(), m_cards.end(), [&](const CurveCard* card) {
        return !card->isHidden() && card->curves().series == series;
    });
    return found == m_cards.end() ? nullptr : *found;
}

void ChartsTab::zoomBack()
{
    if (!m_range) return;
    setRange(std::nullopt, m_alignment);
    Q_EMIT rangeEdited();
}

void ChartsTab::setRange(const std::optional<std::pair<double, double>>& range, viewmodels::Alignment alignment)
{
    m_range = range;
    m_alignment = alignment;
    applyRange();
}

void ChartsTab::applyRange()
{
    for (CurveCard* card : std::as_const(m_cards))
        for (plot::TimePlot* chart : {card->chart(), card->counts()})
            if (m_range)
                chart->setXRange(m_range->first, m_range->second);
            else
                chart->zoomBack();
}

void ChartsTab::arrange()
{
    const int columns = std::clamp((width() - 2 * kMargin + kGap) / (kCardWidth + kGap), 1, kMostColumns);
    if (columns == m_columns) return;
    m_columns = columns;
    while (QLayoutItem* item = m_grid->takeAt(0))
        delete item;
    int place = 0;
    for (CurveCard* card : std::as_const(m_cards)) {
        if (card->isHidden()) continue;
        m_grid->addWidget(card, place / columns, place % columns);
        ++place;
    }
    for (int i = 0; i < kMostColumns; ++i)
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

void ChartsTab::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace gradus::pages
