// SPDX-License-Identifier: GPL-3.0-or-later
// Which keys of the lane are selected, shared by lane, inspector and points table so that they always agree.
#pragma once

#include "viewmodels/curve_edit.h"

#include <QObject>

namespace gradus::viewmodels {

/// Owned by the page; GUI thread.
class KeySelection final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    const KeyIndices& indices() const { return m_indices; }
    /// The key that numbers and keyboard act on; -1 without a selection.
    int current() const { return m_current; }
    bool contains(int index) const;

    void select(int index); ///< that key alone; -1 clears
    void set(KeyIndices indices, int current);
    void toggle(int index);
    void clear() { select(-1); }
    /// Drops what a shorter curve no longer has.
    void limitTo(int keyCount);

Q_SIGNALS:
    void changed();

private:
    KeyIndices m_indices;
    int m_current = -1;
};

} // namespace gradus::viewmodels
