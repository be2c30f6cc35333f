// SPDX-License-Identifier: GPL-3.0-or-later
// What the lane says in words: its keys for assistive technology, what is wrong with its curve.
#include "common/number_text.h"
#include "editor/lane_view.h"

namespace gradus::editor {

void LaneView::describe()
{
    const schedule::Curve& curve = m_track.curve();
    const int count = m_track.keyCount();
    QStringList words{tr("%n keys", nullptr, count)};
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const bool selected = m_track.selection().contains(static_cast<int>(i));
        words << tr("key %1 at %2 percent, value %3%4")
                     .arg(i + 1)
                     .arg(common::numberText(100 * curve.keys[i].x, 1),
                          common::numberText(curve.keys[i].y, decimalsAt(curve.keys[i].y) + 1),
                          selected ? tr(", selected") : QString());
    }
    if (const auto closed = m_track.closedUntil())
        words << tr("over and locked up to %1 percent").arg(common::numberText(100 * *closed, 1));
    for (const plot::WarningMark& warning : warnings())
        words << warning.sentence;
    setSummary(words.join(QStringLiteral("; ")));
}

void LaneView::showWarnings(const QVector<plot::WarningMark>& marks)
{
    if (marks == warnings()) return;
    setWarnings(marks);
    describe();
}

QString LaneView::warningAt(const QPointF& position) const
{
    for (const plot::WarningMark& warning : warnings())
        if ((warningPixel(warning) - position).manhattanLength() <= 1.5 * plot::kHitRadius) return warning.sentence;
    return {};
}

} // namespace gradus::editor
