// SPDX-License-Identifier: GPL-3.0-or-later
// What the Design page has to say of its draft, in the strip under the lane.
#include "pages/design/design_page.h"

#include "base/text.h"
#include "common/number_text.h"
#include "editor/lane_view.h"
#include "pages/design/finding_strip.h"
#include "pages/design/mix_panel.h"
#include "pages/design/text_panel.h"
#include "viewmodels/curve_findings.h"
#include "viewmodels/ladder_steps.h"

#include <QPointer>

namespace gradus::pages {

namespace {

/// Does the sweep say what the gap is? Then the lane's curve is only the default that no run takes.
bool sweepSetsGap(const spec::Experiment& experiment)
{
    const auto isGap = [](const std::string& key) { return key.starts_with("gap."); };
    for (const spec::SweepAxis& axis : experiment.sweep)
        if (isGap(axis.key)) return true;
    for (const spec::SweepCondition& condition : experiment.conditions)
        for (const auto& setting : condition.settings)
            if (isGap(setting.first)) return true;
    return false;
}

} // namespace

void DesignPage::showNotice(const QString& sentence, bool failed)
{
    m_notice = sentence;
    m_noticeFailed = failed;
    refreshFindings();
}

void DesignPage::refreshFindings()
{
    QVector<Finding> findings;
    if (!m_notice.isEmpty()) findings.append({m_noticeFailed ? "danger" : "ok", m_notice, {}});
    if (m_document.error()) findings.append(errorFinding());
    if (auto running = runningFinding()) findings.append(*running);
    addFileFindings(findings);
    addMixFindings(findings);
    if (m_document.isValid()) addGapFindings(findings);
    addLaneFindings(findings);
    m_strip->setFindings(findings);
}

/// Of every lane's curve, each at its place in the lane as well.
void DesignPage::addLaneFindings(QVector<Finding>& findings)
{
    const spec::Experiment& experiment = m_document.experiment();
    for (const auto& lane : m_lanes.lanes()) {
        if (!lane) continue;
        viewmodels::CurveTrack& track = lane->track();
        QVector<plot::WarningMark> marks;
        const auto mark = [&](const viewmodels::KeyIndices& keys, const QString& sentence, bool danger) {
            for (const int index : keys) {
                const schedule::Key& key = track.curve().keys[static_cast<std::size_t>(index)];
                marks.append({{key.x, key.y}, sentence, danger});
            }
        };
        if (lane == m_lane && m_document.beyond() && m_document.beyond()->key == "gap.curve")
            mark(m_document.beyond()->outside, QString::fromStdString(m_document.error()->message), true);
        if (m_document.isValid()) {
            const auto places = viewmodels::readPlaces(experiment, lane == m_lane);
            auto said = {viewmodels::unreadKeys(track, places),
                         track.isSource() ? viewmodels::starvedSource(track, places) : std::nullopt};
            for (const auto& finding : said) {
                if (!finding || track.isMuted()) continue;
                mark(finding->keys, finding->sentence, false);
                findings.append(findingOf(track, *finding));
            }
        }
        lane->showWarnings(marks);
    }
}

Finding DesignPage::findingOf(viewmodels::CurveTrack& track, const viewmodels::CurveFinding& said)
{
    Finding finding{"warn", said.sentence, {}};
    if (!said.fixText.isEmpty() && track.isEditable())
        finding.actions.append({said.fixText, [track = QPointer(&track), mended = said.mended, label = said.fixText] {
                                    if (track) (void)track->setCurve(mended, label);
                                }});
    return finding;
}

Finding DesignPage::errorFinding()
{
    Finding finding{"danger", QString::fromStdString(m_document.error()->message), {}};
    if (m_document.beyond())
        finding.actions.append({tr("Keep within the bounds"), [this] { (void)m_document.mendBeyond(); }});
    finding.actions.append({tr("Mend the text"), [this] {
                                showLower(Lower::Text);
                                m_text->showError();
                            }});
    return finding;
}

void DesignPage::addGapFindings(QVector<Finding>& findings)
{
    const spec::Experiment& experiment = m_document.experiment();
    if (sweepSetsGap(experiment))
        findings.append(
            {"warn", tr("The sweep of this file sets the gap itself; no run takes the curve drawn here."), {}});
    else if (experiment.gap.controller != "schedule")
        findings.append(curveUnused(experiment));
    const auto steps = viewmodels::ladderSteps(experiment, m_document.curve());
    const bool drawnByUser = experiment.gap.controller == "schedule" || experiment.gap.controller == "fixed";
    if (drawnByUser && !steps.empty() && !steps.back().rung)
        findings.append(
            {"warn",
             tr("The ladder ends at generation %1 of %2: smaller gaps before would leave room for the rest.")
                 .arg(steps.back().from)
                 .arg(experiment.ladder.generations),
             {}});
}

void DesignPage::addMixFindings(QVector<Finding>& findings)
{
    const viewmodels::MixLimitsModel& limits = m_mix->limits();
    for (const spec::MixViolation& violation : limits.violations()) {
        Finding finding{"warn", QString::fromStdString(visible(violation.sentence, 600)), {}};
        if (const QString fix = limits.fixText(violation); !fix.isEmpty())
            finding.actions.append({fix, [this, violation] { m_mix->limits().fix(violation); }});
        finding.actions.append({tr("Show limits"), [this] { m_mix->showView(MixPanel::View::Limits); }});
        findings.append(finding);
    }
}

Finding DesignPage::curveUnused(const spec::Experiment& experiment)
{
    const spec::Gap& gap = experiment.gap;
    const QString value = common::numberText(gap.value, 2);
    QString sentence;
    if (spec::measures(gap))
        sentence =
            tr("The %1 controller starts with a gap of %2 and then decides by what it measures on %3 anchors; the "
               "curve is kept but not used.")
                .arg(QString::fromStdString(gap.controller), value)
                .arg(experiment.signals.anchors);
    else if (gap.controller == "jump")
        sentence = tr("The direct jump goes to the last rung at once; the curve is kept but not used.");
    else
        sentence = tr("The fixed controller takes %1 at every step; the curve is kept but not used.").arg(value);
    return {spec::measures(gap) ? "ok" : "warn",
            sentence,
            {{tr("Use the curve"), [this] { setController(QStringLiteral("schedule")); }}}};
}

} // namespace gradus::pages
