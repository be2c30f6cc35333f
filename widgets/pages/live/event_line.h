// SPDX-License-Identifier: GPL-3.0-or-later
// The bottom line of Live: the newest event; expanded, a list of all of them.
#pragma once

#include "common/theme.h"
#include "store/records.h"

#include <QFrame>

#include <vector>

class QLabel;
class QListWidget;
class QToolButton;

namespace gradus::common {
class ChipLabel;
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

/// Collapsed it is 28 px high. Event texts are untrusted and shown as plain text. GUI thread.
class EventLine final : public QFrame
{
    Q_OBJECT
public:
    explicit EventLine(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setEvents(const std::vector<store::EventRow>& events);
    bool isExpanded() const;
    void setExpanded(bool expanded);

Q_SIGNALS:
    void stepChosen(double step); ///< an event of the list was clicked or entered

private:
    void showLatest();
    QString rowText(const store::EventRow& event) const;

    const common::ThemeController& m_theme;
    common::ChipLabel* m_count;
    QLabel* m_icon;
    QLabel* m_when;
    common::ElidedLabel* m_sentence;
    QToolButton* m_expand;
    QListWidget* m_list;
    std::vector<store::EventRow> m_events;
};

} // namespace gradus::pages
