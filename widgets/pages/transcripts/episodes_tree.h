// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of episodes: group rows with a stacked bar of verdicts, episode rows with a pill.
#pragma once

#include "common/theme.h"
#include "viewmodels/episodes_model.h"

#include <QTreeView>

namespace gradus::pages {

/// Over an EpisodesModel that must outlive it.
class EpisodesTree final : public QTreeView
{
    Q_OBJECT
public:
    static constexpr int kRowHeight = 26;

    EpisodesTree(viewmodels::EpisodesModel& model, const common::ThemeController& theme, QWidget* parent = nullptr);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;

private:
    const common::ThemeController& m_theme;
};

} // namespace gradus::pages
