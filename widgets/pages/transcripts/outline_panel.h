// SPDX-License-Identifier: GPL-3.0-or-later
// The outline of the transcript that is read: a press on a row goes there.
#pragma once

#include "common/theme.h"
#include "viewmodels/outline_model.h"

#include <QFrame>

class QTreeView;

namespace gradus::common {
class EmptyState;
}

namespace gradus::pages {

class OutlinePanel final : public QFrame
{
    Q_OBJECT
public:
    explicit OutlinePanel(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setContent(viewmodels::OutlineModel::Content content);
    void follow(int message); ///< the turn that is being read is the current row; nothing opens or scrolls far
    const viewmodels::OutlineModel& model() const { return m_model; }
    QTreeView* tree() const { return m_tree; }

Q_SIGNALS:
    void messageRequested(int message);

private:
    void go(const QModelIndex& index);

    viewmodels::OutlineModel m_model;
    QTreeView* m_tree;
    common::EmptyState* m_empty;
    bool m_following = false;
};

} // namespace gradus::pages
