// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of episodes: group rows with a stacked bar of verdicts, episode rows with a pill.
#pragma once

#include "pages/shared/grouped_tree.h"
#include "viewmodels/episodes_model.h"

namespace gradus::pages {

/// Over an EpisodesModel that must outlive it.
class EpisodesTree final : public GroupedTree
{
    Q_OBJECT
public:
    EpisodesTree(viewmodels::EpisodesModel& model, const common::ThemeController& theme, QWidget* parent = nullptr);
};

} // namespace gradus::pages
