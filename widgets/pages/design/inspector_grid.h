// SPDX-License-Identifier: GPL-3.0-or-later
// How the groups of the inspector are laid out.
#pragma once

#include <QGridLayout>

namespace gradus::pages {

inline QGridLayout* makeInspectorGrid(QWidget* group)
{
    auto* grid = new QGridLayout(group);
    grid->setContentsMargins(12, 10, 12, 12);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    return grid;
}

} // namespace gradus::pages
