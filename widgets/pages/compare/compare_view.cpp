// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the Compare page that turns what is shown into a view and a view into what is shown.
#include "base/files.h"
#include "base/text.h"
#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/options_bar.h"
#include "pages/compare/table_tab.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QScopedValueRollback>
#include <QTabBar>
#include <QToolButton>
#include <QUndoCommand>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr qint64 kOneGesture = 600; // milliseconds between notches of a wheel or slider that are undone together

/// From one view to another and back. The first redo is what the user has done already.
class ViewEdit final : public QUndoCommand
{
    /// Edits that come many a gesture. The numbers are Qt's: -1 is never joined with another.
    enum class Stream
    {
        None = -1,
        Zoom = 1,
        Strength,
    };

public:
    ViewEdit(ComparePage& page, viewmodels::ViewFile before, viewmodels::ViewFile after)
        : m_page(page), m_before(std::move(before)), m_after(std::move(after))
    {
        m_age.start();
        viewmodels::ViewFile zoomed = m_before;
        zoomed.range = m_after.range;
        viewmodels::ViewFile smoothed = m_before;
        smoothed.curves.smoothing.strength = m_after.curves.smoothing.strength;
        m_stream = zoomed == m_after ? Stream::Zoom : smoothed == m_after ? Stream::Strength : Stream::None;
    }
    int id() const override { return static_cast<int>(m_stream); }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* next = static_cast<const ViewEdit*>(other);
        if (m_age.elapsed() > kOneGesture) return false;
        m_after = next->m_after;
        m_age.restart();
        return true;
    }
    void undo() override { m_page.showView(m_before); }
    void redo() override
    {
        if (m_done) m_page.showView(m_after);
        m_done = true;
    }

private:
    ComparePage& m_page;
    viewmodels::ViewFile m_before;
    viewmodels::ViewFile m_after;
    bool m_done = false;
    Stream m_stream = Stream::None;
    QElapsedTimer m_age;
};

/// Runs that a view means by a name: an id or the experiment of that name, the newest of its texts. Newest first.
std::vector<std::int64_t> runsNamed(const QVector<store::RunRow>& rows, const std::string& name)
{
    std::vector<std::int64_t> found;
    std::string hash;
    for (const store::RunRow& row : rows) {
        if (row.experimentName != name) continue;
        if (hash.empty()) hash = row.experimentHash;
        if (row.experimentHash == hash) found.push_back(row.id);
    }
    if (!found.empty() || name.size() < 4) return found;
    for (const store::RunRow& row : rows)
        if (row.uuid.starts_with(name)) found.push_back(row.id);
    return found;
}

} // namespace

viewmodels::ViewFile ComparePage::view() const
{
    viewmodels::ViewFile view;
    for (auto row = m_rows.rbegin(); row != m_rows.rend(); ++row)
        if (m_choice.chosen().contains(row->id)) view.runs.push_back(row->uuid);
    view.tab = tabNames().value(tab()).toStdString();
    view.cards = m_cards;
    view.curves = currentOptions();
    view.against = m_tableTab->addedContrasts();
    const auto& groups = m_comparison.data().grouping.groups;
    const int baseline = view.curves.baseline;
    if (baseline >= 0 && static_cast<std::size_t>(baseline) < groups.size())
        view.baseline = groups[static_cast<std::size_t>(baseline)].label;
    if (m_chartsTab->alignment() == view.curves.alignment) view.range = m_chartsTab->range();
    view.width = std::clamp(width(), 200, 8000);
    view.height = std::clamp(height(), 200, 8000);
    return view;
}

void ComparePage::showView(const viewmodels::ViewFile& view)
{
    m_viewFailure.clear();
    m_pending = view;
    applyPending();
}

bool ComparePage::isViewShown() const
{
    return m_rowsKnown && !m_pending && !m_wantedBaseline && isReady() && !m_comparison.data().runs.empty();
}

void ComparePage::failView(const QString& sentence)
{
    m_viewFailure = sentence;
    Q_EMIT said(sentence, true);
}

void ComparePage::applyPending()
{
    if (!m_pending || !m_rowsKnown) return;
    const viewmodels::ViewFile view = *std::exchange(m_pending, std::nullopt);
    QSet<std::int64_t> runs;
    for (const std::string& name : view.runs) {
        const std::vector<std::int64_t> found = runsNamed(m_rows, name);
        if (found.empty())
            return failView(tr("The view shows %1, which is not in this store: no run and no experiment has that name.")
                                .arg(QString::fromStdString(visible(name, 80))));
        for (const std::int64_t run : found)
            runs.insert(run);
    }
    if (view.runs.empty()) runs = viewmodels::usualChoice(m_rows);
    if (runs.isEmpty()) return failView(tr("There are no runs in this store to show the view of."));
    const QScopedValueRollback applying(m_applying, true);
    m_cards = view.cards;
    m_wantedBaseline = view.baseline;
    m_tableTab->setAddedContrasts(view.against);
    setTab(static_cast<Tab>(std::max<qsizetype>(0, tabNames().indexOf(QString::fromStdString(view.tab)))));
    (view.curves.difference ? m_difference : m_values)->setChecked(true);
    const bool same = runs == m_choice.chosen() && !m_comparison.isLoading() && !m_comparison.data().runs.empty();
    choose(runs);
    if (same) applyBaseline();
    m_options->setOptions(view.curves);
    m_chartsTab->setRange(view.range, view.curves.alignment);
    m_settled = this->view();
}

/// Once the groups are there, the one that the view names is the baseline.
void ComparePage::applyBaseline()
{
    if (!m_wantedBaseline || m_comparison.data().runs.empty()) return;
    const std::string wanted = *std::exchange(m_wantedBaseline, std::nullopt);
    const auto& groups = m_comparison.data().grouping.groups;
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const compare::RunGroup& group) { return group.label == wanted; });
    const QScopedValueRollback applying(m_applying, true); // it may be part of a whole view
    if (found != groups.end())
        m_options->setBaseline(static_cast<int>(found - groups.begin()));
    else if (wanted.empty())
        m_options->setBaseline(0);
    else
        failView(tr("The view's baseline %1 is none of the groups of its runs.")
                     .arg(QString::fromStdString(visible(wanted, 80))));
}

void ComparePage::noteEdit()
{
    if (m_applying || m_pending || m_wantedBaseline) return;
    const viewmodels::ViewFile now = view();
    if (now == m_settled) return;
    m_undo.push(new ViewEdit(*this, m_settled, now));
    m_settled = now;
}

void ComparePage::openView(const QString& file)
{
    const auto loaded = viewmodels::loadView(QFile::encodeName(file).toStdString());
    if (!loaded) return failView(QString::fromStdString(loaded.error().message));
    const viewmodels::ViewFile before = view();
    showView(*loaded);
    if (m_viewFailure.isEmpty()) m_undo.push(new ViewEdit(*this, before, *loaded));
}

void ComparePage::saveView(const QString& file)
{
    const auto saved = writeFileAtomically(QFile::encodeName(file).toStdString(), viewmodels::viewText(view()));
    Q_EMIT said(saved ? tr("Saved %1; gradus plot draws it.").arg(file) : QString::fromStdString(saved.error().message),
                !saved);
}

void ComparePage::chooseView(bool saves)
{
    const QString kinds = tr("Views (*.gradusview)");
    const QString file =
        saves ? QFileDialog::getSaveFileName(this, tr("Save view"), QStringLiteral("comparison.gradusview"), kinds)
              : QFileDialog::getOpenFileName(this, tr("Open view"), {}, kinds);
    if (file.isEmpty()) return;
    if (saves)
        saveView(file);
    else
        openView(file);
}

} // namespace gradus::pages
