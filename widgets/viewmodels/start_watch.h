// SPDX-License-Identifier: GPL-3.0-or-later
// Processes that were started and whose run is not in the store yet: one that ends before is said, not waited for.
#pragma once

#include "viewmodels/launcher.h"

#include <QObject>
#include <QTimer>

#include <string>
#include <vector>

namespace gradus::viewmodels {

/// Looks whether each process is alive, four times a second while there are any. GUI thread; nothing waits.
class StartWatch final : public QObject
{
    Q_OBJECT
public:
    explicit StartWatch(QObject* parent = nullptr);

    /// hash: of the experiment that its run will have; empty where it is not known.
    void watch(const Launched& launched, const std::string& hash);
    /// A run of this experiment came into the store. True: it is one that was waited for (it is not any more).
    bool takes(const std::string& hash);
    /// What was started goes on; nobody waits for it any more.
    void clear();
    bool isWaiting() const { return !m_starts.empty(); }

Q_SIGNALS:
    void died(const QString& sentence);

private:
    struct Start
    {
        Launched launched;
        std::string hash;
        int looksDead = 0;
    };
    void look();
    static QString sentenceOf(const Start& start);

    std::vector<Start> m_starts;
    QTimer m_timer;
};

} // namespace gradus::viewmodels
