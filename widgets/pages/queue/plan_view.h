// SPDX-License-Identifier: GPL-3.0-or-later
// The queue against time: a lane a slot, a bar a run, now as a line; ends that are not sure are hatched.
#pragma once

#include "common/theme.h"
#include "viewmodels/queue_plan.h"

#include <QTimer>
#include <QWidget>

namespace gradus::pages {

/// Paints what it is given and moves with the clock. GUI thread only.
class PlanView final : public QWidget
{
    Q_OBJECT
public:
    explicit PlanView(common::ThemeController& theme, QWidget* parent = nullptr);

    /// slots: cores that the queue may fill.
    void setQueue(const store::QueueState& queue, int slots, const store::DeviceSlots& devices);
    void setChosen(qint64 run);
    const viewmodels::QueuePlan& plan() const { return m_plan; }
    QRectF barOf(qint64 run) const; ///< in the widget; empty where it has none
    QString summary() const;        ///< "4 runs, done about 14:52"
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void runClicked(qint64 run);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void refreshPlan();
    QRectF area() const; ///< where bars are
    double xOf(double wall) const;
    QRectF rectOf(const viewmodels::PlanBar& bar, double from, double to) const;
    const viewmodels::PlanBar* barAt(const QPointF& at) const;
    void paintTimes(QPainter& painter) const;
    void paintBar(QPainter& painter, const viewmodels::PlanBar& bar) const;

    common::ThemeController& m_theme;
    store::QueueState m_queue;
    store::DeviceSlots m_devices;
    int m_slots = 1;
    viewmodels::QueuePlan m_plan;
    double m_from = 0; ///< wall seconds at the left edge
    double m_to = 1;
    double m_now = 0;
    qint64 m_chosen = 0;
    QTimer m_clock;
};

} // namespace gradus::pages
