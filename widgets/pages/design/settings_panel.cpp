// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/settings_panel.h"

#include "common/controls.h"
#include "spec/drawn.h"
#include "viewmodels/number_track.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace gradus::pages {

using viewmodels::SettingsModel;

namespace {

constexpr int kBarHeight = 40;
constexpr int kRowHeight = 26;
constexpr int kNameWidth = 220;
constexpr int kValueWidth = 190;
constexpr int kDefaultWidth = 150;

} // namespace

SettingsPanel::SettingsPanel(viewmodels::ScheduleDocument& document, QWidget* parent)
    : QFrame(parent), m_document(document), m_model(document), m_search(new QLineEdit), m_changed(new QCheckBox),
      m_reset(common::makeButton(tr("Reset"), QStringLiteral("quiet"))),
      m_draw(common::makeButton(tr("Draw over the run"), QStringLiteral("quiet"))), m_table(new QTableView),
      m_help(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet")))
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("settingsPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* bar = common::addBar(*column, kBarHeight);
    m_search->setObjectName(QStringLiteral("settingsSearch"));
    m_search->setPlaceholderText(tr("Search settings and their help"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_changed->setObjectName(QStringLiteral("changedOnly"));
    m_reset->setObjectName(QStringLiteral("resetSetting"));
    m_reset->setToolTip(tr("Back to the default (Backspace)"));
    bar->addWidget(m_search, 1);
    bar->addWidget(m_changed);
    m_draw->setObjectName(QStringLiteral("drawSetting"));
    m_draw->setToolTip(tr("Gives the number a lane: every generation takes its own value from a curve"));
    bar->addWidget(m_draw);
    bar->addWidget(m_reset);

    m_table->setObjectName(QStringLiteral("settingsTable"));
    m_table->setAccessibleName(tr("Settings of the experiment"));
    m_table->setModel(&m_model);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setTextElideMode(Qt::ElideRight);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    common::fitSection(*header, SettingsModel::NameColumn, kNameWidth);
    common::fitSection(*header, SettingsModel::ValueColumn, kValueWidth);
    common::fitSection(*header, SettingsModel::DefaultColumn, kDefaultWidth);
    header->setStretchLastSection(true);
    column->addWidget(m_table, 1);
    m_help->setWordWrap(true);
    m_help->setContentsMargins(12, 6, 12, 8);
    column->addWidget(m_help);

    connect(m_search, &QLineEdit::textChanged, &m_model, &SettingsModel::setFilter);
    connect(m_search, &QLineEdit::textChanged, this, &SettingsPanel::refresh);
    connect(m_changed, &QCheckBox::toggled, &m_model, &SettingsModel::setChangedOnly);
    connect(m_draw, &QPushButton::clicked, this, &SettingsPanel::drawOverTheRun);
    connect(m_reset, &QPushButton::clicked, this, [this] { m_model.reset(m_table->currentIndex()); });
    auto* back = new QAction(tr("Design: setting back to its default"), this);
    back->setShortcut(Qt::Key_Backspace);
    back->setShortcutContext(Qt::WidgetShortcut);
    connect(back, &QAction::triggered, this, [this] { m_model.reset(m_table->currentIndex()); });
    m_table->addAction(back);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &SettingsPanel::refresh);
    connect(&m_model, &SettingsModel::modelReset, this, &SettingsPanel::refresh);
    connect(&m_model, &SettingsModel::countsChanged, this, &SettingsPanel::refresh);
    connect(&m_model, &SettingsModel::refused, this, &SettingsPanel::refused);
    refresh();
}

const spec::KeyInfo* SettingsPanel::drawableKey() const
{
    const std::string key = m_table->currentIndex().data(SettingsModel::KeyRole).toString().toStdString();
    const spec::KeyInfo* info = spec::findKey(key);
    return info && info->drawable && !spec::drawnCurve(m_document.experiment(), key) ? info : nullptr;
}

/// Begins as what it was: the same number at both ends.
void SettingsPanel::drawOverTheRun()
{
    const spec::KeyInfo* key = drawableKey();
    if (key == nullptr) return;
    spec::Experiment experiment = m_document.experiment();
    const spec::Field field = key->field(experiment);
    const auto* whole = std::get_if<int*>(&field);
    const auto* real = std::get_if<double*>(&field);
    if (whole == nullptr && real == nullptr) return;
    const double value = whole ? **whole : **real;
    const auto drawn = m_document.setValue(key->dotted(), viewmodels::levelToml(*key, value), tr("Draw over the run"));
    if (!drawn) Q_EMIT refused(QString::fromStdString(drawn.error().message));
}

QString SettingsPanel::helpText() const
{
    return m_help->text();
}

void SettingsPanel::refresh()
{
    m_changed->setText(tr("Changed only (%1)").arg(m_model.changedCount()));
    const QModelIndex current = m_table->currentIndex();
    m_draw->setEnabled(m_document.isValid() && drawableKey() != nullptr);
    m_reset->setEnabled(current.isValid() && current.data(SettingsModel::ChangedRole).toBool());
    if (current.isValid())
        m_help->setText(current.data(SettingsModel::KeyRole).toString() + QStringLiteral(": ") +
                        current.siblingAtColumn(SettingsModel::HelpColumn).data().toString());
    else if (m_model.rowCount() == 0)
        m_help->setText(tr("No setting has these words in its name, its value or its help."));
    else
        m_help->setText(tr("Choose a setting to read what it does; Enter or F2 edits it."));
}

} // namespace gradus::pages
