// SPDX-License-Identifier: GPL-3.0-or-later
// One of Home's start cards: a preview drawn from real data, what it is, and one button.
#pragma once

#include "common/controls.h"
#include "common/theme.h"

namespace gradus::pages {

/// 252 px high. The whole preview is a click target for the button's action.
class StartCard final : public QFrame
{
    Q_OBJECT
public:
    /// Takes the preview as a child; words is at most two lines.
    StartCard(QWidget* preview, const QString& title, const QString& words, const QString& button,
              const QString& shortcut, QWidget* parent = nullptr);

    void setWords(const QString& words);
    QPushButton* button() const { return m_button; }

Q_SIGNALS:
    void activated();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* m_preview;
    QLabel* m_words;
    QPushButton* m_button;
};

/// The dashed outline of the Open card: where a file can be dropped.
class DropOutline final : public QWidget
{
    Q_OBJECT
public:
    explicit DropOutline(const common::ThemeController& theme, QWidget* parent = nullptr);
    void setLines(const QString& first, const QString& second);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const common::ThemeController& m_theme;
    QString m_first, m_second;
};

} // namespace gradus::pages
