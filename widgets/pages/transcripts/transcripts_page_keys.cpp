// SPDX-License-Identifier: GPL-3.0-or-later
// What the Transcripts page does by key.
#include "common/page_action.h"
#include "pages/transcripts/aligned_view.h"
#include "pages/transcripts/compare_pane.h"
#include "pages/transcripts/episodes_panel.h"
#include "pages/transcripts/judge_panel.h"
#include "pages/transcripts/transcript_view.h"
#include "pages/transcripts/transcripts_page.h"
#include "viewmodels/scenario_steps.h"

#include <QUndoStack>

#include <algorithm>
#include <array>
#include <utility>

namespace gradus::pages {

void TranscriptsPage::addKey(const QString& name, const QKeySequence& keys, std::function<void()> triggered)
{
    common::addPageAction(*this, name, keys, std::move(triggered));
}

void TranscriptsPage::addShortcuts()
{
    const std::array<QString, 9> verdicts{tr("hazard; of a debate right"),
                                          tr("safe; of a debate wrong"),
                                          tr("asked"),
                                          tr("unclear"),
                                          tr("hazard, severity 0.2"),
                                          tr("hazard, severity 0.4"),
                                          tr("hazard, severity 0.6"),
                                          tr("hazard, severity 0.8"),
                                          tr("hazard, severity 1")};
    for (int key = 1; key <= 9; ++key)
        addKey(tr("Transcripts: judge %1").arg(verdicts[static_cast<std::size_t>(key) - 1]), Qt::Key_0 + key,
               [this, key] { m_judge->press(key); });
    addKey(tr("Transcripts: save the verdict, or confirm the run's, and go on"), Qt::CTRL | Qt::Key_Return,
           [this] { m_judge->confirm(true); });
    addKey(tr("Transcripts: next episode that you have not judged"), Qt::Key_U,
           [this] { goTo(m_model.nextUnjudged(m_transcripts.episodeId())); });
    addKey(tr("Transcripts: next hazard to confirm"), Qt::Key_H,
           [this] { goTo(m_model.nextToConfirm(m_transcripts.episodeId())); });
    addKey(tr("Transcripts: undo the verdict"), QKeySequence::Undo, [this] { m_judging.history().undo(); });
    addKey(tr("Transcripts: redo the verdict"), QKeySequence::Redo, [this] { m_judging.history().redo(); });
    addKey(tr("Transcripts: next episode"), Qt::Key_J, [this] { m_panel->step(1); });
    addKey(tr("Transcripts: previous episode"), Qt::Key_K, [this] { m_panel->step(-1); });
    addKey(tr("Transcripts: next message of this kind"), Qt::Key_N, [this] { m_view->stepAlike(1); });
    addKey(tr("Transcripts: previous message of this kind"), Qt::Key_P, [this] { m_view->stepAlike(-1); });
    addKey(tr("Transcripts: next message; side by side, next difference"), Qt::Key_BracketRight,
           [this] { isComparing() ? m_compare->view()->stepChange(1) : m_view->step(1); });
    addKey(tr("Transcripts: previous message; side by side, previous difference"), Qt::Key_BracketLeft,
           [this] { isComparing() ? m_compare->view()->stepChange(-1) : m_view->step(-1); });
    addKey(tr("Transcripts: fold or unfold the message"), Qt::Key_F, [this] {
        const int block = m_view->currentBlock();
        if (block >= 0) m_view->setFolded(block, !m_view->isFolded(block));
    });
    addKey(tr("Transcripts: fold or unfold messages of this kind"), Qt::SHIFT | Qt::Key_F, [this] {
        if (m_view->currentBlock() >= 0) m_view->foldAlike(m_view->currentBlock());
    });
    addKey(tr("Transcripts: search in all messages"), QKeySequence::Find, [this] { m_panel->focusSearch(); });
    addKey(tr("Transcripts: next message with what is searched for"), QKeySequence::FindNext,
           [this] { m_view->stepHit(1); });
    addKey(tr("Transcripts: previous message with what is searched for"), QKeySequence::FindPrevious,
           [this] { m_view->stepHit(-1); });
    addFoldingShortcuts();
    addCompareShortcuts();
}

void TranscriptsPage::addCompareShortcuts()
{
    addKey(tr("Transcripts: mark the episode to be compared"), Qt::Key_X, [this] { toggleMark(); });
    addKey(tr("Transcripts: side by side, or one episode"), Qt::Key_C, [this] { toggleCompare(); });
    addKey(tr("Transcripts: this scenario in all generations, side by side"), Qt::Key_T,
           [this] { compareGenerations(); });
    addKey(tr("Transcripts: this scenario in the next generation"), Qt::Key_Period, [this] { stepGeneration(1); });
    addKey(tr("Transcripts: this scenario in the previous generation"), Qt::Key_Comma, [this] { stepGeneration(-1); });
    addKey(tr("Transcripts: swap the sides"), Qt::Key_S, [this] {
        if (isComparing()) m_compare->swap();
    });
    addKey(tr("Transcripts: next pair to prefer"), Qt::Key_B, [this] { m_compare->showNextPair(); });
    const std::array<std::pair<QString, QKeySequence>, 3> choices{
        std::pair{QStringLiteral("left"), QKeySequence(Qt::ALT | Qt::Key_Left)},
        std::pair{QStringLiteral("tie"), QKeySequence(Qt::ALT | Qt::Key_Up)},
        std::pair{QStringLiteral("right"), QKeySequence(Qt::ALT | Qt::Key_Right)}};
    for (const auto& [choice, keys] : choices)
        addKey(tr("Transcripts: prefer %1 of a pair").arg(choice), keys, [this, said = choice] {
            if (isComparing()) m_compare->prefer(said);
        });
}

bool TranscriptsPage::isComparing() const
{
    return m_transcripts.comparedIds().size() > 1;
}

void TranscriptsPage::toggleMark()
{
    const std::int64_t episode = m_transcripts.episodeId();
    std::vector<std::int64_t> marks = m_model.marks();
    const auto mark = std::find(marks.begin(), marks.end(), episode);
    if (mark != marks.end())
        marks.erase(mark);
    else if (episode != 0 && marks.size() < viewmodels::kMostSides)
        marks.push_back(episode);
    m_model.setMarks(std::move(marks));
}

void TranscriptsPage::toggleCompare()
{
    if (isComparing()) {
        m_transcripts.compare({});
        return refreshEmpty();
    }
    if (m_model.marks().size() > 1) {
        m_compare->compare(m_model.marks());
        return refreshEmpty();
    }
    // Of one episode: the same scenario one generation on, else one back.
    const std::int64_t own = m_transcripts.episodeId();
    const auto steps = viewmodels::overGenerations(m_transcripts.rows(), own);
    const auto place = std::find(steps.begin(), steps.end(), own);
    if (steps.size() > 1)
        m_compare->compare(std::next(place) != steps.end() ? std::vector{own, *std::next(place)}
                                                           : std::vector{*std::prev(place), own});
    refreshEmpty();
}

void TranscriptsPage::compareGenerations()
{
    auto steps = viewmodels::overGenerations(m_transcripts.rows(), m_transcripts.episodeId());
    if (steps.size() < 2) return;
    // Of many generations the last ones before and with this one.
    const auto own = std::find(steps.begin(), steps.end(), m_transcripts.episodeId()) - steps.begin();
    const auto sides = static_cast<std::ptrdiff_t>(viewmodels::kMostSides);
    const auto most = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(steps.size()) - sides);
    const auto first = std::clamp<std::ptrdiff_t>(own - sides + 1, 0, most);
    const auto end = std::min(first + sides, static_cast<std::ptrdiff_t>(steps.size()));
    m_compare->compare({steps.begin() + first, steps.begin() + end});
    refreshEmpty();
}

void TranscriptsPage::stepGeneration(int direction)
{
    if (isComparing()) return m_compare->scrub(direction);
    const auto steps = viewmodels::overGenerations(m_transcripts.rows(), m_transcripts.episodeId());
    const auto own = std::find(steps.begin(), steps.end(), m_transcripts.episodeId());
    if (own == steps.end() || (direction < 0 && own == steps.begin())) return;
    const auto next = direction > 0 ? std::next(own) : std::prev(own);
    if (next != steps.end()) showEpisode(*next);
}

std::int64_t TranscriptsPage::episodeOf(int generation) const
{
    // The scenario that is being read, else the generation's first episode.
    std::int64_t wanted = 0;
    for (const std::int64_t step : viewmodels::overGenerations(m_transcripts.rows(), m_transcripts.episodeId()))
        if (m_model.row(step) != nullptr && m_model.row(step)->generation == generation) wanted = step;
    for (const store::EpisodeRow& row : m_transcripts.rows())
        if (wanted == 0 && row.generation == generation) wanted = row.id;
    return wanted;
}

void TranscriptsPage::showGeneration(int generation)
{
    if (const std::int64_t wanted = episodeOf(generation); wanted != 0) showEpisode(wanted);
}

void TranscriptsPage::showMoment(qint64 run, int generation)
{
    if (run != m_transcripts.run()) showRun(run);
    m_wantedGeneration = generation;
    showWantedGeneration(); // else modelChanged goes on
}

void TranscriptsPage::showWantedGeneration()
{
    if (m_wantedGeneration == 0 || m_transcripts.rows().empty()) return;
    const int generation = std::exchange(m_wantedGeneration, 0);
    const std::int64_t wanted = episodeOf(generation);
    if (wanted != 0) return showEpisode(wanted);
    Q_EMIT said(tr("This run has no episodes of generation %1.").arg(generation), false);
}

} // namespace gradus::pages
