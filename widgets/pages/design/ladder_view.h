// SPDX-License-Identifier: GPL-3.0-or-later
// The ladder as a picture: rungs on an axis of log capacity, the gaps that the draft takes as arrows between them.
#pragma once

#include "common/theme.h"

#include <QStringList>
#include <QVector>
#include <QWidget>

namespace gradus::pages {

/// Paints what it is given. Keys: Left and Right choose, Delete removes, Enter makes the start. GUI thread only.
class LadderView final : public QWidget
{
    Q_OBJECT
public:
    struct Rung
    {
        QString name;        ///< "32 x 2", or a folder's last part
        QString size;        ///< "27k"; empty where it is not known
        double capacity = 0; ///< log10 parameters; without sizes the place in the list
    };
    struct Arrow
    {
        int from = 0;
        int to = 0;
        double gap = 0; ///< taken
    };

    explicit LadderView(common::ThemeController& theme, QWidget* parent = nullptr);

    void setLadder(const QVector<Rung>& rungs, const QVector<Arrow>& arrows, int start, bool isScaled);
    void setChosen(int rung);
    int chosen() const { return m_chosen; } ///< -1: none
    QPointF placeOf(int rung) const;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosenChanged(int rung);
    void removeRequested(int rung);
    void startRequested(int rung);
    void moveRequested(int rung, int to); ///< dragged among its neighbours, or Alt+Left and Alt+Right

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int rungAt(const QPointF& at) const;
    void choose(int rung);

    common::ThemeController& m_theme;
    QVector<Rung> m_rungs;
    QVector<Arrow> m_arrows;
    int m_start = 0;
    int m_chosen = -1;
    bool m_isScaled = true;
    bool m_isPressed = false;
};

} // namespace gradus::pages
