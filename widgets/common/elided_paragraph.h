// SPDX-License-Identifier: GPL-3.0-or-later
// A label of a few lines that says where it was cut: a sentence that ends in mid-air is taken for a whole one.
#pragma once

#include <QLabel>

namespace gradus::common {

/// Plain text, wrapped. What does not fit into the lines ends in an ellipsis; the whole is the tool tip and what a
/// screen reader reads. GUI thread.
class ElidedParagraph final : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedParagraph(int lines, QWidget* parent = nullptr);

    void setFullText(const QString& text);
    const QString& fullText() const { return m_full; }
    bool isCut() const { return text() != m_full; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override; ///< fonts change with the style sheet

private:
    void fit();

    QString m_full;
    int m_lines;
};

} // namespace gradus::common
