// SPDX-License-Identifier: GPL-3.0-or-later
// The headless twin of every act of the Queue page.
#pragma once

#include "pages/queue/queue_model.h"

#include <QString>
#include <QVector>

namespace gradus::pages {

struct QueueLine
{
    QString act;  ///< as the page's button says it
    QString line; ///< what does the same without the window
};

/// Of the acts that can be done now: to the chosen run (0: none is), then to the queue. GUI thread; reads the model
/// alone.
QVector<QueueLine> queueLines(const QueueModel& model, qint64 chosen, const QString& storePath);

} // namespace gradus::pages
