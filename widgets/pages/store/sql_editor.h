// SPDX-License-Identifier: GPL-3.0-or-later
// Where a statement is written: mono text with line numbers, SQL coloured by what its words are.
#pragma once

#include "common/theme.h"

#include <QPlainTextEdit>
#include <QSyntaxHighlighter>

namespace gradus::pages {

/// Keywords, functions, strings, numbers and comments in the colours of the theme.
class SqlHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    SqlHighlighter(QTextDocument* document, common::ThemeController& theme);

protected:
    void highlightBlock(const QString& text) override;

private:
    common::ThemeController& m_theme;
};

/// Tab indents by spaces only inside text; otherwise it leaves the field, so that keys reach everything.
class SqlEditor final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit SqlEditor(common::ThemeController& theme, QWidget* parent = nullptr);

    QString statementAtCursor() const;
    /// Marks line and column (1-based, of the statement at the cursor); 0 takes the mark away.
    void markError(int line, int column);
    void paintNumbers(QPaintEvent* event);
    int numbersWidth() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeNumbers();
    common::ThemeController& m_theme;
    QWidget* m_numbers;
};

} // namespace gradus::pages
