// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing surface of a curve editor: axes, curve, ghosts, keys, handles, bubble, playhead, and what is under a
// pixel.
#pragma once

#include "plot/plot_view.h"

#include <QPixmap>
#include <QPointF>
#include <QVector>

#include <optional>

class QPainter;

namespace gradus::plot {

enum class KeyShape
{
    Circle,  ///< Bezier
    Diamond, ///< monotone or linear
    Square,  ///< hold
};
struct KeyMark
{
    QPointF at; ///< coordinates
    KeyShape shape = KeyShape::Diamond;
    bool selected = false;
    bool hovered = false;
};
struct HandleMark
{
    QPointF key; ///< where its line begins
    QPointF at;
    int keyIndex = 0;
    bool left = false;
};
struct Ghost
{
    QString name; ///< written near its end; empty: none
    QVector<QPointF> points;
    bool dotted = false; ///< dotted: parent; dashed: controller, simulated

    friend bool operator==(const Ghost&, const Ghost&) = default;
};
/// A taken value: square on the curve at a generation's start.
struct TakenMark
{
    QPointF at;
    QString text;
};

/// Something is wrong at this place of the curve.
struct WarningMark
{
    QPointF at;       ///< coordinates; beyond the plot it is drawn at its edge
    QString sentence; ///< what, and why; shown as it is
    bool danger = false;

    friend bool operator==(const WarningMark&, const WarningMark&) = default;
};

/// A named place of the run: a flag at the top of the lane over a dotted line.
struct FlagMark
{
    double x = 0;
    QString name; ///< shown as it is
};

enum class HitKind
{
    Nothing,
    Key,
    Handle,
    Curve, ///< within the radius of the line, not on a key
    Playhead,
    Flag,      ///< not its line
    Box,       ///< a handle of the transform box: clockwise from its left top
    BoxInside, ///< within the transform box, on nothing else
};
struct Hit
{
    HitKind kind = HitKind::Nothing;
    int index = -1;     ///< into keys, handles, flags or the box's eight handles
    QPointF coordinate; ///< nearest point on the curve for Curve, else where the thing is
};

inline constexpr double kHitRadius = 8; ///< pixels; 16 for touch

/// Holds no document: it draws what it is given and answers where things are. A subclass or an event filter turns mouse
/// events (in this widget's pixels) into edits.
class LanePlot : public PlotView
{
    Q_OBJECT
public:
    explicit LanePlot(common::ThemeController& theme, QWidget* parent = nullptr);
    ~LanePlot() override;

    void setRange(double xLow, double xHigh, double yLow, double yHigh);
    /// By powers of ten, with ticks at these places; back to a plain axis with round numbers. Before setRange(), whose
    /// yLow is then above 0.
    void setLogY(bool on, QVector<double> positions = {});
    void setXTicks(QVector<double> positions); ///< fixed positions instead of round numbers; empty: round numbers
    void setSeriesStyle(int style);            ///< s1.. of the curve; default 0
    void setCurve(QVector<QPointF> samples);   ///< the evaluator's samples, increasing x
    void setGhosts(QVector<Ghost> ghosts);
    void setKeys(QVector<KeyMark> keys);
    void setHandles(QVector<HandleMark> handles);
    void setTaken(QVector<TakenMark> taken);
    void setBubble(std::optional<QPointF> at, const QString& text = {});
    void setPlayhead(std::optional<double> x, const QString& tag = {});
    void setGenerationStarts(QVector<double> starts);   ///< vertical lines; labels come from setRulerLabels
    void setRulerLabels(QVector<QString> labels);       ///< one a generation start, above the plot
    void setSelectionBox(std::optional<QRectF> pixels); ///< rubber band
    void setFlags(QVector<FlagMark> flags);             ///< in increasing x
    void setWarnings(QVector<WarningMark> warnings);
    const QVector<WarningMark>& warnings() const { return m_warnings; }
    QPointF warningPixel(const WarningMark& warning) const; ///< where it is drawn: the middle of its sign
    /// The box around selected keys, with eight handles; coordinates of the keys: it is drawn so much wider that its
    /// handles do not cover them.
    void setTransformBox(std::optional<QRectF> coordinates);
    /// A run does not follow this curve: drawn faint, without a fill. note: a word or two in the corner, or nothing.
    void setMuted(bool muted, const QString& note);
    /// Hatched from the left up to there: over, not to be edited.
    void setClosed(std::optional<double> until);
    void setFill(bool filled); ///< 14 % under the curve; on by default
    /// Nearest thing within radius pixels: handles before keys before flags before the box's handles before the
    /// curve before the playhead before the box's inside.
    Hit hitTest(const QPointF& pixel, double radius = kHitRadius) const;
    QVector<int> keysInside(const QRectF& pixels) const;

protected:
    void prepare() override;
    void restyle() override;
    bool isEmpty() const override;

private:
    void paintBack(QPainter& painter) const;
    void paintCurves(QPainter& painter) const;
    void paintGhosts(QPainter& painter) const;
    void drawGhosts(QPainter& painter) const;
    void paintKeys(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintOverlay(QPainter& painter) const;
    void paintBubble(QPainter& painter) const;
    void paintFlags(QPainter& painter) const;
    void paintWarnings(QPainter& painter) const;
    void paintBoxes(QPainter& painter) const;
    QRectF boxPixels() const; ///< only where there is a transform box
    QPointF boxHandle(int index) const;
    QPolygonF pixels(const QVector<QPointF>& points) const;

    int m_style = 0;
    bool m_filled = true;
    QVector<QPointF> m_curve;
    QVector<Ghost> m_ghosts;
    /// Dashes are the dearest thing in a lane and stand still while a key is dragged: drawn once for a look of the
    /// lane.
    struct GhostPicture
    {
        QPixmap pixels;
        QSize size;
        double ratio = 0;
        QVector<double> range;
        QRgb colour = 0;
    };
    mutable GhostPicture m_ghostPicture;
    QVector<KeyMark> m_keys;
    QVector<HandleMark> m_handles;
    QVector<TakenMark> m_taken;
    QVector<double> m_starts;
    QVector<QString> m_rulerLabels;
    std::optional<QPointF> m_bubble;
    QString m_bubbleText, m_playheadTag;
    std::optional<double> m_playhead;
    std::optional<QRectF> m_selectionBox;
    QVector<FlagMark> m_flags;
    QVector<WarningMark> m_warnings;
    std::optional<QRectF> m_transformBox;
    std::optional<double> m_closed;
    bool m_muted = false;
    QString m_note;
};

} // namespace gradus::plot
