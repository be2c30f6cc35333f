// SPDX-License-Identifier: GPL-3.0-or-later
// Why a run ended, in plain words, from its state, its failure and what its process said last. Pure.
#pragma once

#include "store/records.h"

#include <QString>
#include <QStringList>

namespace gradus::viewmodels {

struct FailureWords
{
    QString cause; ///< one sentence
    QString kept;  ///< what was lost and what was not; empty where nothing ended badly
    QString cure;  ///< empty where there is none to give
};

/// lastLines: of the run's log, oldest first; they and the failure are untrusted and come back made visible.
FailureWords failureWords(const store::QueueRow& row, const QStringList& lastLines);

} // namespace gradus::viewmodels
