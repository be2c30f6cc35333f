// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/event_line.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/live/stage_look.h"
#include "viewmodels/figures.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QListWidget>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kLineHeight = 28;
constexpr int kListHeight = 132;
constexpr int kMostListed = 2000; // the newest ones; all of them stay in the store
constexpr int kStepRole = Qt::UserRole;

QString clockOf(double wall)
{
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(wall * 1000)).time().toString(QStringLiteral("HH:mm:ss"));
}

} // namespace

EventLine::EventLine(const common::ThemeController& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("eventLine"));
    setProperty("panel", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(common::makeLine(Qt::Horizontal));
    auto* row = new QWidget(this);
    row->setFixedHeight(kLineHeight);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    line->addWidget(common::makeLabel(tr("Events"), common::Type::SmallStrong));
    m_count = new common::ChipLabel;
    line->addWidget(m_count);
    m_icon = new QLabel;
    line->addWidget(m_icon);
    m_when = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_when->setFont(common::numericFont(common::Type::Small));
    line->addWidget(m_when);
    m_sentence = new common::ElidedLabel;
    m_sentence->setFont(common::typeFont(common::Type::Small));
    m_sentence->setObjectName(QStringLiteral("latestEvent"));
    line->addWidget(m_sentence, 1);
    m_expand = common::makeIconButton(common::Icon::ChevronUp, tr("Show all events"));
    m_expand->setObjectName(QStringLiteral("expandEvents"));
    m_expand->setCheckable(true);
    line->addWidget(m_expand);
    column->addWidget(row);
    m_list = new QListWidget(this);
    m_list->setObjectName(QStringLiteral("eventList"));
    m_list->setAccessibleName(tr("Events of the run"));
    m_list->setFixedHeight(kListHeight);
    m_list->setUniformItemSizes(true);
    m_list->hide();
    column->addWidget(m_list);
    connect(m_expand, &QToolButton::toggled, this, &EventLine::setExpanded);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item != nullptr) Q_EMIT stepChosen(item->data(kStepRole).toDouble());
    });
    connect(&theme, &common::ThemeController::changed, this, &EventLine::showLatest);
    showLatest();
}

bool EventLine::isExpanded() const
{
    return m_expand->isChecked();
}

void EventLine::setExpanded(bool expanded)
{
    m_expand->setChecked(expanded);
    m_expand->setIcon(common::makeIcon(expanded ? common::Icon::ChevronDown : common::Icon::ChevronUp));
    m_list->setVisible(expanded);
}

QString EventLine::rowText(const store::EventRow& event) const
{
    return tr("%1   step %2   %3")
        .arg(clockOf(event.wall), QLocale().toString(static_cast<qlonglong>(event.step)),
             QString::fromStdString(visible(event.sentence, 600)));
}

void EventLine::setEvents(const std::vector<store::EventRow>& events)
{
    const bool grows =
        !m_events.empty() && events.size() >= m_events.size() && events.front().id == m_events.front().id;
    const std::size_t known = grows ? m_events.size() : 0;
    if (grows && known == events.size()) return;
    const QSignalBlocker quiet(m_list);
    if (!grows) m_list->clear();
    m_events = events;
    const std::size_t first =
        events.size() > kMostListed ? std::max(known, events.size() - static_cast<std::size_t>(kMostListed)) : known;
    for (std::size_t i = first; i < events.size(); ++i) {
        auto* item = new QListWidgetItem(rowText(events[i]));
        item->setData(kStepRole, static_cast<double>(events[i].step));
        item->setToolTip(viewmodels::plainToolTip(events[i].sentence));
        m_list->insertItem(0, item);
    }
    showLatest();
}

void EventLine::showLatest()
{
    m_count->setVisible(!m_events.empty());
    m_icon->setVisible(!m_events.empty());
    m_expand->setEnabled(!m_events.empty());
    if (m_events.empty()) {
        m_when->clear();
        m_sentence->setFullText(tr("Decisions of the gap controller, checkpoints and alerts appear here."));
        return;
    }
    const store::EventRow& latest = m_events.back();
    const bool alert = isAlert(latest.kind);
    m_count->setText(QLocale().toString(static_cast<qlonglong>(m_events.size())));
    const common::Icon icon = alert                         ? common::Icon::TriangleWarning
                              : latest.kind == "checkpoint" ? common::Icon::CheckpointDiamond
                                                            : common::Icon::Flag;
    const common::Tokens& tokens = m_theme.tokens();
    m_icon->setPixmap(common::iconPixmap(icon, alert ? tokens.danger : tokens.text2, 14, devicePixelRatioF()));
    m_when->setText(clockOf(latest.wall));
    m_sentence->setFullText(QString::fromStdString(visible(latest.sentence, 1000)));
}

} // namespace gradus::pages
