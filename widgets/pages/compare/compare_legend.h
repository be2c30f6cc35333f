// SPDX-License-Identifier: GPL-3.0-or-later
// The legend of a comparison: what differs, then a sample, the name and n of every group.
#pragma once

#include "common/theme.h"

#include <QString>
#include <QVector>
#include <QWidget>

namespace gradus::pages {

struct GroupEntry
{
    QString name;
    int style = 0;  ///< place in the cycle; 8 and on: hollow markers
    int runs = 0;   ///< n that a mean is over
    int living = 0; ///< of these are still going
    bool baseline = false;

    friend bool operator==(const GroupEntry&, const GroupEntry&) = default;
};

/// As many rows as its width needs. A click on a group makes it the baseline (groupClicked).
class CompareLegend final : public QWidget
{
    Q_OBJECT
public:
    explicit CompareLegend(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setGroups(const QString& differs, const QVector<GroupEntry>& groups);
    const QVector<GroupEntry>& groups() const { return m_groups; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void groupClicked(int group);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QVector<QRectF> places(int width) const; ///< of "differs" first, then of the groups
    QString countText(const GroupEntry& group) const;

    const common::ThemeController& m_theme;
    QString m_differs;
    QVector<GroupEntry> m_groups;
};

} // namespace gradus::pages
