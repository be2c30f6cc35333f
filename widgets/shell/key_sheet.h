// SPDX-License-Identifier: GPL-3.0-or-later
// Every action with a shortcut, read from the window's own actions, with a search line.
#pragma once

#include <QDialog>

class QTableWidget;

namespace gradus::shell {

class KeySheet final : public QDialog
{
    Q_OBJECT
public:
    explicit KeySheet(QWidget& window);

private:
    void filter(const QString& text);
    QTableWidget* m_table;
};

} // namespace gradus::shell
