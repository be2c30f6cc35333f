// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/compare_pane.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/transcripts/aligned_view.h"
#include "viewmodels/scenario_steps.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr std::array<const char*, 3> kChoices = {"left", "tie", "right"};

} // namespace

ComparePane::ComparePane(viewmodels::Transcripts& transcripts, viewmodels::EpisodesModel& model,
                         viewmodels::Judging& judging, const common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_transcripts(transcripts), m_model(model), m_judging(judging)
{
    setObjectName(QStringLiteral("comparePane"));
    build(theme);
    connect(&transcripts, &viewmodels::Transcripts::comparedChanged, this, &ComparePane::arrived);
    // Judged blind, a pair is told of at once; else what is being read stays where it is.
    connect(&transcripts, &viewmodels::Transcripts::preferencesChanged, this, [this] {
        if (m_judging.isBlind())
            arrived();
        else
            refresh();
    });
    connect(&judging, &viewmodels::Judging::changed, this, &ComparePane::arrived);
    connect(&transcripts, &viewmodels::Transcripts::hitsChanged, this,
            [this] { m_view->setSearch(m_transcripts.searchText()); });
}

void ComparePane::build(const common::ThemeController& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* bar = common::addBar(*column, 36);
    bar->setSpacing(6);
    const auto add = [&](const QString& text, const char* name, const QString& tip) {
        auto* button = new QToolButton;
        button->setText(text);
        button->setObjectName(QLatin1String(name));
        button->setProperty("role", "button");
        button->setToolTip(tip);
        bar->addWidget(button);
        return button;
    };
    m_wordDiff = add(tr("Word diff"), "compareWordDiff", tr("Marks the words that differ from the first side"));
    m_wordDiff->setCheckable(true);
    m_wordDiff->setChecked(true);
    m_swap = add(tr("Swap"), "compareSwap", tr("The other order (S): a judgement may depend on the side"));
    const std::array<QString, 3> words{tr("Left is better"), tr("Tie"), tr("Right is better")};
    for (std::size_t i = 0; i < kChoices.size(); ++i) {
        m_choices[i] = add(words[i], (std::string("prefer_") + kChoices[i]).c_str(),
                           tr("Your preference in this order; pressed again it is withdrawn"));
        m_choices[i]->setCheckable(true);
        connect(m_choices[i], &QToolButton::clicked, this, [this, i] { prefer(QLatin1String(kChoices[i])); });
    }
    m_nextPair = common::makeButton(tr("Next pair"), QStringLiteral("link"));
    m_nextPair->setObjectName(QStringLiteral("compareNextPair"));
    m_nextPair->setToolTip(tr("Two generations in one scenario that you have not judged in this order (B)"));
    bar->addWidget(m_nextPair);
    bar->addStretch(1);
    QToolButton* close = common::makeIconButton(common::Icon::Close, tr("Back to one episode (C)"));
    close->setObjectName(QStringLiteral("compareClose"));
    bar->addWidget(close);
    // A line of its own: beside the buttons there is no room for a sentence.
    m_state = common::makeLabel({}, common::Type::Small, QStringLiteral("quiet"));
    m_state->setObjectName(QStringLiteral("compareState"));
    m_state->setContentsMargins(12, 0, 12, 6);
    column->addWidget(m_state);
    column->addWidget(common::makeLine(Qt::Horizontal));
    m_view = new AlignedView(theme);
    column->addWidget(m_view, 1);
    connect(m_wordDiff, &QToolButton::toggled, m_view, &AlignedView::setWordDiff);
    connect(m_swap, &QToolButton::clicked, this, &ComparePane::swap);
    connect(m_nextPair, &QPushButton::clicked, this, &ComparePane::showNextPair);
    connect(close, &QToolButton::clicked, this, &ComparePane::closed);
}

void ComparePane::compare(const std::vector<std::int64_t>& episodes)
{
    m_transcripts.compare(episodes);
    refresh();
}

void ComparePane::showNextPair()
{
    const auto pair =
        viewmodels::nextPair(m_transcripts.rows(), m_transcripts.preferences(), m_judging.person().toStdString());
    if (pair) return compare({pair->left, pair->right});
    m_state->setText(tr("Every pair is judged in both orders."));
    m_state->show();
}

void ComparePane::swap()
{
    std::vector<std::int64_t> ids = m_transcripts.comparedIds();
    if (ids.size() < 2) return;
    std::swap(ids[0], ids[1]);
    compare(ids);
}

void ComparePane::scrub(int direction)
{
    std::vector<std::int64_t> ids = m_transcripts.comparedIds();
    if (ids.size() < 2 || isOpenPair()) return;
    const auto steps = viewmodels::overGenerations(m_transcripts.rows(), ids.front());
    const store::EpisodeRow* last = m_model.row(ids.back());
    if (last == nullptr) return;
    const auto generation = [this](std::int64_t id) { return m_model.row(id)->generation; };
    std::int64_t next = 0;
    for (const std::int64_t step : steps) {
        if (direction > 0 && next == 0 && generation(step) > last->generation) next = step;
        if (direction < 0 && generation(step) < last->generation) next = step;
    }
    if (next == 0) return;
    ids.back() = next;
    compare(ids);
}

QString ComparePane::given(bool swapped) const
{
    const std::vector<std::int64_t>& ids = m_transcripts.comparedIds();
    if (ids.size() != 2) return {};
    const bool isTurned = ids[0] > ids[1]; // the store names the smaller id first
    const std::string person = m_judging.person().toStdString();
    for (const store::PreferenceRow& row : m_transcripts.preferences()) {
        if (row.person != person || row.first != std::min(ids[0], ids[1]) || row.second != std::max(ids[0], ids[1]) ||
            row.swapped != (isTurned != swapped))
            continue;
        if (row.choice == "tie") return QStringLiteral("tie");
        return (row.choice == "first") != isTurned ? QStringLiteral("left") : QStringLiteral("right");
    }
    return {};
}

bool ComparePane::isOpenPair() const
{
    return m_judging.isBlind() && m_transcripts.comparedIds().size() == 2 && given(false).isEmpty();
}

void ComparePane::prefer(const QString& choice)
{
    const std::vector<std::int64_t>& ids = m_transcripts.comparedIds();
    if (ids.size() != 2) return;
    m_judging.prefer(ids[0], ids[1], given(false) == choice ? QString() : choice);
    refresh();
}

void ComparePane::arrived()
{
    const auto& compared = m_transcripts.compared();
    std::vector<AlignedView::Side> sides;
    for (std::size_t i = 0; i < compared.size(); ++i) {
        const bool isHidden = isOpenPair() || m_model.isHidden(m_transcripts.comparedIds()[i]);
        const QString scenario = QString::fromStdString(visible(compared[i]->scenario, 120));
        const QString title = isHidden ? scenario
                                       : tr("%1, generation %2, %3: %4")
                                             .arg(m_transcripts.comparedRuns().value(static_cast<qsizetype>(i)),
                                                  QString::number(compared[i]->generation),
                                                  QString::fromStdString(visible(compared[i]->verdict, 20)), scenario);
        sides.push_back({compared[i], title, !isHidden});
    }
    m_view->setSides(std::move(sides));
    refresh();
}

void ComparePane::refresh()
{
    const bool isPair = m_transcripts.comparedIds().size() == 2;
    const QString now = given(false);
    const QString obstacle = m_judging.obstacle();
    for (std::size_t i = 0; i < kChoices.size(); ++i) {
        m_choices[i]->setVisible(isPair);
        m_choices[i]->setEnabled(obstacle.isEmpty());
        m_choices[i]->setChecked(now == QLatin1String(kChoices[i]));
    }
    m_swap->setEnabled(m_transcripts.comparedIds().size() > 1);
    QString state;
    if (isPair && !obstacle.isEmpty())
        state = obstacle;
    else if (isPair && now.isEmpty())
        state = given(true).isEmpty() ? tr("Not judged yet") : tr("Judged in the other order");
    else if (isPair && given(true).isEmpty())
        state = tr("Judged; the other order is open");
    else if (isPair)
        state = given(true) == now ? tr("Judged alike in both orders") : tr("Judged by the side: the orders differ");
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
}

} // namespace gradus::pages
