// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/table_tab.h"

#include "common/controls.h"
#include "pages/compare/contrast_popover.h"
#include "pages/compare/summary_table.h"
#include "viewmodels/command_words.h"
#include "viewmodels/runs_model.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
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
    m_asking = common::makeButton(tr("Contrasts"));
    m_asking->setObjectName(QStringLiteral("tableContrasts"));
    m_popover = new ContrastPopover(this);
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
    menu->addSeparator();
    menu->addAction(tr("Command"), this, [this] { QGuiApplication::clipboard()->setText(command()); });
    m_copy->setMenu(menu);
    for (QWidget* control : {static_cast<QWidget*>(m_rows), static_cast<QWidget*>(m_test),
                             static_cast<QWidget*>(m_asking), static_cast<QWidget*>(m_copy)})
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
    connect(m_asking, &QPushButton::clicked, this, &TableTab::openContrasts);
    connect(m_popover, &ContrastPopover::added, this, [this](int group, int minus) {
        std::vector<std::string> typed = m_added;
        typed.push_back(
            compare::typedText({static_cast<std::size_t>(group), static_cast<std::size_t>(minus)}, m_data->grouping));
        editContrasts(std::move(typed));
    });
    connect(m_popover, &ContrastPopover::removed, this, [this](const QString& typed) {
        std::vector<std::string> rest = m_added;
        std::erase(rest, typed.toStdString());
        editContrasts(std::move(rest));
    });
}

void TableTab::setAddedContrasts(std::vector<std::string> typed)
{
    if (typed == m_added) return;
    m_added = std::move(typed);
    refresh();
}

void TableTab::editContrasts(std::vector<std::string> typed)
{
    setAddedContrasts(std::move(typed));
    Q_EMIT contrastsEdited();
}

void TableTab::openContrasts()
{
    if (m_asking->isEnabled()) m_popover->openBelow(*m_asking);
}

void TableTab::setData(const viewmodels::ComparedDataPtr& compared, const compare::TableOptions& options,
                       const QString& store)
{
    m_data = compared;
    m_options = options;
    m_store = store;
    refresh();
}

void TableTab::refresh()
{
    if (!m_data) return;
    m_options.byRun = m_rows->currentIndex() == 1;
    m_options.test = m_test->currentIndex() == 1 ? compare::TestKind::Permutation : compare::TestKind::Student;
    m_contrasts = viewmodels::contrastEntries(*m_data, m_added);
    compare::AskedContrasts asked = viewmodels::askedOf(m_contrasts);
    m_options.contrasts = std::move(asked.contrasts);
    m_options.absent = std::move(asked.absent);
    m_test->setEnabled(!m_options.byRun && m_options.baseline.has_value());
    QStringList groups;
    for (const compare::RunGroup& group : m_data->grouping.groups)
        groups << viewmodels::shortCondition(group.label);
    m_popover->setContrasts(groups, m_contrasts);
    m_asking->setText(m_contrasts.isEmpty() ? tr("Contrasts") : tr("Contrasts (%1)").arg(m_contrasts.size()));
    m_asking->setEnabled(!m_options.byRun && groups.size() > 1);
    m_asking->setToolTip(m_options.byRun     ? tr("Contrasts are of groups: choose a row a group")
                         : groups.size() > 1 ? tr("Groups that are held against each other besides the baseline")
                                             : tr("A contrast needs two groups or more"));
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

QString TableTab::command() const
{
    QStringList words{QStringLiteral("compare")};
    for (const compare::ComparedRun& run : m_data->runs)
        words << QString::fromStdString(run.detail.run.uuid);
    words << QStringLiteral("--store") << m_store;
    const auto& groups = m_data->grouping.groups;
    // In one word: a label that begins with a dash is no option.
    if (m_options.baseline && *m_options.baseline < groups.size())
        words << QStringLiteral("--baseline=") + QString::fromStdString(groups[*m_options.baseline].label);
    words += viewmodels::againstOptions(m_contrasts);
    if (m_options.test == compare::TestKind::Permutation) words << QStringLiteral("--test=permutation");
    if (m_options.byRun) words << QStringLiteral("--by-run");
    return viewmodels::commandLineOf(words);
}

void TableTab::copy(compare::TextFormat format)
{
    QGuiApplication::clipboard()->setText(text(format));
}

} // namespace gradus::pages
