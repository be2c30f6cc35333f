// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/moment_popover.h"

#include "common/controls.h"

#include <QComboBox>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kWidth = 320;
constexpr int kPadding = 12;
constexpr int kUuidDigits = 8;
constexpr int kAway = 8; ///< pixels from the point, so that it stays to be seen

} // namespace

MomentPopover::MomentPopover(QWidget* parent)
    : QFrame(parent, Qt::Popup), m_title(common::makeLabel({}, common::Type::BodyStrong)), m_rows(new QFormLayout),
      m_sentences(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"))), m_runs(new QComboBox),
      m_open(common::makeButton({}, QStringLiteral("primary"))),
      m_command(common::makeLabel({}, common::Type::Mono, QStringLiteral("quiet")))
{
    setObjectName(QStringLiteral("momentPopover"));
    setProperty("panel", true);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("This moment of the run"));
    setFixedWidth(kWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kPadding, kPadding, kPadding, kPadding);
    column->setSpacing(8);
    column->addWidget(m_title);
    m_rows->setHorizontalSpacing(16);
    m_rows->setVerticalSpacing(2);
    column->addLayout(m_rows);
    m_sentences->setObjectName(QStringLiteral("momentSentences"));
    m_sentences->setWordWrap(true);
    column->addWidget(m_sentences);
    m_runs->setObjectName(QStringLiteral("momentRuns"));
    m_runs->setAccessibleName(tr("Run whose transcripts are opened"));
    column->addWidget(m_runs);
    m_open->setObjectName(QStringLiteral("openTranscripts"));
    column->addWidget(m_open);
    m_command->setObjectName(QStringLiteral("momentCommand"));
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_command);
    connect(m_open, &QPushButton::clicked, this, &MomentPopover::activate);
    connect(m_runs, &QComboBox::currentIndexChanged, this, &MomentPopover::refreshRun);
}

void MomentPopover::openAt(const QPoint& globalPosition, const Moment& moment)
{
    m_moment = moment;
    m_title->setText(moment.title);
    while (m_rows->rowCount() > 0)
        m_rows->removeRow(0);
    for (const auto& [name, value] : moment.rows) {
        auto* figure = common::makeLabel(value, common::Type::Small);
        figure->setFont(common::numericFont(common::Type::Small));
        figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_rows->addRow(common::makeLabel(name, common::Type::Small, QStringLiteral("quiet")), figure);
    }
    m_sentences->setText(moment.sentences.join(QStringLiteral("\n\n")));
    m_sentences->setVisible(!moment.sentences.isEmpty());
    m_runs->clear();
    for (const MomentRun& run : moment.runs)
        m_runs->addItem(run.name);
    m_runs->setVisible(moment.runs.size() > 1);
    refreshRun();
    adjustSize();
    QPoint corner = globalPosition + QPoint(kAway, kAway);
    if (const QScreen* on = parentWidget()->screen()) {
        const QRect room = on->availableGeometry();
        if (corner.x() + width() > room.right()) corner.rx() = globalPosition.x() - kAway - width();
        corner.setX(std::max(room.left(), corner.x()));
        corner.setY(std::clamp(corner.y(), room.top(), std::max(room.top(), room.bottom() - height())));
    }
    move(corner);
    show();
    (moment.runs.isEmpty() ? static_cast<QWidget*>(this) : m_open)->setFocus(Qt::PopupFocusReason);
}

void MomentPopover::refreshRun()
{
    const int place = m_runs->currentIndex();
    const bool isThere = place >= 0 && place < m_moment.runs.size();
    m_open->setVisible(isThere);
    m_command->setVisible(isThere && m_moment.runs[place].hasEpisodes);
    if (!isThere) return;
    const MomentRun& run = m_moment.runs[place];
    m_open->setText(run.hasEpisodes ? tr("Open transcripts of generation %1").arg(run.generation)
                                    : tr("This run has no episodes"));
    m_open->setEnabled(run.hasEpisodes);
    m_command->setText(
        QStringLiteral("gradus transcript %1 --generation %2").arg(run.uuid.left(kUuidDigits)).arg(run.generation));
}

void MomentPopover::activate()
{
    const int place = m_runs->currentIndex();
    if (place < 0 || place >= m_moment.runs.size()) return;
    const MomentRun run = m_moment.runs[place];
    if (!run.hasEpisodes) return;
    hide();
    Q_EMIT transcriptsRequested(run.run, run.generation);
}

void MomentPopover::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        activate();
    else if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

} // namespace gradus::pages
