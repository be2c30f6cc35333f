// SPDX-License-Identifier: GPL-3.0-or-later
// Small widgets that every page uses: chips, cards, empty states, elided labels, lines, sparklines.
#pragma once

#include "common/icons.h"
#include "common/tokens.h"

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QVector>

class QHBoxLayout;
class QHeaderView;
class QHelpEvent;
class QToolButton;
class QVBoxLayout;

namespace gradus::common {

/// Sets a dynamic property that the style sheet reads and makes the sheet look at it again.
void setStyleProperty(QWidget& widget, const char* name, const QVariant& value);

/// For what counts pixels from the left when it paints (charts, transcripts, rows with a drawing in them): it stays as
/// it is where the window is laid out from right to left.
void keepLeftToRight(QWidget& widget);

/// Makes a section of a header with a model so wide, wider where its title needs it.
void fitSection(QHeaderView& header, int section, int width);

/// A tooltip that shows text as it is, whatever it looks like: Qt would render markup, and names come from outside.
QString plainTooltip(const QString& text);
/// The same where a widget paints what it tells of: shows the text beside the pointer, or hides the last one if empty.
void showTip(const QHelpEvent& asked, const QString& text, QWidget* widget);

/// A 20 px pill with a word of state: tone "" (neutral), "ok", "warn", "danger", "accent".
class ChipLabel final : public QLabel
{
    Q_OBJECT
public:
    explicit ChipLabel(const QString& text = {}, const QString& tone = {}, QWidget* parent = nullptr);
    void setTone(const QString& tone);
};

/// A label that never widens its layout: shows as much as fits, the whole text as tooltip. Plain text always.
class ElidedLabel final : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, Qt::TextElideMode mode = Qt::ElideRight, QWidget* parent = nullptr);
    void setFullText(const QString& text);
    const QString& fullText() const { return m_full; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();
    QString m_full;
    Qt::TextElideMode m_mode;
};

/// A plain-text label of one type and tone ("", "quiet", "faint", "accent", "ok", "warn", "danger").
QLabel* makeLabel(const QString& text, Type type, const QString& tone = {}, QWidget* parent = nullptr);
/// A small quiet text that gives way where there is no room.
ElidedLabel* makeHint(const QString& text, QWidget* parent = nullptr);
/// A button with a role ("", "primary", "quiet", "danger", "link").
QPushButton* makeButton(const QString& text, const QString& role = {}, QWidget* parent = nullptr);
/// An icon-only flat button; the tooltip is also its accessible name.
QToolButton* makeIconButton(Icon icon, const QString& tooltip, QWidget* parent = nullptr);
/// Adds a bar of that height with the side margins of a panel; what is put into the layout stands in one row.
QHBoxLayout* addBar(QVBoxLayout& column, int height);
/// A 1 px line in border: Qt::Horizontal or Qt::Vertical.
QFrame* makeLine(Qt::Orientation orientation, QWidget* parent = nullptr);

/// Surface with a border and a title row: title, quiet subtitle, then whatever is put into trailing().
class CardFrame final : public QFrame
{
    Q_OBJECT
public:
    /// titleHeight 0: no title row.
    explicit CardFrame(const QString& title = {}, int titleHeight = 34, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setSubtitle(const QString& text);
    QHBoxLayout* trailing() const { return m_trailing; } ///< right end of the title row
    QVBoxLayout* content() const { return m_content; }   ///< no margins, no spacing
    void setTitleLine(bool visible);                     ///< the grid line under the title; on by default

private:
    QLabel* m_title = nullptr;
    ElidedLabel* m_subtitle = nullptr;
    QFrame* m_line = nullptr;
    QHBoxLayout* m_trailing = nullptr;
    QVBoxLayout* m_content = nullptr;
};

/// What an empty place shows: one line that says what will appear and when, and at most one button.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(const QString& line, const QString& button = {}, QWidget* parent = nullptr);
    void setLine(const QString& line);
    void setButton(const QString& text, bool primary = false);
    QPushButton* button() const { return m_button; }

Q_SIGNALS:
    void activated(); ///< the button was pressed

private:
    QLabel* m_line;
    QPushButton* m_button;
};

/// A 1 px line over equally spaced values with a disc at the last one; NaN is a gap. Scales to its own range, which is
/// at least minimumSpan high so that noise does not look like a change.
void paintSparkline(QPainter& painter, const QRectF& rect, const QVector<double>& values, const QColor& colour,
                    double minimumSpan = 0.05);

} // namespace gradus::common
