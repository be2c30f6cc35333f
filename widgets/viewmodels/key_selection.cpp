// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/key_selection.h"

#include <algorithm>

namespace gradus::viewmodels {

bool KeySelection::contains(int index) const
{
    return std::binary_search(m_indices.begin(), m_indices.end(), index);
}

void KeySelection::select(int index)
{
    set(index < 0 ? KeyIndices{} : KeyIndices{index}, index);
}

void KeySelection::set(KeyIndices indices, int current)
{
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    if (!std::binary_search(indices.begin(), indices.end(), current)) current = indices.empty() ? -1 : indices.back();
    if (indices == m_indices && current == m_current) return;
    m_indices = std::move(indices);
    m_current = current;
    Q_EMIT changed();
}

void KeySelection::toggle(int index)
{
    KeyIndices next = m_indices;
    const auto at = std::lower_bound(next.begin(), next.end(), index);
    if (at != next.end() && *at == index)
        next.erase(at);
    else
        next.insert(at, index);
    set(next, index);
}

void KeySelection::limitTo(int keyCount)
{
    KeyIndices kept;
    std::copy_if(m_indices.begin(), m_indices.end(), std::back_inserter(kept), [&](int i) { return i < keyCount; });
    set(kept, m_current < keyCount ? m_current : -1);
}

} // namespace gradus::viewmodels
