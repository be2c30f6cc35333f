// SPDX-License-Identifier: GPL-3.0-or-later
// The unit of the Design page's horizontal axis: a choice of the view, never a change of the file.
#include "pages/design/design_page.h"

#include "pages/design/points_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QStandardItemModel>

namespace gradus::pages {

using viewmodels::RunAxis;
using viewmodels::RunUnit;

void DesignPage::addUnits(QHBoxLayout& row)
{
    m_unit = new QComboBox;
    m_unit->setObjectName(QStringLiteral("axisUnit"));
    m_unit->setAccessibleName(tr("Unit of the horizontal axis"));
    const std::pair<RunUnit, QString> all[] = {{RunUnit::Fraction, tr("% of run")},
                                               {RunUnit::Generation, tr("Generation")},
                                               {RunUnit::Step, tr("Step")},
                                               {RunUnit::Epoch, tr("Epoch")},
                                               {RunUnit::Token, tr("Token")}};
    for (const auto& [unit, title] : all)
        m_unit->addItem(title, static_cast<int>(unit));
    row.addWidget(m_unit);
    connect(m_unit, &QComboBox::activated, this, [this] {
        const auto unit = static_cast<RunUnit>(m_unit->currentData().toInt());
        if (unit == RunUnit::Token) m_itemTokens.ask(m_document.experiment(), m_document.text());
        refreshAxis();
        if (unit == RunUnit::Token && m_itemTokens.isAsking())
            showNotice(tr("Reading the task for its tokens…"), false);
    });
    connect(&m_itemTokens, &viewmodels::ItemTokens::answered, this, [this] {
        showNotice(m_itemTokens.problem(), true);
        refreshAxis();
    });
}

/// An experiment that has no such axis is shown in percent until it has: the choice stays.
void DesignPage::refreshAxis()
{
    const spec::Experiment& experiment = m_document.experiment();
    const auto tokens = m_itemTokens.perItem();
    auto* items = qobject_cast<QStandardItemModel*>(m_unit->model());
    for (int row = 0; row < m_unit->count(); ++row) {
        const auto unit = static_cast<RunUnit>(m_unit->itemData(row).toInt());
        // Tokens can be asked for.
        const QString why = RunAxis::absence(experiment, unit, unit == RunUnit::Token ? tokens.value_or(1) : tokens);
        items->item(row)->setEnabled(why.isEmpty());
        items->item(row)->setToolTip(why);
    }
    const auto chosen = static_cast<RunUnit>(m_unit->currentData().toInt());
    const RunAxis axis(experiment, chosen, tokens);
    const QString absence = RunAxis::absence(experiment, chosen, tokens);
    m_unit->setToolTip(absence.isEmpty() ? tr("Unit of the horizontal axis; files keep fractions of the run")
                                         : absence);
    m_lanes.span().setAxis(axis);
    m_points->setAxis(axis);
}

} // namespace gradus::pages
