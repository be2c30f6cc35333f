// SPDX-License-Identifier: GPL-3.0-or-later
// The batch that a generation would be taught first: its items, what each source says of them, what they come to.
#pragma once

#include "viewmodels/batch_draw.h"
#include "viewmodels/mix_desk.h"

#include <QWidget>

class QPushButton;
class QTableWidget;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

/// Draws for the generation at the desk's playhead; an edit of the draft makes what is shown out of date, and says so.
/// GUI thread only; the desk must outlive it.
class BatchView final : public QWidget
{
    Q_OBJECT
public:
    explicit BatchView(viewmodels::MixDesk& desk, QWidget* parent = nullptr);

    void setPlace(const viewmodels::LaunchPlace& place) { m_draw.setPlace(place); }
    /// The generation whose weights are read nearest to the playhead.
    int generation() const;
    void draw();
    bool isDrawing() const { return m_draw.isRunning(); }
    QTableWidget* table() const { return m_table; }
    QString says() const;

private:
    void show(const viewmodels::BatchReport& report);
    void say(const QString& sentence);
    void refreshLine(); ///< the sentence, or that the draft is another one now

    viewmodels::MixDesk& m_desk;
    viewmodels::BatchDraw m_draw;
    common::ElidedLabel* m_line;
    QPushButton* m_button;
    QTableWidget* m_table;
    std::string m_drawnFrom; ///< the text
    QString m_sentence;      ///< of what was drawn from it
};

} // namespace gradus::pages
