// SPDX-License-Identifier: GPL-3.0-or-later
// The draft's text itself: what is typed becomes the draft, what is drawn stands in the text; both ways.
#pragma once

#include "common/theme.h"
#include "viewmodels/schedule_document.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

/// Typed text is taken once the keys rest, or when the field is left: one undo step each time, also where it does not
/// parse (then its line is marked, with the reason, until it does). GUI thread only.
class TextPanel final : public QFrame
{
    Q_OBJECT
public:
    static constexpr int kRest = 400; ///< milliseconds after the last key

    TextPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);

    QPlainTextEdit& edit() { return *m_edit; }
    QString reasonText() const;
    void showError(); ///< cursor to the line that is wrong
    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QString shownText() const;
    void takeTyped();
    void showDocument();
    void refreshMarks();
    void refreshPlace();

    viewmodels::ScheduleDocument& m_document;
    common::ThemeController& m_theme;
    QPlainTextEdit* m_edit;
    QFrame* m_bar;
    common::ElidedLabel* m_reason;
    QPushButton* m_go;
    QLabel* m_place;
    QTimer m_rest;
    QString m_refusal; ///< why the typed text was not taken at all; empty: it was
    bool m_isTyped = false;
    bool m_isShowing = false; ///< our own change of the field
};

} // namespace gradus::pages
