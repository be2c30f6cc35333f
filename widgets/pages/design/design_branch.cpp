// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page while its draft is the future of a run: the bar that says of which, and what Apply starts.
#include "pages/design/design_page.h"

#include "common/controls.h"
#include "pages/design/finding_strip.h"
#include "spec/future.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>

namespace gradus::pages {

namespace {

constexpr int kBarHeight = 36;

} // namespace

QWidget* DesignPage::makeBranchBar()
{
    auto* bar = new QFrame;
    bar->setObjectName(QStringLiteral("branchBar"));
    bar->setProperty("panel", true);
    bar->setFixedHeight(kBarHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(new common::ChipLabel(tr("branch"), QStringLiteral("accent")));
    m_branchOf = new common::ElidedLabel;
    row->addWidget(m_branchOf, 1);
    row->addWidget(common::makeLabel(tr("Kept up to"), common::Type::Small, QStringLiteral("quiet")));
    m_kept = new QComboBox;
    m_kept->setObjectName(QStringLiteral("keptGeneration"));
    m_kept->setAccessibleName(tr("Last generation that is kept"));
    m_kept->setToolTip(tr("What was drawn before the end of this generation has been read and stays"));
    row->addWidget(m_kept);
    QPushButton* leave = common::makeButton(tr("Leave the branch"), QStringLiteral("quiet"));
    leave->setObjectName(QStringLiteral("leaveBranch"));
    leave->setToolTip(tr("The text stays as an ordinary draft, which runs from its first generation"));
    row->addWidget(leave);
    connect(m_kept, &QComboBox::activated, this, [this](int index) {
        if (const auto kept = m_document.setKeptGeneration(index + 1); !kept)
            showNotice(QString::fromStdString(kept.error().message), true);
        refreshBranch();
    });
    connect(leave, &QPushButton::clicked, this, [this] { m_document.leavePast(); });
    bar->hide();
    m_branchBar = bar;
    return bar;
}

void DesignPage::beginBranch(const viewmodels::PastOfRun& past)
{
    if (const auto begun = m_document.beginFuture(past); !begun)
        showNotice(QString::fromStdString(begun.error().message), true);
}

void DesignPage::refreshBranch()
{
    const auto& past = m_document.past();
    m_branchBar->setVisible(past.has_value());
    m_launch->setText(past ? tr("Apply") : tr("Launch"));
    m_launch->setToolTip(past ? tr("Starts a run of its own that begins where the past ends (Ctrl+Enter)")
                              : tr("Freezes the draft and starts it (Ctrl+Enter)"));
    if (!past) return;
    m_branchOf->setFullText(tr("of %1: what is hatched has happened and stays").arg(past->name));
    const QSignalBlocker quiet(m_kept);
    m_kept->clear();
    for (int generation = 1; generation <= past->finished; ++generation)
        m_kept->addItem(QStringLiteral("A%1").arg(generation));
    m_kept->setCurrentIndex(past->generation - 1);
}

/// Undo may bring a draft back that an earlier past would allow and the present one does not.
bool DesignPage::keepsItsPast()
{
    const auto& past = m_document.past();
    if (!past) return true;
    const auto keeps = spec::keepsPast(past->run.experiment, m_document.experiment(), past->generation);
    if (!keeps) showNotice(QString::fromStdString(keeps.error().message), true);
    return keeps.ok();
}

viewmodels::Launcher::Branch DesignPage::branch() const
{
    const viewmodels::PastOfRun& past = *m_document.past();
    viewmodels::Launcher::Branch branch{.run = past.uuid, .generation = past.generation};
    for (const std::string& assignment : viewmodels::assignmentsOf(past, m_document.experiment()))
        branch.assignments << QString::fromStdString(assignment);
    return branch;
}

void DesignPage::setRunning(const QString& uuid, const QString& name)
{
    if (uuid == m_runningUuid && name == m_runningName) return;
    m_runningUuid = uuid;
    m_runningName = name;
    refreshFindings();
}

std::optional<Finding> DesignPage::runningFinding()
{
    if (m_runningUuid.isEmpty() || m_document.past()) return std::nullopt;
    return Finding{
        "ok",
        tr("%1 runs from this file. What it has yet to do can be drawn anew, as a branch.").arg(m_runningName),
        {{tr("Branch from here…"), [this] { Q_EMIT branchWanted(m_runningUuid); }}}};
}

} // namespace gradus::pages
