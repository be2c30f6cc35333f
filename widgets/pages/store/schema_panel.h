// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the store with their rows, columns, references and indices.
#pragma once

#include "store/store_facts.h"

#include <QFrame>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

class SchemaPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit SchemaPanel(QWidget* parent = nullptr);

    void setFacts(const store::StoreFacts& facts);
    void clear();
    QTreeWidget* tree() const { return m_tree; }
    QLineEdit* filterField() const { return m_filter; }

Q_SIGNALS:
    void nameChosen(const QString& name);

private:
    void filter(const QString& text);
    QTreeWidget* m_tree;
    QLineEdit* m_filter;
    common::ElidedLabel* m_version;
};

} // namespace gradus::pages
