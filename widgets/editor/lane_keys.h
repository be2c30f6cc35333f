// SPDX-License-Identifier: GPL-3.0-or-later
// The lane's keys in words, for the sheet of keys: they are no actions of a menu, so nothing else tells of them.
#pragma once

#include <QString>
#include <QVector>

namespace gradus::editor {

struct LaneKey
{
    QString key;  ///< as the platform writes it
    QString does; ///< what it does, without a capital
};
QVector<LaneKey> laneKeys();

} // namespace gradus::editor
