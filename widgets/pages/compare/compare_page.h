// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page: which runs, how they become curves and figures, and the tabs that show them.
#pragma once

#include "common/job.h"
#include "common/theme.h"
#include "viewmodels/compare_curves.h"
#include "viewmodels/comparison.h"
#include "viewmodels/launcher.h"
#include "viewmodels/run_choice_model.h"
#include "viewmodels/store_watcher.h"
#include "viewmodels/view_file.h"

#include <QUndoStack>
#include <QWidget>

#include <optional>

class QStackedWidget;
class QTabBar;
class QToolButton;

namespace gradus::common {
class EmptyState;
}

namespace gradus::pages {

class ChartsTab;
class ChoicePanel;
class CompareLegend;
class ContainmentTab;
class DiffTab;
class MomentPopover;
class OptionsBar;
class PageMenu;
class RelationsTab;
class TableTab;
struct GroupLook;
struct PageSubject;

/// Follows the store of the watcher (which must outlive it) with a list, reader and jobs of its own: the GUI thread
/// reads no store and computes no curve. GUI thread only.
class ComparePage final : public QWidget
{
    Q_OBJECT
public:
    enum Tab
    {
        Charts,
        Table,
        Diff,
        Relations,
        Containment,
        TabCount,
    };

    ComparePage(viewmodels::StoreWatcher& watcher, common::ThemeController& theme, QWidget* parent = nullptr);
    ~ComparePage() override;

    void openStore(const QString& path);
    /// Compares these runs from now on. Until this or the user chooses, the newest experiment is compared.
    void choose(const QSet<std::int64_t>& runs);
    void setTab(Tab tab);
    Tab tab() const;
    static QStringList tabNames(); ///< "charts", "table", ...: what `--page compare/NAME` takes
    /// What is shown belongs to what is chosen; nothing is on its way.
    bool isReady() const;

    const viewmodels::Comparison& comparison() const { return m_comparison; }
    const viewmodels::ComparedCurves& curves() const { return m_curves; }
    /// Those that the curves were computed with.
    const viewmodels::CurveOptions& shownOptions() const { return m_shownOptions; }
    const common::Tokens& tokens() const { return m_theme.tokens(); }
    viewmodels::RunChoiceModel& choice() { return m_choice; }
    ChartsTab* charts() const { return m_chartsTab; }
    TableTab* table() const { return m_tableTab; }
    DiffTab* diff() const { return m_diffTab; }
    RelationsTab* relations() const { return m_relationsTab; }
    ContainmentTab* containment() const { return m_containmentTab; }
    MomentPopover* momentPopover() const { return m_moment; }
    void setRunsWithEpisodes(const QSet<qint64>& runs); ///< once that is known
    CompareLegend* legend() const { return m_legend; }
    OptionsBar* options() const { return m_options; }

    /// What is shown, as a file keeps it; runs by their ids.
    viewmodels::ViewFile view() const;
    /// Shows this view as soon as the store's runs are known. viewFailure() says why it cannot: runs or a baseline that
    /// are gone.
    void showView(const viewmodels::ViewFile& view);
    /// The view given last is what is on the screen.
    bool isViewShown() const;
    const QString& viewFailure() const { return m_viewFailure; }
    void openView(const QString& file); ///< said() tells what is wrong with it
    void saveView(const QString& file);
    QUndoStack& undoStack() { return m_undo; } ///< of what the user chose here

    void chooseExport(); ///< asks for a file and writes to it
    /// Where the program lies that writes pages about what is compared.
    void setPlace(const viewmodels::LaunchPlace& place);

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);    ///< what became of an export or a page
    void transcriptsRequested(qint64 run, int generation); ///< of the moment that was clicked

private:
    void build();
    QWidget* buildTabs();
    void addShortcuts();
    void rowsArrived(const QVector<store::RunRow>& rows);
    void chosenChanged();
    void dataChanged();
    void optionsChanged();
    void showCurves(viewmodels::ComparedCurves curves);
    void refreshLegend();
    void showMoment(const viewmodels::SeriesCurves& curves, const QPoint& at, const QPointF& point);
    void refreshEmpty();
    QStringList names() const;
    QVector<GroupLook> looks() const;
    PageSubject pageSubject() const;
    viewmodels::CurveOptions currentOptions() const;
    void applyPending();
    void applyBaseline();
    void failView(const QString& sentence);
    void noteEdit();
    void chooseView(bool saves);

    common::ThemeController& m_theme;
    viewmodels::RunsModel m_runs;
    viewmodels::RunChoiceModel m_choice;
    viewmodels::Comparison m_comparison;
    common::Job m_curvesJob;
    viewmodels::ComparedCurves m_curves;
    viewmodels::CurveOptions m_shownOptions;
    QHash<std::int64_t, int> m_colours;
    QVector<store::RunRow> m_rows;
    QString m_storeFailure;
    bool m_chosenByUser = false;
    bool m_choosing = false; // the page itself sets the eyes
    bool m_rowsKnown = false;
    bool m_applying = false;                       ///< a view is being set: no edit of the user's
    std::optional<viewmodels::ViewFile> m_pending; ///< waits for the store's runs
    std::optional<std::string> m_wantedBaseline;   ///< waits for the groups
    std::vector<std::string> m_cards;              ///< series shown; empty: all
    viewmodels::ViewFile m_settled;                ///< before the next edit
    QString m_viewFailure;
    QUndoStack m_undo;

    ChoicePanel* m_panel = nullptr;
    QTabBar* m_tabs = nullptr;
    QToolButton* m_values = nullptr;
    QToolButton* m_difference = nullptr;
    PageMenu* m_pages = nullptr;
    OptionsBar* m_options = nullptr;
    CompareLegend* m_legend = nullptr;
    QStackedWidget* m_stack = nullptr;
    ChartsTab* m_chartsTab = nullptr;
    TableTab* m_tableTab = nullptr;
    DiffTab* m_diffTab = nullptr;
    RelationsTab* m_relationsTab = nullptr;
    ContainmentTab* m_containmentTab = nullptr;
    MomentPopover* m_moment = nullptr;
    std::optional<QSet<qint64>> m_withEpisodes;
    common::EmptyState* m_empty = nullptr;
    QWidget* m_body = nullptr;
    QStackedWidget* m_outer = nullptr;
};

} // namespace gradus::pages
