// SPDX-License-Identifier: GPL-3.0-or-later
// Our own line icons, tinted from the palette when they are painted, so that a theme change needs no new QIcon.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QVector>

class QPainter;
class QRectF;

namespace gradus::common {

enum class Icon
{
    BarsCircle,
    CheckpointDiamond,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Circle,
    Clock,
    Close,
    Compare,
    Copy,
    Cross,
    CrossCircle,
    CurveBezier,
    CurveConstant,
    CurveLinear,
    CurveMonotone,
    Database,
    Delete,
    Design,
    Device,
    Disc,
    Disk,
    Draw,
    Expand,
    Eye,
    EyeOff,
    Filter,
    Flag,
    Folder,
    Follow,
    Home,
    Live,
    Lock,
    Minus,
    More,
    New,
    Pause,
    PlayCircle,
    Plus,
    Queue,
    Redo,
    Run,
    Save,
    Search,
    Select,
    Snap,
    Star,
    Stop,
    StopCircle,
    Tick,
    TickCircle,
    Transcripts,
    TriangleWarning,
    Undo,
};

const char* nameOf(Icon icon); ///< file name without ".svg"
QVector<Icon> allIcons();

/// Tinted by the application's palette: text2, accent when On or Selected, text3 when disabled.
QIcon makeIcon(Icon icon);
/// Tinted with one colour (states, primary buttons). Make it anew when the theme changes.
QIcon makeIcon(Icon icon, const QColor& colour);
/// For labels and delegates: side in logical pixels.
QPixmap iconPixmap(Icon icon, const QColor& colour, int side, qreal devicePixelRatio);
/// Straight onto a painter; rect should be square.
void paintIcon(QPainter& painter, const QRectF& rect, Icon icon, const QColor& colour);

} // namespace gradus::common
