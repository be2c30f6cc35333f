// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/diff_tab.h"

#include "common/controls.h"
#include "pages/compare/diff_table.h"
#include "pages/compare/schedule_overlay.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSplitter>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {
constexpr int kMargin = 12;
constexpr int kBar = 44;
} // namespace

DiffTab::DiffTab(common::ThemeController& theme, QWidget* parent) : QWidget(parent)
{
    build(theme);
    m_origins.setDifferencesOnly(false);
    connect(m_differencesOnly, &QCheckBox::toggled, this, [this](bool on) {
        m_keys.setDifferencesOnly(on);
        refreshCount();
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_keys.setSearch(text.trimmed());
        refreshCount();
    });
}

void DiffTab::build(common::ThemeController& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, 0, kMargin, kMargin);
    column->setSpacing(0);
    auto* bar = new QWidget;
    bar->setFixedHeight(kBar);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    m_differencesOnly = new QCheckBox(tr("Differences only"));
    m_differencesOnly->setObjectName(QStringLiteral("differencesOnly"));
    m_differencesOnly->setChecked(true);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("diffSearch"));
    m_search->setPlaceholderText(tr("Search keys or values"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(220);
    m_search->addAction(common::makeIcon(common::Icon::Search), QLineEdit::LeadingPosition);
    m_count = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_count->setObjectName(QStringLiteral("diffCount"));
    m_confound = new common::ChipLabel({}, QStringLiteral("warn"));
    m_confound->setObjectName(QStringLiteral("confoundChip"));
    line->addWidget(m_differencesOnly);
    line->addWidget(m_search, 1);
    line->addWidget(m_count);
    line->addWidget(m_confound);
    line->addStretch(1);
    column->addWidget(bar);

    auto* across = new QSplitter(Qt::Horizontal);
    across->setHandleWidth(8);
    across->setProperty("gap", true);
    across->setChildrenCollapsible(false);
    column->addWidget(across, 1);
    auto* left = new QSplitter(Qt::Vertical);
    left->setHandleWidth(8);
    left->setProperty("gap", true);
    left->setChildrenCollapsible(false);
    auto* keysCard = new common::CardFrame({}, 0);
    m_keysView = new DiffTable(m_keys, theme);
    m_keysView->setObjectName(QStringLiteral("diffKeys"));
    m_keysView->setAccessibleName(tr("Keys of the configurations"));
    keysCard->content()->addWidget(m_keysView);
    m_originsCard = new common::CardFrame(tr("Made of"), 34);
    m_originsView = new DiffTable(m_origins, theme);
    m_originsView->setObjectName(QStringLiteral("diffOrigins"));
    m_originsView->setAccessibleName(tr("Hashes of what the runs are made of"));
    m_originsCard->content()->addWidget(m_originsView);
    left->addWidget(keysCard);
    left->addWidget(m_originsCard);
    left->setStretchFactor(0, 3);
    left->setStretchFactor(1, 1);
    left->setSizes({320, 300}); // code and environment are seen at once
    across->addWidget(left);
    m_overlay = new ScheduleOverlay(theme);
    across->addWidget(m_overlay);
    across->setSizes({580, 520});
    across->setStretchFactor(0, 1);
    across->setStretchFactor(1, 1);
}

void DiffTab::setData(const viewmodels::ComparedData& compared, const QVector<GroupLook>& looks, int baseline)
{
    QStringList names;
    for (const GroupLook& look : looks)
        names << look.name;
    QSet<QString> confounded;
    for (const std::string& key : compare::confounds(compared.runs, compared.grouping))
        confounded.insert(QString::fromStdString(key));
    m_keys.setKeys(compare::specDiff(compared.runs, compared.grouping), names, baseline, confounded);
    m_keys.setDifferencesOnly(m_differencesOnly->isChecked() && names.size() > 1); // one group shows what it is
    m_differencesOnly->setEnabled(names.size() > 1);
    m_origins.setOrigins(compare::origins(compared.runs, compared.grouping), names, baseline);
    m_confound->setVisible(!confounded.isEmpty() && names.size() > 1);
    m_confound->setText(tr("%n key(s) differ outside every sweep", nullptr, static_cast<int>(confounded.size())));
    m_confound->setToolTip(tr("What they change cannot be told from what the sweep changes:\n%1")
                               .arg(QStringList(confounded.begin(), confounded.end()).join(QStringLiteral("\n"))));
    m_originsCard->setSubtitle(
        tr("%1 same, %2 differ").arg(m_origins.total() - m_origins.differing()).arg(m_origins.differing()));
    m_overlay->setTracks(compare::drawnTracks(compared.runs, compared.grouping), looks, baseline);
    refreshCount();
}

const QTableView* DiffTab::keysView() const
{
    return m_keysView;
}

const QTableView* DiffTab::originsView() const
{
    return m_originsView;
}

QString DiffTab::countText() const
{
    return tr("%1 of %2 keys differ").arg(m_keys.differing()).arg(m_keys.total());
}

void DiffTab::refreshCount()
{
    m_count->setText(countText());
}

} // namespace gradus::pages
