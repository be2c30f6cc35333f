// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/transcripts_page.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/transcripts/episodes_panel.h"
#include "pages/transcripts/facts_panel.h"
#include "pages/transcripts/transcript_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace gradus::pages {

using viewmodels::StoreWatcher;
using viewmodels::Transcripts;

namespace {

constexpr int kPanelWidth = 348;
constexpr int kFactsWidth = 284;
constexpr std::size_t kLongestTitle = 200; // bytes

} // namespace

TranscriptsPage::TranscriptsPage(StoreWatcher& watcher, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("transcriptsPage"));
    build();
    addShortcuts();
    connect(&watcher, &StoreWatcher::runsChanged, this, [this](const QVector<store::RunRow>& rows) {
        const bool isFirst = !m_hasRows;
        m_hasRows = true;
        m_rows = rows;
        if (!isFirst) m_transcripts.refresh();
        runsArrived();
    });
    const auto notice = [this](const QString& sentence) {
        m_storeFailure = sentence;
        refreshEmpty();
    };
    connect(&watcher, &StoreWatcher::storeFailed, this, notice);
    connect(&watcher, &StoreWatcher::storeReady, this, [notice] { notice({}); });
    connect(&m_transcripts, &Transcripts::countsChanged, this, &TranscriptsPage::runsArrived);
    connect(&m_transcripts, &Transcripts::episodeChanged, this, &TranscriptsPage::episodeArrived);
    connect(&m_transcripts, &Transcripts::failed, this, &TranscriptsPage::refreshEmpty);
    connect(&m_transcripts, &Transcripts::hitsChanged, this, [this] { m_view->setSearch(m_transcripts.searchText()); });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &TranscriptsPage::modelChanged);
    connect(m_panel, &EpisodesPanel::episodeChosen, this, &TranscriptsPage::showEpisode);
    connect(m_panel, &EpisodesPanel::runChosen, this, &TranscriptsPage::showRun);
    connect(m_panel, &EpisodesPanel::openRequested, m_view, [this] { m_view->setFocus(Qt::OtherFocusReason); });
    connect(m_empty, &common::EmptyState::activated, m_panel, &EpisodesPanel::clearNarrowing);
    refreshEmpty();
}

TranscriptsPage::~TranscriptsPage() = default;

void TranscriptsPage::build()
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    row->addWidget(splitter);
    m_panel = new EpisodesPanel(m_model, m_transcripts, m_theme);
    splitter->addWidget(m_panel);
    auto* centre = new QFrame;
    centre->setProperty("panel", true);
    centre->setMinimumWidth(360);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_stack = new QStackedWidget;
    m_empty = new common::EmptyState(QString());
    m_view = new TranscriptView(m_theme);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    column->addWidget(m_stack, 1);
    splitter->addWidget(centre);
    m_facts = new FactsPanel;
    splitter->addWidget(m_facts);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kPanelWidth, 740, kFactsWidth});
}

QWidget* TranscriptsPage::buildHead()
{
    auto* head = new QWidget;
    head->setFixedHeight(43);
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(16, 0, 8, 0);
    line->setSpacing(8);
    m_family = new common::ChipLabel({}, QStringLiteral("accent"));
    line->addWidget(m_family);
    m_title = new common::ElidedLabel;
    m_title->setFont(common::typeFont(common::Type::BodyStrong));
    m_title->setObjectName(QStringLiteral("transcriptTitle"));
    line->addWidget(m_title, 1);
    m_previous = common::makeIconButton(common::Icon::ChevronLeft, tr("Previous episode (K)"));
    m_next = common::makeIconButton(common::Icon::ChevronRight, tr("Next episode (J)"));
    m_next->setObjectName(QStringLiteral("nextEpisode"));
    line->addWidget(m_previous);
    line->addWidget(m_next);
    connect(m_previous, &QToolButton::clicked, this, [this] { m_panel->step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_panel->step(1); });
    return head;
}

void TranscriptsPage::addShortcuts()
{
    // Actions, not shortcuts: the sheet of keys lists what has a name.
    const auto add = [this](const QString& name, const QKeySequence& keys, auto triggered) {
        auto* action = new QAction(name, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, triggered);
        addAction(action);
    };
    add(tr("Transcripts: next episode"), Qt::Key_J, [this] { m_panel->step(1); });
    add(tr("Transcripts: previous episode"), Qt::Key_K, [this] { m_panel->step(-1); });
    add(tr("Transcripts: next message of this kind"), Qt::Key_N, [this] { m_view->stepAlike(1); });
    add(tr("Transcripts: previous message of this kind"), Qt::Key_P, [this] { m_view->stepAlike(-1); });
    add(tr("Transcripts: next message"), Qt::Key_BracketRight, [this] { m_view->step(1); });
    add(tr("Transcripts: previous message"), Qt::Key_BracketLeft, [this] { m_view->step(-1); });
}

void TranscriptsPage::openStore(const QString& path)
{
    m_hasRows = false;
    m_rows.clear();
    m_transcripts.open(path);
}

void TranscriptsPage::showRun(qint64 run)
{
    m_transcripts.showRun(run);
    m_panel->setRuns(m_rows);
}

void TranscriptsPage::showEpisode(qint64 episode)
{
    m_transcripts.showEpisode(episode);
    m_panel->choose(episode);
}

bool TranscriptsPage::isReady() const
{
    return m_storeFailure.isEmpty() ? m_hasRows && !m_transcripts.isLoading() : true;
}

void TranscriptsPage::runsArrived()
{
    m_panel->setRuns(m_rows);
    if (m_transcripts.run() == 0) {
        for (const store::RunRow& run : m_rows) {
            if (!m_transcripts.runCounts().contains(run.id)) continue;
            showRun(run.id);
            break;
        }
    }
    refreshEmpty();
}

void TranscriptsPage::modelChanged()
{
    // Something to read at once: the first hazard, else the first episode. What was chosen stays.
    if (m_transcripts.episodeId() == 0 && m_model.shownRows() > 0) {
        const std::int64_t hazard = m_model.firstOf(viewmodels::Verdict::Hazard);
        showEpisode(hazard != 0 ? hazard : m_model.neighbour(0, 1));
    }
    refreshEmpty();
}

void TranscriptsPage::episodeArrived()
{
    const auto episode = m_transcripts.episode();
    m_view->setEpisode(episode);
    m_facts->setEpisode(episode.get());
    if (episode) {
        const std::string family = viewmodels::scenarioFamily(episode->scenario);
        const bool isWhole = family.size() == episode->scenario.size();
        m_family->setText(QString::fromStdString(visible(family, 60)));
        m_family->setMinimumWidth(m_family->fontMetrics().horizontalAdvance(m_family->text()) + 20);
        m_title->setFullText(
            tr("%1, generation %2")
                .arg(QString::fromStdString(
                    visible(isWhole ? episode->key : episode->scenario.substr(family.size() + 3), kLongestTitle)))
                .arg(episode->generation));
    }
    refreshEmpty();
}

void TranscriptsPage::refreshEmpty()
{
    const bool hasEpisode = m_transcripts.episode() != nullptr;
    m_stack->setCurrentWidget(hasEpisode ? static_cast<QWidget*>(m_view) : m_empty);
    m_family->setVisible(hasEpisode);
    if (!hasEpisode) m_title->setFullText({});
    m_previous->setEnabled(m_model.shownRows() > 0);
    m_next->setEnabled(m_model.shownRows() > 0);
    if (hasEpisode) return;
    m_empty->setButton({});
    const QString failure = m_storeFailure.isEmpty() ? m_transcripts.failure() : m_storeFailure;
    if (!failure.isEmpty()) {
        m_empty->setLine(failure);
    } else if (m_model.totalRows() > 0 && m_model.shownRows() == 0) {
        m_empty->setLine(tr("None of the %n episodes is shown.", nullptr, m_model.totalRows()));
        m_empty->setButton(tr("Show all episodes"), true);
    } else if (m_model.totalRows() > 0) {
        m_empty->setLine(tr("Choose an episode in the list (J)."));
    } else if (!m_hasRows || m_transcripts.isLoading()) {
        m_empty->setLine(tr("Reading the episodes from the store."));
    } else {
        m_empty->setLine(
            tr("No episodes yet: runs write them in stages 2 and 3, where a task has a sandboxed domain."));
    }
}

} // namespace gradus::pages
