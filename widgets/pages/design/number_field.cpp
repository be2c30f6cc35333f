// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/number_field.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "viewmodels/points_model.h"

#include <QKeyEvent>

#include <cmath>

namespace gradus::pages {

NumberField::NumberField(const QString& name, double scale, int decimals, const QString& unit, QWidget* parent)
    : QLineEdit(parent), m_scale(scale), m_decimals(decimals), m_unit(unit)
{
    setAccessibleName(name);
    common::keepLeftToRight(*this); // "50 %" in every window
    setAlignment(Qt::AlignRight);
    setMinimumWidth(48); // a line edit asks for seventeen letters otherwise
    setFont(common::numericFont(common::Type::Body));
    connect(this, &QLineEdit::returnPressed, this, &NumberField::commit);
}

void NumberField::setValue(double value)
{
    m_value = value;
    if (!hasFocus() || !isModified()) rest();
}

void NumberField::rest()
{
    const double shown = std::abs(m_value * m_scale);
    const bool isSmall = shown > 0 && shown < std::pow(10, 1 - m_decimals); // two digits say something of it
    const int decimals = isSmall ? 1 - static_cast<int>(std::floor(std::log10(shown))) : m_decimals;
    QString text = common::numberText(m_value * m_scale, decimals);
    if (!m_unit.isEmpty()) text += ' ' + m_unit;
    setText(text);
    setModified(false);
    setToolTip({});
    common::setStyleProperty(*this, "state", QVariant());
}

void NumberField::commit()
{
    if (!isModified()) return;
    QString typed = text();
    if (!m_unit.isEmpty() && typed.endsWith(m_unit)) typed.chop(m_unit.size());
    const auto number = viewmodels::typedNumber(typed, m_value * m_scale);
    if (!number) {
        refuse(tr("This is not a number; write it like 0.52, *1.1 or +0.05."));
        return;
    }
    setModified(false);
    Q_EMIT entered(*number / m_scale);
    if (!isModified()) rest(); // whatever the document made of it
}

void NumberField::refuse(const QString& reason)
{
    common::setStyleProperty(*this, "state", QStringLiteral("fail"));
    setToolTip(common::plainTooltip(reason));
    setModified(true); // it is still what was typed
}

void NumberField::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        rest();
        selectAll();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void NumberField::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    if (event->reason() != Qt::MouseFocusReason) selectAll();
}

void NumberField::focusOutEvent(QFocusEvent* event)
{
    commit();
    if (isModified()) rest();
    QLineEdit::focusOutEvent(event);
}

} // namespace gradus::pages
