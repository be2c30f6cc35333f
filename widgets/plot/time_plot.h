// SPDX-License-Identifier: GPL-3.0-or-later
// A chart over the run's steps: stage bands, event marks, lines with intervals, a crosshair that charts share.
#pragma once

#include "plot/plot_view.h"

#include <QPointF>
#include <QVector>

#include <memory>
#include <optional>

namespace gradus::plot {

enum class Draw
{
    Line,   ///< 1 px, antialiased
    Raw,    ///< 1 px, not antialiased, at 30 %: the unsmoothed trace behind a Line of the same style
    Hold,   ///< the value holds until the next point: ceilings, supervisors, gaps
    Points, ///< markers only; several of one x are all there
};

enum class Tone
{
    Series,  ///< the series' own colour
    Neutral, ///< text2: references such as ceilings and ghosts
    Danger,  ///< limits
};

struct Series
{
    QString id;    ///< unique in its chart; the same id keeps its place on update
    QString name;  ///< for the summary and the legend
    int style = 0; ///< 0-based place in the experiment: colour, dash and marker of s1..s8
    Draw draw = Draw::Line;
    Tone tone = Tone::Series;
    std::optional<QVector<qreal>> dash; ///< replaces the style's dash; empty vector: solid
    QVector<QPointF> points;            ///< increasing x; NaN y is a gap
    QVector<double> low, high;          ///< interval, same length as points, or both empty
    bool markers = false;               ///< the style's marker at every point (evaluations)
    bool hollow = false;                ///< markers filled with surface
    QString endLabel;                   ///< direct label at the line's end; empty: none
    bool rightAxis = false;
    bool inLegend = true; ///< false: a companion of another series, which speaks for both
};

enum class Stage
{
    Competence,
    Discovery,
    Alignment,
};
struct StageSpan
{
    double first = 0;
    double last = 0; ///< of stages 2 and 3 as well: narrower than a few pixels they are drawn so wide, and hatched
    Stage stage = Stage::Competence;
    bool future = false; ///< hatched
};
struct GenerationLabel
{
    double x = 0; ///< its first step
    QString text; ///< "G1"
};
enum class Mark
{
    Checkpoint,
    ScheduleEdit,
    Alert,
    Evaluation,
};
struct EventMark
{
    double x = 0;
    Mark mark = Mark::Checkpoint;
    QString text; ///< tooltip, plain
};
struct Limit
{
    double y = 0;
    QString name; ///< written on the line
};

/// Value of a series at x: the point at or before x (Hold, Points) or on the line between two points; nothing in a gap
/// or outside the data.
std::optional<double> valueAt(const Series& series, double x);

class TimePlot final : public PlotView
{
    Q_OBJECT
public:
    explicit TimePlot(common::ThemeController& theme, QWidget* parent = nullptr);
    ~TimePlot() override;

    void setSeries(QVector<Series> series);
    const QVector<Series>& series() const { return m_series; }
    void setStages(QVector<StageSpan> stages);
    void setGenerations(QVector<GenerationLabel> generations);
    void setEvents(QVector<EventMark> events);
    const QVector<EventMark>& events() const { return m_events; }
    void setLimits(QVector<Limit> limits);
    void setNow(std::optional<double> x);

    /// The whole extent of x; what is shown until somebody zooms, and where zooming back ends.
    void setFullRange(double first, double last);
    void setXRange(double first, double last);
    bool isZoomed() const { return m_zoomed; }
    void zoomBack(); ///< to the full range
    /// Fixed y range; without one it follows the data in sight.
    void setYRange(double low, double high);
    void setAutoYRange(double minimumSpan = 0.1);
    /// The second scale at the right, with its own range and labels.
    void setRightRange(double low, double high, Formatter formatter);
    void setUnit(const QString& unit); ///< once, over the first label of y
    void setInteractive(bool interactive);

    void setCrosshair(std::optional<double> x);
    std::optional<double> crosshair() const { return m_crosshair; }

Q_SIGNALS:
    void crosshairMoved(double x); ///< by mouse or arrow keys in this chart
    void crosshairLeft();
    void clicked(double x, double y);              ///< in the plot area, in coordinates of the left axis
    void xRangeChanged(double first, double last); ///< by the user in this chart
    void eventClicked(int index);                  ///< index into the events given

protected:
    void prepare() override;
    void restyle() override;
    bool isEmpty() const override;
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Graphs;
    friend class TimePlotPainter;

    void fitY();
    void rebuildGraphs();
    void updateSummary();
    void moveCrosshair(double x);
    std::optional<double> stopBeyond(double x, bool forward) const;
    void stepCrosshair(int points);
    void userRange(double first, double last);
    int eventAt(const QPointF& pixel) const;

    QVector<Series> m_series;
    QVector<StageSpan> m_stages;
    QVector<GenerationLabel> m_generations;
    QVector<EventMark> m_events;
    QVector<Limit> m_limits;
    std::optional<double> m_now, m_crosshair, m_dragFrom, m_dragTo;
    double m_dragY = 0; ///< where the button went down
    QString m_unit;
    double m_fullFirst = 0, m_fullLast = 1;
    double m_rightLow = 0, m_rightHigh = 0;
    double m_minimumSpan = 0.1;
    bool m_autoY = true, m_zoomed = false, m_interactive = true;
    std::unique_ptr<Graphs> m_graphs;
};

/// Keeps x range and crosshair of several charts equal. The charts must outlive it or be destroyed with it.
class TimeLink final : public QObject
{
    Q_OBJECT
public:
    explicit TimeLink(QObject* parent = nullptr) : QObject(parent) {}
    void add(TimePlot* chart);
    void setCrosshair(std::optional<double> x); ///< in all charts; no signal

Q_SIGNALS:
    void crosshairMoved(double x);
    void crosshairLeft();
    void xRangeChanged(double first, double last);

private:
    QVector<TimePlot*> m_charts;
};

} // namespace gradus::plot
