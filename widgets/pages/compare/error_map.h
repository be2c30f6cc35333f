// SPDX-License-Identifier: GPL-3.0-or-later
// How alike the errors of sources are, painted as a square: phi and n in every cell, accuracy on the diagonal.
#pragma once

#include "common/theme.h"
#include "compare/source_errors.h"

#include <QWidget>

namespace gradus::pages {

class ErrorMap final : public QWidget
{
    Q_OBJECT
public:
    explicit ErrorMap(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setErrors(const compare::SourceErrors& errors);
    /// What stands in place of a map, one sentence or more.
    void setNotice(const QString& sentence);
    const QString& notice() const { return m_notice; }
    const compare::SourceErrors& errors() const { return m_errors; }
    bool isEmpty() const { return m_errors.names.empty(); }
    void paintOn(QPainter& painter) const;  ///< at its own size, with its corner at the origin
    QString tipAt(const QPointF& at) const; ///< of the cell there; empty beside the cells
    QRectF cellAt(std::size_t row, std::size_t column) const;
    QSize sizeHint() const override { return {360, 240}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintCell(QPainter& painter, std::size_t row, std::size_t column) const;
    double labelWidth() const;
    QString nameOf(std::size_t source) const;

    const common::ThemeController& m_theme;
    compare::SourceErrors m_errors;
    QString m_notice;
};

} // namespace gradus::pages
