// SPDX-License-Identifier: GPL-3.0-or-later
// One sentence about the draft between lane and table: the most severe first, the others a press away; hidden when
// clean.
#pragma once

#include "common/theme.h"

#include <QFrame>
#include <QVector>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

struct FindingAction
{
    QString text;
    std::function<void()> run;
};
struct Finding
{
    QString tone; ///< "danger", "warn" or "ok"
    QString sentence;
    QVector<FindingAction> actions;
};

class FindingStrip final : public QFrame
{
    Q_OBJECT
public:
    FindingStrip(const common::ThemeController& theme, QWidget* parent = nullptr);

    /// The first of several is shown; the count of the others stands at the right and leads to them in turn. The one
    /// that is shown stays while it is first as before.
    void setFindings(const QVector<Finding>& findings);
    QString sentence() const; ///< that is shown
    void showNext();

private:
    void rebuild();
    void refresh();

    const common::ThemeController& m_theme;
    QVector<Finding> m_findings;
    qsizetype m_shown = 0;
    QLabel* m_icon;
    common::ElidedLabel* m_sentence;
    QPushButton* m_more;
    QHBoxLayout* m_buttons;
};

} // namespace gradus::pages
