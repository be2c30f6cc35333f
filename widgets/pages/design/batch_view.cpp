// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/batch_view.h"

#include "common/controls.h"
#include "common/number_text.h"

#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kRowHeight = 24;
constexpr int kBarHeight = 34;
constexpr int kTextLeast = 180;

} // namespace

BatchView::BatchView(viewmodels::MixDesk& desk, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_line(common::makeHint({})), m_button(common::makeButton(tr("Draw a batch"))),
      m_table(new QTableWidget)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* bar = common::addBar(*column, kBarHeight);
    bar->addWidget(m_line, 1);
    m_button->setObjectName(QStringLiteral("drawBatch"));
    m_button->setToolTip(
        tr("The items a run would teach first at the playhead's generation, by the run's own sampler"));
    bar->addWidget(m_button);
    m_table->setObjectName(QStringLiteral("batchTable"));
    m_table->setAccessibleName(tr("Items of the batch"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    column->addWidget(m_table, 1);
    connect(m_button, &QPushButton::clicked, this, &BatchView::draw);
    connect(&m_draw, &viewmodels::BatchDraw::drawn, this, &BatchView::show);
    connect(&desk.document(), &viewmodels::ScheduleDocument::textChanged, this, &BatchView::refreshLine);
    say(tr("Nothing is drawn yet."));
}

int BatchView::generation() const
{
    const int generations = m_desk.generations();
    const auto steps = static_cast<double>(std::max(generations - 2, 0));
    return std::clamp(2 + static_cast<int>(std::lround(m_desk.playhead() * steps)), 2, std::max(generations, 2));
}

void BatchView::say(const QString& sentence)
{
    m_sentence = sentence;
    refreshLine();
}

void BatchView::refreshLine()
{
    m_button->setEnabled(m_desk.document().isValid());
    const bool isOld = !m_drawnFrom.empty() && m_drawnFrom != m_desk.document().text();
    m_line->setFullText(isOld ? tr("The draft changed since this batch was drawn.") : m_sentence);
}

void BatchView::draw()
{
    if (!m_desk.document().isValid()) return;
    m_drawnFrom = m_desk.document().text();
    say(tr("Drawing for generation %1…").arg(generation()));
    m_draw.draw(m_drawnFrom, generation());
}

QString BatchView::says() const
{
    return m_line->fullText();
}

void BatchView::show(const viewmodels::BatchReport& report)
{
    m_table->clear();
    m_table->setRowCount(static_cast<int>(report.items.size()));
    if (!report.problem.isEmpty()) {
        m_table->setColumnCount(0);
        return say(report.problem);
    }
    QStringList heads{tr("Item")};
    QStringList silent;
    for (const viewmodels::BatchSource& source : report.sources) {
        heads << tr("%1 (%2)").arg(source.name, common::numberText(source.weight, 2));
        if (!source.notAsked.isEmpty()) silent << tr("%1 is not asked: %2").arg(source.name, source.notAsked);
    }
    heads << tr("Together") << tr("Truth");
    m_table->setColumnCount(static_cast<int>(heads.size()));
    m_table->setHorizontalHeaderLabels(heads);
    for (int row = 0; row < report.items.size(); ++row) {
        const viewmodels::BatchItem& item = report.items[row];
        QStringList cells{item.text};
        for (int j = 0; j < report.sources.size(); ++j)
            cells << (item.labels.value(j).isEmpty() ? common::missingText() : item.labels.value(j));
        cells << (item.pooled.isEmpty() ? common::missingText() : item.pooled) << QString::number(item.truth);
        for (int i = 0; i < cells.size(); ++i) {
            auto* cell = new QTableWidgetItem(cells[i]); // the table owns it
            if (i == 0) cell->setToolTip(common::plainTooltip(item.name + ": " + item.text));
            if (i > 0) cell->setTextAlignment(Qt::AlignCenter);
            m_table->setItem(row, i, cell);
        }
    }
    for (int i = 1; i < heads.size(); ++i)
        common::fitSection(*m_table->horizontalHeader(), i, 64);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    if (m_table->columnWidth(0) < kTextLeast)
        m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    QString line = tr("Generation %1: the first %2 of %3 items, as a run with the file's first seed draws them.")
                       .arg(report.generation)
                       .arg(report.items.size())
                       .arg(common::groupedText(report.pool));
    if (!silent.isEmpty()) line += ' ' + silent.join(QStringLiteral("; ")) + '.';
    say(line);
}

} // namespace gradus::pages
