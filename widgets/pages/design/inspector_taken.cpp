// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector's list of what each generation takes of the gap.
#include "common/controls.h"
#include "common/number_text.h"
#include "pages/design/inspector.h"
#include "pages/design/inspector_grid.h"

#include <QLabel>
#include <QVBoxLayout>

namespace gradus::pages {

using common::Type;

namespace {

constexpr int kTakenColumns = 4;

} // namespace

QWidget* Inspector::makeTakenGroup()
{
    auto* group = new QWidget;
    auto* column = new QVBoxLayout(group);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(common::makeLine(Qt::Horizontal));
    auto* inside = new QWidget;
    m_taken = makeInspectorGrid(inside);
    m_takenTitle = common::makeLabel(tr("Taken by generation"), Type::SmallStrong);
    m_taken->addWidget(m_takenTitle, 0, 0, 1, kTakenColumns);
    const QString heads[] = {tr("Step"), tr("Wanted"), tr("Taken"), tr("Reaches")};
    for (int i = 0; i < kTakenColumns; ++i) {
        m_takenHeads.append(common::makeLabel(heads[i], Type::Small, QStringLiteral("quiet")));
        m_taken->addWidget(m_takenHeads.back(), 1, i, i == 0 ? Qt::AlignLeft : Qt::AlignRight);
    }
    // The window does not open model folders: their sizes are read by the command.
    m_takenHint = common::makeLabel(tr("The rungs are model folders. \"gradus check\" on the file says which of them "
                                       "this gap takes."),
                                    Type::Body, QStringLiteral("quiet"));
    m_takenHint->setWordWrap(true);
    m_taken->addWidget(m_takenHint, 2, 0, 1, kTakenColumns);
    for (int i = 0; i < kTakenColumns; ++i)
        m_taken->setColumnStretch(i, 1);
    column->addWidget(inside);
    return group;
}

void Inspector::setSteps(const std::vector<viewmodels::LadderStep>& steps, const std::vector<std::int64_t>& rungSizes,
                         bool exact)
{
    m_takenTitle->setText(exact ? tr("Taken by generation") : tr("If the first gap were kept"));
    const auto wanted = static_cast<qsizetype>(steps.size()) * kTakenColumns;
    while (m_takenCells.size() > wanted)
        delete m_takenCells.takeLast();
    while (m_takenCells.size() < wanted) {
        const int cell = static_cast<int>(m_takenCells.size());
        QLabel* label =
            common::makeLabel({}, Type::Body, cell % kTakenColumns == 0 ? QStringLiteral("quiet") : QString());
        if (cell % kTakenColumns != 0) label->setFont(common::numericFont(Type::Body));
        m_taken->addWidget(label, 2 + cell / kTakenColumns, cell % kTakenColumns,
                           cell % kTakenColumns == 0 ? Qt::AlignLeft : Qt::AlignRight);
        m_takenCells.append(label);
    }
    m_takenHint->setVisible(rungSizes.empty());
    for (QLabel* head : std::as_const(m_takenHeads))
        head->setVisible(!rungSizes.empty());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const viewmodels::LadderStep& step = steps[i];
        QLabel* const* cells = m_takenCells.constData() + i * kTakenColumns;
        cells[0]->setText(QStringLiteral("G%1 → G%2").arg(step.from).arg(step.from + 1));
        cells[1]->setText(common::numberText(step.wanted, 2));
        cells[2]->setText(step.rung ? common::numberText(step.taken, 2) : common::missingText());
        const auto size = step.rung ? rungSizes.at(static_cast<std::size_t>(*step.rung)) : 0;
        cells[3]->setText(step.rung ? viewmodels::sizeText(size) : tr("ladder ends"));
        for (int c = 0; c < kTakenColumns; ++c)
            cells[c]->setToolTip(QString::fromStdString(step.sentence));
    }
}

} // namespace gradus::pages
