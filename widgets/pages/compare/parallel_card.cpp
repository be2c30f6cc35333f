// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/parallel_card.h"

#include "common/controls.h"

#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kTitleHeight = 44;
constexpr int kUsualFigures = 5; // more axes than this are shown when they are asked for

} // namespace

ParallelCard::ParallelCard(common::ThemeController& theme, QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_card = new common::CardFrame(tr("Parallel coordinates"), kTitleHeight, this);
    column->addWidget(m_card);
    m_clear = common::makeButton(tr("Clear brushes"), QStringLiteral("quiet"));
    m_clear->setObjectName(QStringLiteral("parallelClear"));
    m_card->trailing()->addWidget(m_clear);
    m_keep = common::makeButton(tr("Compare these"));
    m_keep->setObjectName(QStringLiteral("parallelKeep"));
    m_keep->setToolTip(tr("Closes the eyes of all runs outside the brushes"));
    m_card->trailing()->addWidget(m_keep);
    auto* axes = new QToolButton;
    axes->setObjectName(QStringLiteral("parallelAxes"));
    axes->setText(tr("Axes"));
    axes->setProperty("role", "button");
    axes->setPopupMode(QToolButton::InstantPopup);
    m_axes = new QMenu(axes);
    axes->setMenu(m_axes);
    m_card->trailing()->addWidget(axes);
    m_plot = new plot::ParallelPlot(theme, m_card);
    m_plot->setObjectName(QStringLiteral("parallelPlot"));
    m_plot->setAccessibleName(tr("Runs over keys and final figures"));
    m_card->content()->addWidget(m_plot, 1);
    connect(m_plot, &plot::ParallelPlot::chosenChanged, this, &ParallelCard::refreshChosen);
    connect(m_clear, &QPushButton::clicked, m_plot, &plot::ParallelPlot::clearBrushes);
    connect(m_keep, &QPushButton::clicked, this, [this] {
        const QVector<std::int64_t> chosen = m_plot->chosen();
        Q_EMIT runsChosen(QSet<std::int64_t>(chosen.begin(), chosen.end()));
    });
    connect(m_axes, &QMenu::aboutToShow, this, &ParallelCard::fillAxes);
    refreshChosen();
}

void ParallelCard::setData(const viewmodels::ComparedDataPtr& compared, const QVector<GroupLook>& looks)
{
    m_data = viewmodels::parallelData(*compared);
    m_looks = looks;
    show();
}

bool ParallelCard::isShown(const viewmodels::ParallelAxis& axis, int figures) const
{
    return m_wanted.value(axis.id, !axis.isFigure || figures < kUsualFigures);
}

void ParallelCard::show()
{
    QVector<plot::ParallelColumn> columns;
    QVector<qsizetype> places;
    int figures = 0;
    for (qsizetype i = 0; i < m_data.axes.size(); ++i) {
        const viewmodels::ParallelAxis& axis = m_data.axes[i];
        const bool shown = isShown(axis, figures);
        figures += axis.isFigure ? 1 : 0;
        if (!shown) continue;
        places.append(i);
        columns.append({axis.id, axis.name, axis.words, axis.low, axis.high, axis.lowText, axis.highText});
    }
    QVector<plot::ParallelLine> lines;
    for (const viewmodels::ParallelRun& run : std::as_const(m_data.runs)) {
        plot::ParallelLine line{run.run, m_looks.value(run.group).style, run.name, {}};
        for (const qsizetype place : std::as_const(places))
            line.values.append(run.values[place]);
        lines.append(line);
    }
    m_plot->setData(columns, lines);
    refreshChosen();
}

void ParallelCard::fillAxes()
{
    m_axes->clear();
    int figures = 0;
    for (const viewmodels::ParallelAxis& axis : std::as_const(m_data.axes)) {
        QAction* action = m_axes->addAction(QString(axis.name).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(isShown(axis, figures));
        figures += axis.isFigure ? 1 : 0;
        connect(action, &QAction::toggled, this, [this, id = axis.id](bool on) {
            m_wanted.insert(id, on);
            show();
        });
    }
}

void ParallelCard::refreshChosen()
{
    const bool isBrushed = m_plot->isBrushed();
    const qsizetype chosen = m_plot->chosen().size();
    m_clear->setVisible(isBrushed);
    m_keep->setEnabled(isBrushed && chosen > 0 && chosen < m_plot->lines());
    m_card->setSubtitle(isBrushed ? tr("%1 of %2 runs inside the brushes").arg(chosen).arg(m_plot->lines())
                                  : tr("drag along an axis to choose runs"));
}

} // namespace gradus::pages
