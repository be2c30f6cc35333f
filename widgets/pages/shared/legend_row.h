// SPDX-License-Identifier: GPL-3.0-or-later
// The legend over a plot: a sample of each line, its name, and its value at the cursor.
#pragma once

#include "common/theme.h"

#include <QColor>
#include <QString>
#include <QVector>
#include <QWidget>

namespace gradus::pages {

struct LegendEntry
{
    QString name;
    QString value;
    QColor colour;
    QVector<qreal> dash;
    bool isReference = false; ///< a ceiling, a supervisor, a drawn curve

    friend bool operator==(const LegendEntry&, const LegendEntry&) = default;
};

/// 18 px high. Where it is narrow, names are elided from the right, and left out where not even their beginnings fit;
/// values never are.
class LegendRow final : public QWidget
{
    Q_OBJECT
public:
    explicit LegendRow(const common::ThemeController& theme, QWidget* parent = nullptr);
    void setEntries(const QVector<LegendEntry>& entries);
    const QVector<LegendEntry>& entries() const { return m_entries; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const common::ThemeController& m_theme;
    QVector<LegendEntry> m_entries;
};

} // namespace gradus::pages
