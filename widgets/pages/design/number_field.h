// SPDX-License-Identifier: GPL-3.0-or-later
// A field for one number that is typed: takes "0.52", "*1.1", "+0.05"; a refused entry stays, marked, with its reason.
#pragma once

#include <QLineEdit>

namespace gradus::pages {

/// Shows a value; entered() carries the new one. Esc brings the value back.
class NumberField final : public QLineEdit
{
    Q_OBJECT
public:
    /// scale: shown = value x scale (100 for percent); decimals of the resting text.
    NumberField(const QString& name, double scale, int decimals, const QString& unit, QWidget* parent = nullptr);

    void setValue(double value);
    double value() const { return m_value; }
    /// From a slot of entered(): the text stays as it was typed, marked, with its reason.
    void refuse(const QString& reason);

Q_SIGNALS:
    void entered(double value);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void commit();
    void rest();

    double m_value = 0;
    double m_scale;
    int m_decimals;
    QString m_unit;
};

} // namespace gradus::pages
