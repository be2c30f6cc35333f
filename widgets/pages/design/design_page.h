// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page: draw the gap curve of a draft, see what each generation takes of it, launch.
#pragma once

#include "common/theme.h"
#include "editor/key_commands.h"
#include "editor/lane_group.h"
#include "viewmodels/active_track.h"
#include "viewmodels/item_tokens.h"
#include "viewmodels/launcher.h"
#include "viewmodels/schedule_document.h"

#include <QVector>
#include <QWidget>

#include <optional>

class QAction;
class QComboBox;
class QFrame;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common
namespace gradus::editor {
class LaneView;
class OverviewStrip;
} // namespace gradus::editor
namespace gradus::viewmodels {
struct CurveFinding;
} // namespace gradus::viewmodels

namespace gradus::pages {

class FindingStrip;
struct Finding;
class Inspector;
class MixPanel;
class NumberField;
class NumberLanes;
class LadderPanel;
class PointsPanel;
class SettingsPanel;
class SimulationCard;
class SweepPanel;
class TextPanel;

/// Owns the draft. Launching is a signal: the shell starts the worker. GUI thread only.
class DesignPage final : public QWidget
{
    Q_OBJECT
public:
    DesignPage(common::ThemeController& theme, const viewmodels::LaunchPlace& place, QWidget* parent = nullptr);
    ~DesignPage() override;

    viewmodels::ScheduleDocument& document() { return m_document; }
    editor::LaneView& lane() { return *m_lane; }
    editor::LaneGroup& lanes() { return m_lanes; } ///< the gap's, then one a source, then one a drawn number
    NumberLanes& numbers() { return *m_numbers; }  ///< shown while the draft draws numbers over the run
    MixPanel& mix() { return *m_mix; }             ///< its header alone while the draft names no sources
    LadderPanel& ladder() { return *m_ladder; }
    SettingsPanel& settings() { return *m_settings; }
    SweepPanel& sweep() { return *m_sweep; }
    TextPanel& text() { return *m_text; }
    SimulationCard& simulation() { return *m_simulation; }
    /// What lies under the lane.
    enum class Lower
    {
        Points,
        Ladder,
        Settings,
        Sweep,
        Text,
    };
    void showLower(Lower which);

    /// Opens an experiment file. One that does not parse is shown with its place and cause; false where it cannot be
    /// read at all (the strip says why, the draft stays).
    bool openFile(const QString& path);
    /// A new draft from an experiment's text (a template, a run's frozen file).
    bool openText(const std::string& toml);
    /// Saves to the draft's file, or to a new one in the workspace's experiments folder.
    bool save();
    /// Another workspace: new drafts, journals and commands go there.
    void setPlace(const viewmodels::LaunchPlace& place);
    /// The future of a run as the draft: the past is hatched and locked, Launch becomes Apply.
    void beginBranch(const viewmodels::PastOfRun& past);
    viewmodels::Launcher::Branch branch() const; ///< only while the draft is a run's future
    /// The draft, as it was restored, is such a future.
    void continueBranch(const viewmodels::PastOfRun& past);
    /// A run of this very experiment is at work; empty: none is. Its future may be edited.
    void setRunning(const QString& uuid, const QString& name);
    /// What the shell has to say about a launch, in the strip.
    void showNotice(const QString& sentence, bool failed);
    /// Undo, redo, save, launch: for menus and the command palette.
    QVector<QAction*> pageActions() const { return m_actions; }

Q_SIGNALS:
    void launchRequested(const QString& frozenToml);
    void queueRequested(const QString& frozenToml); ///< its runs wait for free cores
    void branchRequested(const gradus::viewmodels::Launcher::Branch& branch, bool queued);
    void saveAsWanted();                            ///< ask for a name
    void pastWanted(const QString& uuid, int kept); ///< of the future that was restored: for continueBranch()
    void branchWanted(const QString& uuid);         ///< make a branch of this run the draft
    void commandCopied(const QString& line);
    void titleChanged(const QString& title); ///< "gap annealing*"

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeToolbar();
    QWidget* makeLaneHeader();
    QWidget* makeWork();
    QWidget* makeLower();
    void joinLanes();
    void makeActions();
    QAction* addPageAction(const QString& text, const QKeySequence& shortcut, void (DesignPage::*slot)());
    void addPresets(QHBoxLayout& row);
    void addGhosts(QHBoxLayout& row);
    void addUnits(QHBoxLayout& row); ///< design_units.cpp
    void refreshAxis();              ///< likewise
    // design_branch.cpp
    QWidget* makeBranchBar();
    void refreshBranch();
    bool keepsItsPast(); ///< a draft of a run's future does not contradict what was; else says how it does
    std::optional<Finding> runningFinding();

    void fitInspector(); ///< no narrower than the buttons over it, which the style sheet may widen until they are shown
    void alignLanes();   ///< the gap's x axis and the overview's stand where those of the lanes that scroll do
    void refreshTitle();
    void refreshGap();
    void refreshFindings();
    Finding errorFinding();
    void addFileFindings(QVector<Finding>& findings); ///< design_file.cpp
    void addGapFindings(QVector<Finding>& findings);  ///< whether the gap's curve is taken, and how far it leads
    void addLaneFindings(QVector<Finding>& findings);
    Finding findingOf(viewmodels::CurveTrack& track, const viewmodels::CurveFinding& said);
    void addMixFindings(QVector<Finding>& findings);         ///< limits that the drawn mix does not keep
    Finding curveUnused(const spec::Experiment& experiment); ///< for controllers other than schedule
    editor::LaneView* activeLane() const;                    ///< of the track whose numbers inspector and table show
    void setController(const QString& name);
    void launch();
    void addToQueue();
    void copyCommand();
    void undo();
    void redo();
    void saveFromAction() { (void)save(); }
    std::string frozenText() const { return m_document.text(); }

    common::ThemeController& m_theme;
    viewmodels::Launcher m_launcher;
    viewmodels::ScheduleDocument m_document;
    viewmodels::ActiveTrack m_active{m_document}; ///< whose numbers inspector and table show
    editor::KeyCommands m_commands{m_active};
    editor::LaneGroup m_lanes;
    double m_mixPlayhead = 0; ///< as the mix last said it
    QVector<QAction*> m_actions;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QAction* m_save = nullptr;
    QAction* m_launchAction = nullptr;
    QAction* m_queueAction = nullptr;
    QLabel* m_dot = nullptr;
    common::ElidedLabel* m_name = nullptr;
    QComboBox* m_controller = nullptr;
    NumberField* m_fixed = nullptr;
    QPushButton* m_launch = nullptr;
    QPushButton* m_queue = nullptr;
    QPushButton* m_presets = nullptr;
    QComboBox* m_unit = nullptr;
    viewmodels::ItemTokens m_itemTokens;
    editor::LaneView* m_lane = nullptr;
    editor::OverviewStrip* m_overview = nullptr;
    QWidget* m_overInspector = nullptr; ///< the buttons above it
    Inspector* m_inspector = nullptr;
    PointsPanel* m_points = nullptr;
    LadderPanel* m_ladder = nullptr;
    SettingsPanel* m_settings = nullptr;
    SweepPanel* m_sweep = nullptr;
    TextPanel* m_text = nullptr;
    SimulationCard* m_simulation = nullptr;
    QTabBar* m_lowerTabs = nullptr;
    MixPanel* m_mix = nullptr;
    NumberLanes* m_numbers = nullptr;
    QWidget* m_branchBar = nullptr;
    common::ElidedLabel* m_branchOf = nullptr;
    QComboBox* m_kept = nullptr;
    QString m_runningUuid;
    QString m_runningName;
    FindingStrip* m_strip = nullptr;
    QString m_notice;
    bool m_noticeFailed = false;
};

} // namespace gradus::pages
