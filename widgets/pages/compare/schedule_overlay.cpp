// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/schedule_overlay.h"

#include "common/controls.h"
#include "common/number_text.h"

#include <QComboBox>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kSamples = 200;
constexpr int kRow = 26;
constexpr int kMostRows = 6;

QTableWidgetItem* cell(const QString& text, bool number)
{
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled);
    item->setTextAlignment(number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (number) item->setFont(common::numericFont(common::Type::Body));
    return item;
}

QString stretch(const compare::TrackDifference& difference)
{
    return ScheduleOverlay::tr("%1 to %2 % of the run")
        .arg(common::numberText(100 * difference.from, 0), common::numberText(100 * difference.to, 0));
}

QString signedText(double value)
{
    return (value > 0 ? QStringLiteral("+") : QString()) + common::numberText(value, 1);
}

} // namespace

ScheduleOverlay::ScheduleOverlay(common::ThemeController& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_card = new common::CardFrame(tr("Schedules overlaid"), 44, this);
    column->addWidget(m_card);
    const auto combo = [this](const char* name, const QString& accessible) {
        auto* box = new QComboBox;
        box->setObjectName(QLatin1String(name));
        box->setAccessibleName(accessible);
        box->setMaximumWidth(150);
        m_card->trailing()->addWidget(box);
        connect(box, &QComboBox::currentIndexChanged, this, &ScheduleOverlay::refresh);
        return box;
    };
    m_first = combo("overlayFirst", tr("Overlay: first group"));
    QToolButton* swap = common::makeIconButton(common::Icon::Compare, tr("Exchange the two"));
    swap->setText(QStringLiteral("⇄"));
    swap->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_card->trailing()->addWidget(swap);
    m_second = combo("overlaySecond", tr("Overlay: second group"));
    connect(swap, &QToolButton::clicked, this, [this] {
        const int first = m_first->currentIndex();
        m_first->setCurrentIndex(m_second->currentIndex());
        m_second->setCurrentIndex(first);
    });
    m_sentence = common::makeLabel({}, common::Type::Body, {}, m_card);
    m_sentence->setObjectName(QStringLiteral("overlaySentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setContentsMargins(12, 8, 12, 4);
    m_card->content()->addWidget(m_sentence);
    m_chart = new plot::TimePlot(theme, m_card);
    m_chart->setAccessibleName(tr("Drawn schedules"));
    m_chart->setMinimumHeight(170);
    plot::Margins margins;
    margins.right = 20;
    m_chart->setMargins(margins);
    m_chart->setXFormatter([](double x) { return common::numberText(x, 0) + QStringLiteral(" %"); });
    m_chart->setFullRange(0, 100);
    m_card->content()->addWidget(m_chart, 1);
    m_ranking = new QTableWidget(0, 4, m_card);
    m_ranking->setObjectName(QStringLiteral("overlayRanking"));
    m_ranking->setAccessibleName(tr("Tracks by how far they lie apart"));
    m_ranking->setHorizontalHeaderLabels({tr("track"), tr("mostly in"), tr("second − first"), tr("apart")});
    for (int i = 2; i < 4; ++i)
        m_ranking->horizontalHeaderItem(i)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_ranking->horizontalHeader()->setFixedHeight(kRow);
    m_ranking->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_ranking->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_ranking->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_ranking->horizontalHeader()->setHighlightSections(false);
    m_ranking->verticalHeader()->hide();
    m_ranking->verticalHeader()->setDefaultSectionSize(kRow);
    m_ranking->setShowGrid(false);
    m_ranking->setFrameShape(QFrame::NoFrame);
    m_ranking->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_ranking->setSelectionMode(QAbstractItemView::SingleSelection);
    m_ranking->setTabKeyNavigation(false);
    m_card->content()->addWidget(m_ranking);
    auto* footer = common::makeLabel(tr("areas in % of the track's range, averaged over the run"), common::Type::Small,
                                     QStringLiteral("quiet"), m_card);
    footer->setContentsMargins(12, 6, 12, 8);
    m_card->content()->addWidget(footer);
    connect(m_ranking, &QTableWidget::currentCellChanged, this, [this](int row) {
        if (row >= 0 && static_cast<std::size_t>(row) < m_ranked.size())
            drawTrack(m_ranked[static_cast<std::size_t>(row)].track);
    });
}

void ScheduleOverlay::setTracks(std::vector<compare::DrawnTrack> tracks, const QVector<GroupLook>& looks, int baseline)
{
    m_tracks = std::move(tracks);
    const bool sameGroups = std::equal(m_looks.begin(), m_looks.end(), looks.begin(), looks.end(),
                                       [](const GroupLook& a, const GroupLook& b) { return a.name == b.name; });
    m_looks = looks;
    if (!sameGroups) {
        const QSignalBlocker blockFirst(m_first);
        const QSignalBlocker blockSecond(m_second);
        for (QComboBox* box : {m_first, m_second}) {
            box->clear();
            for (const GroupLook& look : looks)
                box->addItem(look.name);
        }
        m_first->setCurrentIndex(std::max(0, baseline));
        // The pair that says most: the group whose tracks lie farthest from the first's.
        int farthest = looks.size() > 1 ? (baseline == 0 ? 1 : 0) : 0;
        double most = -1;
        for (int other = 0; other < looks.size(); ++other) {
            const auto ranked = compare::rankedTracks(m_tracks, static_cast<std::size_t>(m_first->currentIndex()),
                                                      static_cast<std::size_t>(other));
            if (ranked.empty() || ranked.front().absoluteArea <= most) continue;
            most = ranked.front().absoluteArea;
            farthest = other;
        }
        m_second->setCurrentIndex(farthest);
    }
    refresh();
}

void ScheduleOverlay::refresh()
{
    const int first = m_first->currentIndex();
    const int second = m_second->currentIndex();
    m_ranked.clear();
    if (first >= 0 && second >= 0)
        m_ranked = compare::rankedTracks(m_tracks, static_cast<std::size_t>(first), static_cast<std::size_t>(second));
    const QSignalBlocker blocker(m_ranking);
    m_ranking->setRowCount(static_cast<int>(m_ranked.size()));
    for (int row = 0; row < m_ranking->rowCount(); ++row) {
        const compare::TrackDifference& difference = m_ranked[static_cast<std::size_t>(row)];
        const QString name = QString::fromStdString(m_tracks[difference.track].name);
        m_ranking->setItem(row, 0, cell(name, false));
        m_ranking->setItem(row, 1, cell(stretch(difference), false));
        m_ranking->setItem(row, 2, cell(signedText(difference.signedArea), true));
        m_ranking->setItem(row, 3, cell(common::numberText(difference.absoluteArea, 1), true));
    }
    m_ranking->setFixedHeight(kRow * (std::min(kMostRows, std::max(1, m_ranking->rowCount())) + 1) + 2);
    m_sentence->setText(sentence());
    if (!m_ranked.empty()) m_ranking->setCurrentCell(0, 0);
    drawTrack(m_ranked.empty() ? 0 : m_ranked.front().track);
}

QString ScheduleOverlay::sentence() const
{
    if (m_looks.size() < 2) return tr("Add a second group to see what differs.");
    const QString first = m_first->currentText();
    const QString second = m_second->currentText();
    if (m_ranked.empty()) {
        for (const compare::DrawnTrack& track : m_tracks)
            if (!track.curves[static_cast<std::size_t>(m_first->currentIndex())] !=
                !track.curves[static_cast<std::size_t>(m_second->currentIndex())])
                return tr("Only one of the two draws a schedule: the other decides by what it measures.");
        return tr("The schedules of these two are equal.");
    }
    const compare::TrackDifference& most = m_ranked.front();
    return tr("%1 differs most, %2: %3 lies %4 % of the range %5 %6 on average.")
        .arg(QString::fromStdString(m_tracks[most.track].name), stretch(most), second,
             common::numberText(std::abs(most.signedArea), 1), most.signedArea < 0 ? tr("below") : tr("above"), first);
}

QString ScheduleOverlay::title() const
{
    return m_shownTrack.isEmpty() ? tr("Schedules overlaid") : tr("Schedules overlaid: %1").arg(m_shownTrack);
}

void ScheduleOverlay::drawTrack(std::size_t place)
{
    m_shownTrack = place < m_tracks.size() ? QString::fromStdString(m_tracks[place].name) : QString();
    m_card->setSubtitle(m_shownTrack);
    if (place >= m_tracks.size()) return m_chart->setSeries({});
    const compare::DrawnTrack& track = m_tracks[place];
    const auto pair = {m_first->currentIndex(), m_second->currentIndex()};
    QVector<plot::Series> series;
    for (int group = 0; group < m_looks.size(); ++group) {
        const auto& curve = track.curves[static_cast<std::size_t>(group)];
        if (!curve) continue;
        const bool chosen = std::find(pair.begin(), pair.end(), group) != pair.end();
        plot::Series line;
        line.id = QStringLiteral("group%1").arg(group);
        line.name = m_looks[group].name;
        line.style = m_looks[group].style;
        line.draw = chosen ? plot::Draw::Line : plot::Draw::Raw; // the others stay behind as faint ghosts
        if (chosen) line.dash = QVector<qreal>{};
        const schedule::Evaluator evaluate(*curve);
        for (int i = 0; i <= kSamples; ++i)
            line.points.append({100.0 * i / kSamples, evaluate(double(i) / kSamples)});
        series.append(line);
    }
    const auto find = [&](int group) {
        return std::find_if(series.begin(), series.end(),
                            [&](const plot::Series& one) { return one.id == QStringLiteral("group%1").arg(group); });
    };
    const auto a = find(m_first->currentIndex());
    const auto b = find(m_second->currentIndex());
    if (a != series.end() && b != series.end() && a != b)
        for (int i = 0; i <= kSamples; ++i) {
            b->low.append(std::min(a->points[i].y(), b->points[i].y()));
            b->high.append(std::max(a->points[i].y(), b->points[i].y()));
        }
    m_chart->setEmptyText(tr("Neither draws this track"));
    m_chart->setSeries(series);
}

} // namespace gradus::pages
