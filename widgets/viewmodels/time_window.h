// SPDX-License-Identifier: GPL-3.0-or-later
// What the plots of Live share: the visible range with its zoom history, the cursor, Follow and the unit of x.
#pragma once

#include "viewmodels/live_run.h"

#include <QObject>
#include <QVector>

#include <optional>
#include <utility>

namespace gradus::viewmodels {

/// Everything is in steps of the run, whatever unit the x axis shows. GUI thread only.
class TimeWindow final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// A new run: everything visible, no cursor, Follow on; the unit stays.
    void reset();
    /// The newest step; moves the range along while it is not zoomed, or while Follow is on.
    void setNow(double step);
    double now() const { return m_now; }

    double first() const { return m_first; }
    double last() const { return m_last; }
    bool isZoomed() const { return m_zoomed; }
    /// Shows [first, last], kept at least kMinimumSpan wide and inside the run; the range before can be had back.
    void zoomTo(double first, double last);
    /// Around a step by a factor (below 1 zooms in); wheel steps in a row are one entry of the history.
    void zoomAround(double step, double factor);
    /// A drag of the range on the time line: any number of drag() and one endDrag() are one entry of the history.
    void drag(double first, double last);
    void endDrag() { m_wheeling = false; }
    bool back(); ///< the range before the last zoom; false when there is none
    void showAll();

    /// Where the pointer or the arrow keys are; nothing when they are nowhere.
    std::optional<double> pointer() const { return m_pointer; }
    void setPointer(std::optional<double> step);
    /// The pointer stays there though the mouse leaves the chart, until it is set again.
    void pin(double step);
    bool isPinned() const { return m_pinned; }
    /// The step whose values are shown: the pointer, else now.
    double cursor() const { return m_pointer.value_or(m_now); }

    bool follows() const { return m_follow; }
    void setFollow(bool follow);
    XAxis axis() const { return m_axis; }
    void setAxis(XAxis axis);

    static constexpr double kMinimumSpan = 4;

Q_SIGNALS:
    void rangeChanged();
    void cursorChanged();
    void followChanged(bool follow);
    void axisChanged();

private:
    void show(double first, double last, bool zoomed);

    double m_now = 0;
    double m_first = 0;
    double m_last = 1;
    bool m_zoomed = false;
    bool m_follow = true;
    bool m_pinned = false;
    bool m_wheeling = false; // the newest entry of the history is still being written
    XAxis m_axis = XAxis::Step;
    std::optional<double> m_pointer;
    struct Range
    {
        double first;
        double last;
        bool zoomed;
    };
    QVector<Range> m_history;
};

} // namespace gradus::viewmodels
