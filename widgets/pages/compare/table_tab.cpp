// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/table_tab.h"

#include "common/controls.h"
#include "pages/compare/summary_table.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {
constexpr int kMargin = 12;
constexpr int kTitleHeight = 44;
} // namespace

TableTab::TableTab(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_job(this)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, 4, kMargin, kMargin);
    m_card = new common::CardFrame(tr("Final figures"), kTitleHeight, this);
    column->addWidget(m_card);
    m_rows = new QComboBox;
    m_rows->setObjectName(QStringLiteral("tableRows"));
    m_rows->setAccessibleName(tr("Rows"));
    m_rows->addItems({tr("a row a group"), tr("a row a run")});
    m_test = new QComboBox;
    m_test->setObjectName(QStringLiteral("tableTest"));
    m_test->setAccessibleName(tr("Test"));
    m_test->addItems({tr("t test"), tr("permutation test")});
    m_test->setToolTip(tr("Paired where groups have the same seeds, else Welch's or unpaired"));
    m_copy = new QToolButton;
    m_copy->setObjectName(QStringLiteral("tableCopy"));
    m_copy->setProperty("role", "button");
    m_copy->setText(tr("Copy as"));
    m_copy->setIcon(common::makeIcon(common::Icon::Copy));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_copy);
    menu->addAction(tr("Markdown"), this, [this] { copy(compare::TextFormat::Markdown); });
    menu->addAction(tr("LaTeX"), this, [this] { copy(compare::TextFormat::Latex); });
    menu->addAction(tr("CSV"), this, [this] { copy(compare::TextFormat::Csv); });
    menu->addAction(tr("JSON"), this, [this] { copy(compare::TextFormat::Json); });
    m_copy->setMenu(menu);
    for (QWidget* control :
         {static_cast<QWidget*>(m_rows), static_cast<QWidget*>(m_test), static_cast<QWidget*>(m_copy)})
        m_card->trailing()->addWidget(control);
    m_view = new SummaryTable(m_model, theme, m_card);
    m_card->content()->addWidget(m_view, 1);
    m_note = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"), m_card);
    m_note->setObjectName(QStringLiteral("tableNote"));
    m_note->setWordWrap(true);
    m_note->setContentsMargins(kMargin, 8, kMargin, 8);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_card->content()->addWidget(m_note);
    connect(m_rows, &QComboBox::currentIndexChanged, this, &TableTab::refresh);
    connect(m_test, &QComboBox::currentIndexChanged, this, &TableTab::refresh);
}

void TableTab::setData(const viewmodels::ComparedDataPtr& compared, const compare::TableOptions& options)
{
    m_data = compared;
    m_options = options;
    refresh();
}

void TableTab::refresh()
{
    if (!m_data) return;
    m_options.byRun = m_rows->currentIndex() == 1;
    m_options.test = m_test->currentIndex() == 1 ? compare::TestKind::Permutation : compare::TestKind::Student;
    m_test->setEnabled(!m_options.byRun && m_options.baseline.has_value());
    m_job.start([compared = m_data,
                 options = m_options] { return compare::comparisonTable(compared->runs, compared->grouping, options); },
                [this](compare::ComparisonTable table) { showTable(std::move(table)); });
}

void TableTab::showTable(compare::ComparisonTable table)
{
    m_model.setTable(std::move(table), m_data->styles);
    m_note->setText(QString::fromStdString(m_model.table().note));
    m_card->setSubtitle(m_options.byRun ? tr("each run's last kept generation")
                                        : tr("over each run's last kept generation"));
}

QString TableTab::text(compare::TextFormat format) const
{
    return QString::fromStdString(compare::textOf(m_model.shownTable(), format));
}

void TableTab::copy(compare::TextFormat format)
{
    QGuiApplication::clipboard()->setText(text(format));
}

} // namespace gradus::pages
