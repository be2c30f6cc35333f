// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_keys.h"

#include <QCoreApplication>
#include <QKeySequence>

namespace gradus::editor {

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(gradus::editor::LaneKeys)
};

QString native(const char* keys)
{
    return QKeySequence(QString::fromLatin1(keys)).toString(QKeySequence::NativeText);
}

} // namespace

QVector<LaneKey> laneKeys()
{
    return {
        {native("Tab"), Tr::tr("next key")},
        {native("Shift+Tab"), Tr::tr("previous key")},
        {native("Ctrl+Up"), Tr::tr("lane above")},
        {native("Ctrl+Down"), Tr::tr("lane below")},
        {Tr::tr("1 to 9"), Tr::tr("that lane")},
        {Tr::tr("arrows"), Tr::tr("move keys by the grid; Shift ten times that, Alt a tenth")},
        {native("Return"), Tr::tr("type place and value")},
        {native("Ins"), Tr::tr("insert a key at the playhead")},
        {native("Del"), Tr::tr("delete keys")},
        {native("K"), Tr::tr("next kind of key")},
        {native("I"), Tr::tr("interpolation")},
        {native("E"), Tr::tr("easing")},
        {native("M"), Tr::tr("put or take away a marker")},
        {native("["), Tr::tr("previous marker")},
        {native("]"), Tr::tr("next marker")},
        {native("S"), Tr::tr("snapping")},
        {native("H"), Tr::tr("handles")},
        {native("G"), Tr::tr("ghosts")},
        {native("F"), Tr::tr("show the selection")},
        {native("Home"), Tr::tr("show all")},
        {native("L"), Tr::tr("lock")},
        {native("U"), Tr::tr("mute")},
        {native("F2"), Tr::tr("rename")},
        {native("Ctrl+A"), Tr::tr("select all keys")},
        {native("Ctrl+D"), Tr::tr("the same keys again")},
        {native("Ctrl+Shift+V"), Tr::tr("paste between the selected keys")},
    };
}

} // namespace gradus::editor
