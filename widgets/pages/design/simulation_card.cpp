// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/simulation_card.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "viewmodels/ladder_steps.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kChartHeight = 116;
constexpr int kLeft = 30;
constexpr int kRight = 10;
constexpr int kTop = 8;
constexpr int kBottom = 20;
constexpr double kFloor = 0.5; ///< chance of two classes, where the axis begins

} // namespace

/// Utility by generation: the median, the middle eight of ten runs as a band, the ceiling as a dashed line.
class SimulationCard::Chart final : public QWidget
{
public:
    Chart(const controller::DrySummary& summary, const common::ThemeController& theme)
        : m_summary(summary), m_theme(theme)
    {
        common::keepLeftToRight(*this);
        setFixedHeight(kChartHeight);
        setObjectName(QStringLiteral("simulationChart"));
        setAccessibleName(SimulationCard::tr("Simulated utility by generation"));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const common::Tokens& tokens = m_theme.tokens();
        QPainter painter(this);
        painter.setLayoutDirection(Qt::LeftToRight);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(common::numericFont(common::Type::Chart));
        const QRectF area(kLeft, kTop, width() - kLeft - kRight, height() - kTop - kBottom);
        for (const double level : {0.5, 0.75, 1.0}) {
            const double y = std::round(yOf(area, level)) + 0.5;
            painter.setPen(tokens.grid);
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
            painter.setPen(tokens.text3);
            painter.drawText(QRectF(0, y - 8, kLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                             common::numberText(level, 2));
        }
        const auto& steps = m_summary.steps;
        if (steps.empty()) return;
        const int last = std::max(2, steps.back().generation);
        const auto xOf = [&](int generation) {
            return area.left() + 8 + (area.width() - 16) * (generation - 1) / (last - 1);
        };
        QPolygonF band;
        QPolygonF middle;
        QPolygonF ceiling;
        for (const auto& step : steps) {
            const double x = xOf(step.generation);
            middle.append(QPointF(x, yOf(area, step.utility)));
            ceiling.append(QPointF(x, yOf(area, step.ceiling)));
            band.append(QPointF(x, yOf(area, step.high)));
            painter.setPen(tokens.text3);
            painter.drawText(QRectF(x - 20, area.bottom() + 3, 40, kBottom - 3), Qt::AlignHCenter | Qt::AlignTop,
                             QStringLiteral("G%1").arg(step.generation));
        }
        for (auto step = steps.rbegin(); step != steps.rend(); ++step)
            band.append(QPointF(xOf(step->generation), yOf(area, step->low)));
        QColor fill = tokens.text3;
        fill.setAlphaF(0.18F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(band);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.text3, 1, Qt::DashLine));
        painter.drawPolyline(ceiling);
        painter.setPen(QPen(tokens.text3, 2));
        painter.drawPolyline(middle);
        painter.setBrush(tokens.surface);
        for (const QPointF& point : middle)
            painter.drawEllipse(point, 3, 3);
    }

private:
    static double yOf(const QRectF& area, double utility)
    {
        return area.bottom() - area.height() * (std::max(utility, kFloor) - kFloor) / (1 - kFloor);
    }

    const controller::DrySummary& m_summary;
    const common::ThemeController& m_theme;
};

SimulationCard::SimulationCard(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_document(document), m_job(this), m_chart(new Chart(m_summary, theme)),
      m_sentence(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet")))
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("simulationCard"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(common::makeLine(Qt::Horizontal));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 8, 12, 4);
    head->addWidget(common::makeLabel(tr("Utility by generation"), common::Type::SmallStrong));
    head->addStretch();
    head->addWidget(new common::ChipLabel(tr("simulated")));
    column->addLayout(head);
    // A tip alone is for the mouse.
    QPushButton* assumed = common::makeButton(tr("What it assumes"), QStringLiteral("link"));
    assumed->setObjectName(QStringLiteral("simulationAssumptions"));
    assumed->setAccessibleDescription(assumptions());
    connect(assumed, &QPushButton::clicked, this, [this, assumed] {
        QToolTip::showText(assumed->mapToGlobal(QPoint(0, assumed->height())), common::plainTooltip(assumptions()),
                           assumed);
    });
    auto* chart = new QHBoxLayout;
    chart->setContentsMargins(6, 0, 6, 0);
    chart->addWidget(m_chart);
    column->addLayout(chart);
    m_sentence->setWordWrap(true);
    m_sentence->setContentsMargins(12, 2, 12, 2);
    column->addWidget(m_sentence);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(10, 0, 12, 10);
    foot->addWidget(assumed);
    foot->addStretch();
    column->addLayout(foot);
    setToolTip(common::plainTooltip(assumptions()));
    connect(&document, &viewmodels::ScheduleDocument::curveChanged, this, &SimulationCard::start);
    connect(&document, &viewmodels::ScheduleDocument::textChanged, this, &SimulationCard::start);
    connect(&theme, &common::ThemeController::changed, m_chart, qOverload<>(&QWidget::update));
    start();
}

QString SimulationCard::assumptions()
{
    return tr("Not a forecast: %1 runs of the controller on formulas. A rung's ceiling rises with log parameters "
              "towards 0.95 and closes half of the rest every 0.8. A student recovers 80 % of the way from its "
              "supervisor to its ceiling at no gap, half of that at a gap of 0.8, and repeats more of the supervisor's "
              "mistakes the wider the gap is. Measurements have the noise of the draft's anchors.")
        .arg(kRuns);
}

QString SimulationCard::sentence() const
{
    return m_sentence->text();
}

void SimulationCard::start()
{
    if (!m_document.isValid()) {
        m_job.cancel();
        show({});
        m_sentence->setText(tr("The text does not parse, so nothing is simulated."));
        return;
    }
    std::vector<double> capacities;
    for (const std::int64_t parameters : viewmodels::rungParameters(m_document.experiment()))
        capacities.push_back(std::log10(static_cast<double>(std::max<std::int64_t>(parameters, 1))));
    const std::string& procedure = m_document.experiment().experiment.procedure;
    const bool climbs = procedure == "progressive" || procedure == spec::kWeakToStrong;
    if (!climbs || capacities.empty() || !std::is_sorted(capacities.begin(), capacities.end())) {
        m_job.cancel();
        show({});
        m_sentence->setText(climbs ? tr("The sizes of model folders are not read here, so nothing is simulated.")
                                   : tr("This procedure climbs no ladder, so nothing is simulated."));
        return;
    }
    spec::Experiment experiment = m_document.experiment();
    experiment.gap.curve = m_document.curve();
    m_job.start([experiment = std::move(experiment),
                 capacities = std::move(capacities)] { return controller::dryRuns(experiment, capacities, kRuns); },
                [this](const controller::DrySummary& summary) { show(summary); });
}

void SimulationCard::show(const controller::DrySummary& summary)
{
    m_summary = summary;
    m_chart->update();
    if (!summary.steps.empty()) {
        const auto& last = summary.steps.back();
        QString text = tr("Median of %1 simulated runs: %2 at G%3, ceiling %4 (dashed).")
                           .arg(kRuns)
                           .arg(common::numberText(last.utility, 2))
                           .arg(last.generation)
                           .arg(common::numberText(last.ceiling, 2));
        if (summary.rolledBack >= 0.05)
            text += QLatin1Char(' ') +
                    tr("%1 generations a run are rolled back.").arg(common::numberText(summary.rolledBack, 1));
        if (last.runs < kRuns) text += QLatin1Char(' ') + tr("%1 runs get that far.").arg(last.runs);
        text += QLatin1Char(' ') + tr("Formulas, not training.");
        m_sentence->setText(text);
    }
    Q_EMIT simulated();
}

} // namespace gradus::pages
