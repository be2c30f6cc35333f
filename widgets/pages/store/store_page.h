// SPDX-License-Identifier: GPL-3.0-or-later
// The Store page: schema, a console that reads, imports, and the store's health.
#pragma once

#include "common/theme.h"
#include "viewmodels/store_acts.h"

#include <QTimer>
#include <QWidget>

namespace gradus::viewmodels {
class StoreWatcher;
}

namespace gradus::pages {

class HealthPanel;
class ImportPanel;
class SchemaPanel;
class SqlConsole;

/// Everything it does to the store happens off the GUI thread. The watcher is told when runs came or went. GUI thread
/// only.
class StorePage final : public QWidget
{
    Q_OBJECT
public:
    StorePage(viewmodels::StoreWatcher& watcher, common::ThemeController& theme, QWidget* parent = nullptr);

    void openStore(const QString& path);
    /// Why nothing may be written (the store is shown for reading only); empty: it may.
    void setBlocked(const QString& reason);
    bool isReady() const { return m_ready; } ///< sizes and schema are there, or why they are not

    viewmodels::StoreActs& acts() { return m_acts; }
    SqlConsole& console() { return *m_console; }
    SchemaPanel& schema() { return *m_schema; }
    HealthPanel& health() { return *m_health; }
    ImportPanel& importPanel() { return *m_import; }
    void importFile(const QString& path);

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void chooseImport();
    void refreshIfStale();
    void refreshBlocked();

    viewmodels::StoreActs m_acts;
    QString m_blocked;
    QString m_unreadable; ///< why the store cannot be read
    SchemaPanel* m_schema;
    SqlConsole* m_console;
    ImportPanel* m_import;
    HealthPanel* m_health;
    bool m_ready = false;
    bool m_stale = true; ///< the store may have changed since it was last looked at
    QTimer m_again;      ///< sizes take a while to read: a run that writes does not have them read at each commit
};

} // namespace gradus::pages
