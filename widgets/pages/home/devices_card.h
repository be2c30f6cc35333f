// SPDX-License-Identifier: GPL-3.0-or-later
// Devices and disk: what this machine has for a run, and where the workspace's bytes are.
#pragma once

#include "common/controls.h"
#include "common/job.h"
#include "common/theme.h"

#include <QTimer>

class QProgressBar;
class QVBoxLayout;

namespace gradus::pages {

/// A sample of the machine; reads /proc and the file system, fit for a worker thread.
struct MachineSample
{
    QString processor; ///< its own name, made visible
    int cores = 0;
    double load = -1;       ///< runnable processes, one-minute mean; negative: unknown
    qint64 memoryTotal = 0; ///< bytes; 0: unknown
    qint64 memoryUsed = 0;
    qint64 diskTotal = 0;
    qint64 diskFree = 0;
    qint64 checkpoints = 0; ///< bytes under the workspace's checkpoints folder
};
MachineSample sampleMachine(const QString& workspaceFolder);

/// Samples every two seconds while it is seen.
class DevicesCard final : public QWidget
{
    Q_OBJECT
public:
    explicit DevicesCard(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setWorkspace(const QString& folder);
    void setStoreSize(qint64 bytes);
    /// A word on what the CPU is doing for us ("1 run training"); empty: idle.
    void setRunning(int runs);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Block
    {
        QLabel* icon = nullptr;
        QLabel* title = nullptr;
        QLabel* value = nullptr;
        QProgressBar* bar = nullptr;
        common::ElidedLabel* words = nullptr;
    };
    Block addBlock(QVBoxLayout& column, const QString& title);
    void sample();
    void showSample(const MachineSample& sample);
    void paintIcons();

    const common::ThemeController& m_theme;
    Block m_cpu, m_memory, m_disk;
    QTimer m_timer;
    common::Job m_job;
    QString m_folder;
    qint64 m_storeBytes = 0;
    qint64 m_checkpointBytes = 0;
    int m_runs = 0;
};

} // namespace gradus::pages
