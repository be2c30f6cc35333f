// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/run_ghosts.h"

#include <QFile>
#include <QMenu>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr std::size_t kMostRuns = 12;   ///< the newest; more would be no menu
constexpr double kFitTolerance = 0.005; ///< of the largest value that was taken

/// A text of a store in a menu: what is a mnemonic's mark there is a character here.
QString asItIs(const std::string& text)
{
    QString shown = QString::fromStdString(text);
    return shown.replace('&', QStringLiteral("&&"));
}

void toggle(std::set<std::int64_t>& shown, std::int64_t run)
{
    if (!shown.erase(run)) shown.insert(run);
}

} // namespace

RunGhosts::RunGhosts(std::function<editor::LaneView*()> lane, std::function<QString()> store, QMenu& menu)
    : QObject(&menu), m_current(std::move(lane)), m_store(std::move(store)), m_menu(menu), m_job(this)
{
    connect(&menu, &QMenu::aboutToShow, this, &RunGhosts::read);
}

void RunGhosts::read()
{
    editor::LaneView* lane = m_current();
    if (lane != m_lane) m_runs.clear();
    m_lane = lane;
    if (m_runs.empty()) {
        m_menu.clear();
        m_menu.addAction(tr("Reading the store…"))->setEnabled(false);
    }
    m_job.start([path = std::filesystem::path(QFile::encodeName(m_store()).toStdString()),
                 series = lane->track().storedAs()] { return viewmodels::recentRunCurves(path, kMostRuns, series); },
                [this](const Result<std::vector<viewmodels::RunCurve>>& curves) { fill(curves); });
}

void RunGhosts::fill(const Result<std::vector<viewmodels::RunCurve>>& curves)
{
    m_menu.clear();
    if (!m_lane) return; // its source went meanwhile
    if (!m_lane->track().storedAs().empty()) m_menu.addSection(asItIs(m_lane->track().title().toStdString()));
    m_runs = curves ? *curves : std::vector<viewmodels::RunCurve>{};
    for (const viewmodels::RunCurve& run : m_runs)
        addRun(run);
    if (m_runs.empty()) m_menu.addAction(tr("No run in this store has such a curve yet"))->setEnabled(false);
    apply();
}

void RunGhosts::addRun(const viewmodels::RunCurve& run)
{
    QMenu* menu = m_menu.addMenu(asItIs(run.name));
    Shown& lane = m_shown[m_lane->track().storedAs()];
    const auto addToggle = [this, menu, id = run.run](const QString& text, std::set<std::int64_t>& shown) {
        QAction* action = menu->addAction(text, this, [this, id, &shown] {
            toggle(shown, id);
            apply();
        });
        action->setCheckable(true);
        action->setChecked(shown.contains(id));
    };
    if (run.drawn) addToggle(tr("Show what was drawn"), lane.drawn);
    if (run.taken) addToggle(tr("Show what was taken"), lane.taken);
    menu->addSeparator();
    if (run.drawn)
        menu->addAction(tr("Draw the same curve"), this,
                        [this, curve = *run.drawn] { draw(curve, tr("Curve of a run")); });
    if (run.taken && run.taken->keys.size() > 1)
        menu->addAction(tr("Fit keys to what was taken"), this, [this, keys = run.taken->keys] {
            double most = 0;
            for (const schedule::Key& key : keys)
                most = std::max(most, std::abs(key.y));
            draw(viewmodels::fittedCurve(keys, kFitTolerance * most), tr("Fit to a run"));
        });
}

void RunGhosts::apply()
{
    if (!m_lane) return;
    const Shown& shown = m_shown[m_lane->track().storedAs()];
    QVector<editor::LaneGhost> ghosts;
    for (const viewmodels::RunCurve& run : m_runs) {
        const QString name = QString::fromStdString(run.name);
        if (run.drawn && shown.drawn.contains(run.run)) ghosts.append({tr("drawn: %1").arg(name), *run.drawn});
        if (run.taken && shown.taken.contains(run.run)) ghosts.append({tr("taken: %1").arg(name), *run.taken});
    }
    m_lane->setExtraGhosts(ghosts);
}

void RunGhosts::draw(const schedule::Curve& curve, const QString& label)
{
    if (m_lane && m_lane->track().setCurve(curve, label)) m_lane->setFocus(Qt::OtherFocusReason);
}

} // namespace gradus::pages
