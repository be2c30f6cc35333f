// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+K: every action, page and run by a few letters of its name, with the keyboard alone.
#pragma once

#include <QDialog>
#include <QString>
#include <QVector>

#include <functional>

class QLineEdit;
class QListWidget;

namespace gradus::shell {

struct PaletteEntry
{
    QString name; ///< untrusted where it is a run's: shown as plain text
    QString hint; ///< its key, or what kind of thing it is
    std::function<void()> act;
};

/// Typing narrows, Up and Down choose, Enter acts after the palette has closed, Escape does nothing. GUI thread.
class CommandPalette final : public QDialog
{
    Q_OBJECT
public:
    static constexpr int kMostShown = 50;

    CommandPalette(QVector<PaletteEntry> entries, QWidget* parent);

    QLineEdit* field() const { return m_field; }
    QListWidget* list() const { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void narrow(const QString& typed);
    void choose();

    QVector<PaletteEntry> m_entries;
    QVector<qsizetype> m_shown; ///< indices into the entries, best first
    QLineEdit* m_field;
    QListWidget* m_list;
};

} // namespace gradus::shell
