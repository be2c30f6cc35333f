// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/store_watcher.h"

#include "viewmodels/store_poller.h"

#include <QMetaObject>

namespace gradus::viewmodels {

StoreWatcher::StoreWatcher(QObject* parent) : QObject(parent), m_poller(new StorePoller)
{
    m_thread.setObjectName(QStringLiteral("store reader"));
    m_poller->moveToThread(&m_thread);
    connect(&m_thread, &QThread::started, m_poller, &StorePoller::start);
    connect(&m_thread, &QThread::finished, m_poller, &QObject::deleteLater);
    connect(m_poller, &StorePoller::ready, this, &StoreWatcher::storeReady);
    connect(m_poller, &StorePoller::waiting, this, &StoreWatcher::storeWaiting);
    connect(m_poller, &StorePoller::failed, this, &StoreWatcher::storeFailed);
    connect(m_poller, &StorePoller::changed, this, &StoreWatcher::storeChanged);
    connect(m_poller, &StorePoller::runs, this, &StoreWatcher::runsChanged);
    connect(m_poller, &StorePoller::queue, this, &StoreWatcher::queueChanged);
    connect(m_poller, &StorePoller::alerts, this, &StoreWatcher::alertsFired);
    connect(m_poller, &StorePoller::size, this, &StoreWatcher::storeSizeChanged);
    // What was read for a run that is no longer watched may still be on its way: it must not reach the page.
    connect(m_poller, &StorePoller::detail, this, [this](const store::RunDetail& detail) {
        if (detail.run.id == m_watchedRun) Q_EMIT runDetailChanged(detail);
    });
    connect(m_poller, &StorePoller::points, this, [this](const PointBatch& batch) {
        if (batch.runId == m_watchedRun) Q_EMIT pointsArrived(batch);
    });
    connect(m_poller, &StorePoller::votes, this, [this](const VoteTally& tally) {
        if (tally.runId == m_watchedRun) Q_EMIT votesCounted(tally);
    });
    m_thread.start();
}

StoreWatcher::~StoreWatcher()
{
    m_thread.quit();
    m_thread.wait();
}

void StoreWatcher::open(const QString& path)
{
    m_path = path;
    QMetaObject::invokeMethod(m_poller, [poller = m_poller, path] { poller->open(path); });
}

void StoreWatcher::watch(std::int64_t runId)
{
    m_watchedRun = runId;
    QMetaObject::invokeMethod(m_poller, [poller = m_poller, runId] { poller->watch(runId); });
}

void StoreWatcher::refresh()
{
    QMetaObject::invokeMethod(m_poller, [poller = m_poller] { poller->poll(); });
}

} // namespace gradus::viewmodels
