// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/mix_limits_view.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "common/theme.h"
#include "pages/design/number_field.h"

#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace gradus::pages {

using viewmodels::MixLimitsModel;

namespace {

constexpr int kRowHeight = 24;
constexpr int kBarHeight = 34;
constexpr int kNameWidth = 150;
constexpr int kFigureWidth = 74;

/// A cell whose limit is not kept, or whose edit was refused, is written in danger; its reason is its tooltip.
class LimitsDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.data(MixLimitsModel::ReasonRole).toString().isEmpty())
            option->palette.setColor(QPalette::Text, option->palette.color(QPalette::BrightText));
        if (index.column() != MixLimitsModel::Name) option->font = common::numericFont(common::Type::Body);
    }
};

} // namespace

MixLimitsView::MixLimitsView(viewmodels::MixDesk& desk, viewmodels::MixLimitsModel& model, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_model(model), m_job(this), m_table(new QTableView),
      m_measured(common::makeHint({})), m_violation(new common::ElidedLabel),
      m_cost(common::makeLabel({}, common::Type::Small)), m_budget(new NumberField(tr("Budget of a run"), 1, 2, {})),
      m_fix(common::makeButton({}, QStringLiteral("link")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* bar = common::addBar(*column, kBarHeight);
    m_measured->setObjectName(QStringLiteral("mixMeasured"));
    m_cost->setObjectName(QStringLiteral("mixCost"));
    m_budget->setObjectName(QStringLiteral("mixBudget"));
    m_budget->setToolTip(tr("What the labels of one run may cost; 0: no budget"));
    m_budget->setFixedWidth(90);
    bar->addWidget(m_measured, 1);
    bar->addWidget(m_cost);
    bar->addWidget(common::makeLabel(tr("Budget"), common::Type::Small, QStringLiteral("quiet")));
    bar->addWidget(m_budget);
    m_table->setObjectName(QStringLiteral("mixLimits"));
    m_table->setAccessibleName(tr("Limits and figures of the sources"));
    m_table->setModel(&model);
    m_table->setItemDelegate(new LimitsDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                             QAbstractItemView::AnyKeyPressed);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    common::fitSection(*m_table->horizontalHeader(), MixLimitsModel::Name, kNameWidth);
    for (int section = MixLimitsModel::LeastShare; section < MixLimitsModel::ColumnCount; ++section)
        common::fitSection(*m_table->horizontalHeader(), section,
                           section == MixLimitsModel::MeasuredNoise ? kFigureWidth + 40 : kFigureWidth);
    column->addWidget(m_table, 1);
    auto* foot = common::addBar(*column, kBarHeight);
    m_violation->setObjectName(QStringLiteral("mixViolation"));
    m_violation->setFont(common::typeFont(common::Type::Small));
    m_fix->setObjectName(QStringLiteral("mixFix"));
    foot->addWidget(m_violation, 1);
    foot->addWidget(m_fix);
    connect(m_budget, &NumberField::entered, this, [this](double budget) {
        if (const auto done = m_model.setBudget(budget); !done)
            m_budget->refuse(QString::fromStdString(done.error().message));
    });
    connect(m_fix, &QPushButton::clicked, this, [this] {
        if (!m_model.violations().empty()) m_model.fix(m_model.violations().front());
    });
    connect(&model, &MixLimitsModel::limitsChanged, this, &MixLimitsView::refresh);
    connect(&desk, &viewmodels::MixDesk::sourcesChanged, this, [this] {
        if (isVisible()) measure();
    });
    refresh();
}

void MixLimitsView::setStore(const QString& store)
{
    m_store = store;
    if (isVisible()) measure();
}

QString MixLimitsView::says() const
{
    return m_measured->fullText();
}

void MixLimitsView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    measure(); // a run may have ended since it was shown last
}

void MixLimitsView::measure()
{
    std::vector<std::string> names;
    for (const spec::SignalSource& source : m_desk.sources())
        names.push_back(source.name);
    const auto& past = m_desk.document().past();
    const auto store = std::filesystem::path(QFile::encodeName(m_store).toStdString());
    if (names.size() < 2 || !std::filesystem::exists(store)) {
        m_job.cancel();
        m_model.setMeasured({});
        return m_measured->setFullText(tr("No run of these sources is in the store: nothing is measured."));
    }
    if (!m_model.measured()) m_measured->setFullText(tr("Reading the store…"));
    m_job.start(
        [store, names, parent = past ? past->uuid.toStdString() : std::string()] {
            return viewmodels::measuredMix(store, names, parent);
        },
        [this](const Result<std::optional<viewmodels::MeasuredMix>>& mix) {
            m_model.setMeasured(mix ? *mix : std::nullopt);
            if (!mix) return m_measured->setFullText(QString::fromStdString(mix.error().message));
            if (!*mix)
                return m_measured->setFullText(tr("No run of these sources is in the store: nothing is measured."));
            const viewmodels::MeasuredMix& found = **mix;
            QString line = tr("Measured: %1, the votes that taught generation %2")
                               .arg(QString::fromStdString(visible(found.name, 120)))
                               .arg(found.generation);
            if (found.effectiveSources)
                line += tr("; worth %1 independent sources").arg(common::numberText(found.effectiveSources->value, 2));
            m_measured->setFullText(line + '.');
        });
}

void MixLimitsView::refresh()
{
    const auto cost = m_model.cost();
    m_cost->setText(cost ? tr("A run's labels cost %1").arg(common::numberText(*cost, 2))
                         : tr("Cost: known once the task's items are"));
    m_budget->setValue(m_model.budget());
    m_budget->setEnabled(m_desk.document().isValid());
    const auto& violations = m_model.violations();
    const bool over = !violations.empty() && !violations.back().source;
    common::setStyleProperty(*m_cost, "tone", over ? QStringLiteral("danger") : QStringLiteral("quiet"));
    QString sentence = tr("All limits are kept.");
    if (!violations.empty()) sentence = QString::fromStdString(visible(violations.front().sentence, 600));
    if (!m_model.refusal().isEmpty())
        sentence = m_model.refusal();
    else if (violations.size() > 1)
        sentence += ' ' + tr("(and %1 more)").arg(violations.size() - 1);
    m_violation->setFullText(sentence);
    common::setStyleProperty(*m_violation, "tone",
                             violations.empty() && m_model.refusal().isEmpty() ? QStringLiteral("quiet")
                                                                               : QStringLiteral("danger"));
    m_fix->setText(violations.empty() || !m_model.refusal().isEmpty() ? QString()
                                                                      : m_model.fixText(violations.front()));
    m_fix->setVisible(!m_fix->text().isEmpty());
}

} // namespace gradus::pages
