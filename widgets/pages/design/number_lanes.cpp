// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/number_lanes.h"

#include "common/controls.h"
#include "editor/lane_stack.h"
#include "editor/lane_view.h"

#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr int kHeaderHeight = 32;

} // namespace

NumberLanes::NumberLanes(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_document(document), m_stack(new editor::LaneStack(theme))
{
    setObjectName(QStringLiteral("numberLanes"));
    setProperty("panel", true);
    setMinimumHeight(kHeaderHeight + 2 + m_stack->heightOfLane()); // one lane with its axis, and two lines
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* head = common::addBar(*column, kHeaderHeight);
    head->addWidget(common::makeLabel(tr("Numbers over the run"), common::Type::SmallStrong));
    head->addWidget(common::makeHint(tr("each generation takes the value at its place")), 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(m_stack, 1);
    connect(&document, &viewmodels::ScheduleDocument::textChanged, this, &NumberLanes::follow);
    rebuild();
}

NumberLanes::~NumberLanes() = default;

int NumberLanes::gutter() const
{
    return m_stack->gutter();
}

const QVector<editor::LaneView*>& NumberLanes::lanes() const
{
    return m_stack->lanes();
}

void NumberLanes::setFirstNumber(int number)
{
    if (number == m_firstNumber) return;
    m_firstNumber = number;
    rebuild();
}

void NumberLanes::follow()
{
    const auto& drawn = m_document.experiment().drawn;
    const bool same = std::equal(m_tracks.begin(), m_tracks.end(), drawn.begin(), drawn.end(),
                                 [](const viewmodels::NumberTrack* track, const spec::DrawnNumber& number) {
                                     return track->key() == number.key;
                                 });
    if (!same) rebuild();
}

/// A number that is still drawn keeps its track, and with it its lock and what is selected. The lanes go before the
/// tracks they show: both are deleted in this order once the events of today are done.
void NumberLanes::rebuild()
{
    auto gone = m_tracks;
    m_tracks.clear();
    QVector<viewmodels::CurveTrack*> shown;
    for (const spec::DrawnNumber& number : m_document.experiment().drawn) {
        const auto kept = std::find_if(
            gone.begin(), gone.end(), [&](const viewmodels::NumberTrack* track) { return track->key() == number.key; });
        m_tracks.append(kept == gone.end() ? makeTrack(number.key) : *kept);
        if (kept != gone.end()) gone.erase(kept);
        shown.append(m_tracks.back());
    }
    m_stack->setTracks(shown, m_firstNumber);
    for (viewmodels::NumberTrack* track : gone)
        track->deleteLater();
    setVisible(!m_tracks.isEmpty());
    Q_EMIT lanesChanged();
}

viewmodels::NumberTrack* NumberLanes::makeTrack(const std::string& key)
{
    auto* track = new viewmodels::NumberTrack(m_document, key, this);
    connect(track, &viewmodels::CurveTrack::editRefused, &m_document, &viewmodels::ScheduleDocument::editRefused);
    return track;
}

} // namespace gradus::pages
