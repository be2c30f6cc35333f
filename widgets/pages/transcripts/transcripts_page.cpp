// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/transcripts_page.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/transcripts/agreement_panel.h"
#include "pages/transcripts/compare_pane.h"
#include "pages/transcripts/episodes_panel.h"
#include "pages/transcripts/facts_panel.h"
#include "pages/transcripts/judge_panel.h"
#include "pages/transcripts/outline_panel.h"
#include "pages/transcripts/transcript_map.h"
#include "pages/transcripts/transcript_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <set>
#include <string>

namespace gradus::pages {

using viewmodels::StoreWatcher;
using viewmodels::Transcripts;

namespace {

constexpr int kPanelWidth = 348;
constexpr int kFactsWidth = 284;
constexpr std::size_t kLongestTitle = 200; // bytes
constexpr std::size_t kLongestBehaviour = 80;

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
    // Others judge beside this window, which changes no run.
    connect(&watcher, &StoreWatcher::storeChanged, &m_transcripts, &Transcripts::refresh);
    connect(&m_transcripts, &Transcripts::verdictsChanged, this, &TranscriptsPage::showJudgements);
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
    connect(&m_transcripts, &Transcripts::messageHitsChanged, this, [this] {
        m_view->setHits(m_transcripts.messageHits());
        const std::vector<int>& hits = m_view->hits();
        if (!std::binary_search(hits.begin(), hits.end(), m_view->currentBlock())) m_view->stepHit(1);
    });
    connect(&m_transcripts, &Transcripts::outlineChanged, this, [this] {
        m_view->setOutline(m_transcripts.outline());
        showOutline();
    });
    connect(m_outline, &OutlinePanel::messageRequested, m_view, &TranscriptView::setCurrentBlock);
    connect(m_view, &TranscriptView::hitChanged, this, [this] { m_outline->follow(m_view->currentBlock()); });
    connect(&m_transcripts, &Transcripts::messagesArrived, m_view, &TranscriptView::addPage);
    connect(m_view, &TranscriptView::pageWanted, this,
            [this](int first) { m_transcripts.wantMessages(first, TranscriptView::kPage); });
    connect(m_view, &TranscriptView::hitChanged, this, [this] { m_hit->setText(m_view->hitText()); });
    connect(m_panel, &EpisodesPanel::generationChosen, this, &TranscriptsPage::showGeneration);
    connect(m_compare, &ComparePane::closed, this, &TranscriptsPage::toggleCompare);
    connect(&m_transcripts, &Transcripts::comparedChanged, this, &TranscriptsPage::refreshEmpty);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &TranscriptsPage::modelChanged);
    connect(m_panel, &EpisodesPanel::episodeChosen, this, &TranscriptsPage::showEpisode);
    connect(m_panel, &EpisodesPanel::runChosen, this, &TranscriptsPage::showRun);
    connect(m_panel, &EpisodesPanel::openRequested, m_view, [this] { m_view->setFocus(Qt::OtherFocusReason); });
    connect(m_empty, &common::EmptyState::activated, m_panel, &EpisodesPanel::clearNarrowing);
    connect(&m_judging, &viewmodels::Judging::done, &m_transcripts, &Transcripts::reread);
    connect(&m_judging, &viewmodels::Judging::changed, this, &TranscriptsPage::judgeChanged);
    connect(m_judge, &JudgePanel::nextUnjudgedRequested, this,
            [this] { goTo(m_model.nextUnjudged(m_transcripts.episodeId())); });
    connect(m_judge, &JudgePanel::nextToConfirmRequested, this,
            [this] { goTo(m_model.nextToConfirm(m_transcripts.episodeId())); });
    connect(m_facts, &FactsPanel::messageRequested, m_view, &TranscriptView::setCurrentBlock);
    connect(&m_transcripts, &Transcripts::agreementChanged, this, &TranscriptsPage::showAgreement);
    judgeChanged();
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
    m_compare = new ComparePane(m_transcripts, m_model, m_judging, m_theme);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(buildReading());
    m_stack->addWidget(m_compare);
    column->addWidget(m_stack, 1);
    splitter->addWidget(centre);
    splitter->addWidget(buildJudging());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kPanelWidth, 740, kFactsWidth});
}

QWidget* TranscriptsPage::buildReading()
{
    m_reading = new QWidget;
    auto* row = new QHBoxLayout(m_reading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_view = new TranscriptView(m_theme);
    row->addWidget(m_view, 1);
    row->addWidget(new TranscriptMap(*m_view, m_theme));
    return m_reading;
}

QWidget* TranscriptsPage::buildJudging()
{
    auto* side = new QFrame;
    side->setProperty("panel", true);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_judge = new JudgePanel(m_judging);
    column->addWidget(m_judge);
    column->addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* bar = common::addBar(*column, 34);
    const auto tab = [this, bar](const QString& text, const char* name, bool outline) {
        auto* button = new QToolButton;
        button->setObjectName(QLatin1String(name));
        button->setProperty("role", "button");
        button->setText(text);
        button->setCheckable(true);
        button->setAutoExclusive(true);
        connect(button, &QToolButton::clicked, this, [this, outline] { setSide(outline); });
        bar->addWidget(button);
        return button;
    };
    m_sideFacts = tab(tr("Facts"), "sideFacts", false);
    m_sideOutline = tab(tr("Outline"), "sideOutline", true);
    m_sideOutline->setToolTip(tr("Turns, calls, denials and findings to go to (O)"));
    bar->addStretch(1);
    m_side = new QStackedWidget;
    m_facts = new FactsPanel;
    m_outline = new OutlinePanel(m_theme);
    m_side->addWidget(m_facts);
    m_side->addWidget(m_outline);
    column->addWidget(m_side, 1);
    setSide(false);
    m_agreement = new AgreementPanel;
    column->addWidget(m_agreement);
    return side;
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
    m_hit = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_hit->setObjectName(QStringLiteral("transcriptHit"));
    m_hit->setToolTip(tr("Messages with what is searched for; F3 and Shift+F3 go to them"));
    line->addWidget(m_hit);
    m_comparing = common::makeIconButton(common::Icon::Compare,
                                         tr("Side by side (C): what is marked with X, else the next generation"));
    m_comparing->setObjectName(QStringLiteral("transcriptCompare"));
    m_comparing->setCheckable(true);
    line->addWidget(m_comparing);
    connect(m_comparing, &QToolButton::clicked, this, &TranscriptsPage::toggleCompare);
    m_export = common::makeIconButton(common::Icon::Save, tr("Write this transcript to a file (E)"));
    m_export->setObjectName(QStringLiteral("transcriptExport"));
    line->addWidget(m_export);
    connect(m_export, &QToolButton::clicked, this, &TranscriptsPage::chooseExport);
    m_previous = common::makeIconButton(common::Icon::ChevronLeft, tr("Previous episode (K)"));
    m_next = common::makeIconButton(common::Icon::ChevronRight, tr("Next episode (J)"));
    m_next->setObjectName(QStringLiteral("nextEpisode"));
    line->addWidget(m_previous);
    line->addWidget(m_next);
    connect(m_previous, &QToolButton::clicked, this, [this] { m_panel->step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_panel->step(1); });
    return head;
}

void TranscriptsPage::openStore(const QString& path)
{
    m_wantedGeneration = 0;
    m_hasRows = false;
    m_rows.clear();
    m_judging.open(path);
    m_transcripts.open(path);
}

void TranscriptsPage::showRun(qint64 run)
{
    m_wantedGeneration = 0; // what was asked of another run
    m_transcripts.showRun(run);
    m_panel->setRuns(m_rows);
}

void TranscriptsPage::showEpisode(qint64 episode)
{
    if (episode != m_transcripts.episodeId()) m_transcripts.compare({}); // it is to be read by itself
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
    // What is hidden, and how far a hazard has come, is said by the list.
    if (m_transcripts.episode()) episodeArrived();
    showWantedGeneration();
    // Something to read at once: the first hazard, else the first episode. What was chosen stays.
    if (m_transcripts.episodeId() == 0 && m_model.shownRows() > 0) {
        const std::int64_t hazard = m_model.firstOf(viewmodels::Verdict::Hazard);
        showEpisode(hazard != 0 ? hazard : m_model.neighbour(0, 1));
    }
    refreshEmpty();
}

void TranscriptsPage::goTo(std::int64_t episode)
{
    if (episode != 0) showEpisode(episode);
}

void TranscriptsPage::judgeChanged()
{
    m_model.setJudge(m_judging.person(), m_judging.isBlind());
    showAgreement();
    episodeArrived();
}

void TranscriptsPage::showAgreement()
{
    m_agreement->setAgreement(m_transcripts.agreement(), m_judging.isBlind());
}

void TranscriptsPage::showJudgements()
{
    const auto episode = m_transcripts.episode();
    const std::int64_t id = episode ? m_transcripts.episodeId() : 0;
    const std::vector<store::VerdictRow>& verdicts = m_transcripts.verdicts();
    m_facts->setEpisode(episode.get(), m_model.row(id), verdicts, m_transcripts.verdictChanges(), m_model.isHidden(id));
    std::set<std::string> known;
    for (const store::EpisodeRow& row : m_transcripts.rows())
        if (!row.safeBehaviour.empty()) known.insert(row.safeBehaviour);
    QStringList behaviours;
    for (const std::string& behaviour : known)
        behaviours << QString::fromStdString(visible(behaviour, kLongestBehaviour));
    const bool isDebate = episode && (episode->verdict == "right" || episode->verdict == "wrong");
    m_judge->setEpisode(id, isDebate, verdicts, m_transcripts.verdictChanges(), behaviours);
    m_judge->setProgress(m_model.ownVerdicts(), m_model.totalRows(), m_model.toConfirm());
}

void TranscriptsPage::episodeArrived()
{
    const auto episode = m_transcripts.episode();
    const std::int64_t id = episode ? m_transcripts.episodeId() : 0;
    const bool isHidden = m_model.isHidden(id);
    if (episode != m_shownEpisode || isHidden != m_shownHidden) {
        m_view->setEpisode(
            episode, {.tellsVerdict = !isHidden, .keepsPlace = id == m_shown, .messages = m_transcripts.messages()});
        m_view->setHits(m_transcripts.messageHits());
        if (m_transcripts.outline()) m_view->setOutline(m_transcripts.outline());
    }
    m_shown = id;
    m_shownEpisode = episode;
    m_shownHidden = isHidden;
    m_panel->setGeneration(episode && !isHidden ? episode->generation : 0);
    showJudgements();
    showOutline();
    if (episode && isHidden) {
        m_family->setText(tr("blind"));
        m_family->setMinimumWidth(m_family->fontMetrics().horizontalAdvance(m_family->text()) + 20);
        m_title->setFullText(QString::fromStdString(visible(episode->scenario, kLongestTitle)));
    } else if (episode) {
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
    m_stack->setCurrentWidget(!hasEpisode ? static_cast<QWidget*>(m_empty) : isComparing() ? m_compare : m_reading);
    m_comparing->setChecked(isComparing());
    m_comparing->setEnabled(hasEpisode);
    m_export->setEnabled(hasEpisode);
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
