// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/live_card.h"

#include "base/text.h"
#include "common/elided_paragraph.h"
#include "common/number_text.h"
#include "pages/live/mix_content.h"
#include "pages/live/plot_notes.h"
#include "viewmodels/figures.h"
#include "viewmodels/series_catalogue.h"

#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

using viewmodels::XAxis;

namespace {

constexpr int kTitleHeight = 30;
constexpr int kSentenceHeight = 42; ///< of the lines and what is around them
constexpr int kSentenceLines = 2;
constexpr double kEmptyRange = 100; // of x while there is no point: round labels instead of 0 to 1
constexpr int kLeastHeight = 190;

QString tickText(double value, int decimals)
{
    return common::numberText(value, decimals);
}

} // namespace

LiveCard::LiveCard(CardKind kind, const viewmodels::LiveRun& run, viewmodels::TimeWindow& window,
                   common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_kind(kind), m_run(run), m_window(window), m_theme(theme)
{
    const CardText text = textOf(kind);
    setObjectName(text.id);
    setMinimumHeight(kLeastHeight);
    m_subtitle = text.subtitle;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_frame = new common::CardFrame(text.title, kTitleHeight, this);
    m_frame->setSubtitle(text.subtitle);
    m_frame->setTitleLine(false);
    column->addWidget(m_frame);
    m_legend = new LegendRow(theme, m_frame);
    m_frame->content()->addWidget(m_legend);
    m_plot = new plot::TimePlot(theme, m_frame);
    m_plot->setAccessibleName(text.title);
    m_plot->setEmptyText(text.empty);
    plot::Margins margins;
    margins.right = kind == CardKind::TrainingFit || kind == CardKind::Entropy ? 40 : 12;
    m_plot->setMargins(margins);
    m_plot->setYTickCount(4);
    m_plot->setAutoYRange(kind == CardKind::Gap ? 0.4 : 0.1);
    if (kind == CardKind::TrainingFit || kind == CardKind::Imitation) m_plot->setYRange(0, 1);
    m_frame->content()->addWidget(m_plot, 1);
    m_notes = new PlotNotes(*m_plot, theme);
    if (kind == CardKind::Mix) m_plot->setYRange(0, 1);
    if (kind == CardKind::Gap) addSentence("gapSentence");
    if (kind == CardKind::Mix) addSentence("mixSentence");
    connect(m_plot, &plot::TimePlot::crosshairMoved, this,
            [this](double x) { m_window.setPointer(m_run.stepAt(x, m_window.axis())); });
    connect(m_plot, &plot::TimePlot::crosshairLeft, this, [this] {
        if (!m_window.isPinned()) m_window.setPointer(std::nullopt);
    });
    connect(m_plot, &plot::TimePlot::clicked, this,
            [this](double x, double) { pin(m_run.stepAt(x, m_window.axis())); });
    connect(m_plot, &plot::TimePlot::eventClicked, this, [this](int index) {
        const plot::EventMark& mark = m_plot->events()[index];
        pin(m_run.stepAt(mark.x, m_window.axis()), mark.text);
    });
    connect(m_plot, &plot::TimePlot::xRangeChanged, this, [this](double first, double last) {
        const XAxis axis = m_window.axis();
        m_window.zoomTo(m_run.stepAt(first, axis), m_run.stepAt(last, axis));
    });
    connect(&theme, &common::ThemeController::changed, this, &LiveCard::cursorChanged);
}

void LiveCard::pin(double step, const QString& event)
{
    if (!m_run.hasRun() || !m_run.hasPoints()) return;
    m_window.pin(step);
    step = m_window.cursor();
    const QPointF place(m_plot->toPixel({m_run.xOf(step, m_window.axis()), 0}).x(), m_plot->plotArea().center().y());
    Q_EMIT momentRequested(m_plot->mapToGlobal(place.toPoint()), step, event);
}

void LiveCard::addSentence(const char* name)
{
    m_sentence = new common::ElidedParagraph(kSentenceLines, m_frame);
    m_sentence->setFont(common::typeFont(common::Type::Small));
    m_sentence->setObjectName(QLatin1String(name));
    m_sentence->setProperty("well", true);
    m_sentence->setFixedHeight(kSentenceHeight);
    m_sentence->setContentsMargins(8, 2, 8, 2);
    auto* holder = new QVBoxLayout;
    holder->setContentsMargins(8, 0, 8, 8);
    holder->addWidget(m_sentence);
    m_frame->content()->addLayout(holder);
}

void LiveCard::setSeries(const std::string& series)
{
    constexpr std::size_t kLongestTitle = 60; // bytes
    m_series = series;
    const QString shown = QString::fromStdString(visible(series, kLongestTitle));
    m_frame->setTitle(shown);
    m_plot->setAccessibleName(shown);
    m_behind = true;
    catchUp();
}

void LiveCard::setSources(std::vector<spec::SignalSource> sources)
{
    m_sources = std::move(sources);
}

void LiveCard::setDrawnGap(const std::optional<schedule::Curve>& drawn)
{
    m_drawn = drawn;
}

void LiveCard::setSmoothing(const viewmodels::Smoothing& smoothing)
{
    if (smoothing == m_smoothing) return;
    m_smoothing = smoothing;
    dataChanged();
}

void LiveCard::setAlertRules(const std::vector<spec::AlertRule>& rules)
{
    if (rules == m_rules) return;
    m_rules = rules;
    dataChanged();
}

bool LiveCard::canBeSeen() const
{
    return isVisible() && !visibleRegion().isEmpty();
}

void LiveCard::dataChanged()
{
    m_behind = true;
    catchUp();
}

void LiveCard::catchUp()
{
    if (!m_behind || !canBeSeen()) return;
    m_behind = false;
    applyRange();
    applyData();
    applyCursor();
}

void LiveCard::rangeChanged()
{
    if (!canBeSeen()) {
        m_behind = true;
        return;
    }
    applyRange();
    applyData();
    applyCursor();
}

void LiveCard::cursorChanged()
{
    if (canBeSeen())
        applyCursor();
    else
        m_behind = true;
}

void LiveCard::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    // visibleRegion() is only right once the layout has placed the card.
    QMetaObject::invokeMethod(this, &LiveCard::catchUp, Qt::QueuedConnection);
}

void LiveCard::applyRange()
{
    const XAxis axis = m_window.axis();
    m_plot->setXFormatter([axis](double x) {
        return axis == XAxis::WallTime ? viewmodels::clockText(x) : common::groupedText(std::llround(x));
    });
    if (!m_run.hasPoints()) {
        m_plot->setFullRange(0, kEmptyRange);
        m_plot->setXRange(0, kEmptyRange);
        return;
    }
    m_plot->setFullRange(m_run.xOf(0, axis), std::max(m_run.xOf(std::max(m_window.now(), 1.0), axis), 1e-3));
    m_plot->setXRange(m_run.xOf(m_window.first(), axis), std::max(m_run.xOf(m_window.last(), axis), 1e-3));
}

QVector<plot::Series> LiveCard::content() const
{
    if (m_kind == CardKind::Mix) return mixSeriesOf(m_run, m_window.axis(), m_sources);
    if (m_kind == CardKind::Foreign)
        return m_run.has(m_series) ? QVector{foreignSeriesOf(m_series, m_run, m_window)} : QVector<plot::Series>();
    return seriesOf(m_kind, m_run, m_window, m_drawn);
}

bool LiveCard::isEmpty() const
{
    const QVector<plot::Series> all = content();
    return std::all_of(all.begin(), all.end(), [](const plot::Series& series) { return series.points.isEmpty(); });
}

void LiveCard::applyData()
{
    const XAxis axis = m_window.axis();
    const QVector<plot::Series> series = m_lines.of(content(), m_run, axis, m_smoothing);
    m_frame->setSubtitle(subtitle());
    if (m_kind == CardKind::Foreign) // of any size
        m_plot->setYFormatter([](double y) { return QString::number(y, 'g', 4); });
    else
        m_plot->setYFormatter([kind = m_kind](double y) { return tickText(y, kind == CardKind::Gap ? 1 : 2); });
    if (m_kind == CardKind::TrainingFit) {
        double highest = 0.1;
        for (const plot::Series& one : series)
            if (one.rightAxis)
                for (const QPointF& point : one.points)
                    if (std::isfinite(point.y())) highest = std::max(highest, point.y());
        m_plot->setRightRange(0, std::ceil(highest * 10) / 10, [](double y) { return tickText(y, 2); });
    } else if (m_kind == CardKind::Entropy && m_run.has("diversity/distinct2")) {
        m_plot->setRightRange(0, 1, [](double y) { return tickText(y, 2); });
    }
    m_plot->setSeries(series);
    m_plot->setStages(stagesOf(m_run, axis));
    m_plot->setGenerations(generationsOf(m_run, axis));
    m_plot->setEvents(eventsOf(m_run, axis));
    const bool over = m_run.hasRun() && m_run.detail().run.endedAt.has_value();
    if (m_run.hasPoints() && !over)
        m_plot->setNow(m_run.xOf(m_window.now(), axis));
    else
        m_plot->setNow(std::nullopt);
    applyNotes();
    applyLimits();
}

/// What the card shows, and how it was smoothed: a smoothed line is never taken for what was logged.
QString LiveCard::subtitle() const
{
    return m_lines.stamp().isEmpty() ? m_subtitle : m_lines.stamp() + QStringLiteral("; ") + m_subtitle;
}

void LiveCard::applyLimits()
{
    using When = spec::AlertRule::When;
    QVector<plot::Limit> limits;
    for (const spec::AlertRule& rule : m_rules) {
        if (rule.when != When::Above && rule.when != When::Below) continue;
        const QString id = QString::fromStdString(rule.series);
        for (const plot::Series& series : m_plot->series())
            if (series.id == id && !series.rightAxis)
                limits.append({rule.value, rule.when == When::Above ? tr("alert above") : tr("alert below")});
    }
    m_plot->setLimits(limits);
}

void LiveCard::applyNotes()
{
    QVector<PlotNote> notes;
    if (m_run.hasRun() && (m_kind == CardKind::Utility || m_kind == CardKind::Recovery)) {
        const XAxis axis = m_window.axis();
        for (const events::GenerationRecord& record : m_run.detail().generations) {
            const double first = m_run.xOf(m_run.firstStepOf(record), axis);
            const double last = m_run.xOf(m_run.lastStepOf(record), axis);
            if (!record.pgrRefusal.empty())
                notes.append({first, last, m_kind == CardKind::Recovery ? tr("not shown") : tr("PGR –")});
            else if (record.pgr && m_kind == CardKind::Utility)
                notes.append({first, last, tr("PGR %1").arg(common::valueText(record.pgr, 2))});
        }
    }
    m_notes->setNotes(notes);
}

void LiveCard::applyCursor()
{
    const double step = m_window.cursor();
    const std::optional<double> pointer = m_window.pointer();
    m_plot->setCrosshair(pointer ? std::optional<double>(m_run.xOf(*pointer, m_window.axis())) : std::nullopt);
    m_legend->setEntries(valuesAt(step));
    if (m_kind == CardKind::Recovery) {
        const events::GenerationRecord* record = m_run.generation(m_run.generationAt(step));
        const bool refused = record != nullptr && !record->pgrRefusal.empty();
        m_plot->setEmptyText(refused ? QString() : textOf(m_kind).empty);
        m_frame->setSubtitle(refused ? recoveryAt(m_run, step) : subtitle());
    }
    if (m_sentence == nullptr) return;
    QString sentence = m_kind == CardKind::Mix ? mixSentence(m_run, m_sources, step) : decisionAt(m_run, step);
    if (sentence.isEmpty()) sentence = tr("The controller has not decided a gap yet.");
    m_sentence->setFullText(sentence);
    m_sentence->setToolTip(viewmodels::plainToolTip(sentence));
}

std::optional<double> LiveCard::valueAt(const plot::Series& series, double step) const
{
    const std::string name = series.id.toStdString();
    if (m_run.has(name) && series.draw != plot::Draw::Hold) return m_run.valueAt(name, step);
    const std::optional<double> drawn = plot::valueAt(series, m_run.xOf(step, m_window.axis()));
    return drawn && !std::isnan(*drawn) ? drawn : std::nullopt; // a gap of the line
}

QVector<LegendEntry> LiveCard::valuesAt(double step) const
{
    const common::Tokens& tokens = m_theme.tokens();
    QVector<LegendEntry> entries;
    for (const plot::Series& series : m_plot->series()) {
        if (!series.inLegend) continue;
        const common::SeriesStyle& style = tokens.seriesAt(series.style);
        const viewmodels::SeriesInfo* info = viewmodels::findSeries(series.id.toStdString());
        const int full = info != nullptr ? info->decimals : m_kind == CardKind::Gap ? 2 : 3;
        const int decimals = m_kind == CardKind::TrainingFit ? 2 : full; // four entries in one row
        LegendEntry entry;
        entry.name = info != nullptr ? viewmodels::shortLabel(*info) : series.name;
        entry.value = common::numberText(valueAt(series, step), decimals);
        if (m_kind == CardKind::Foreign) entry.name = tr("value"); // the title has its name
        entry.isReference = info == nullptr && m_kind != CardKind::Foreign && m_kind != CardKind::Mix;
        entry.colour = series.tone == plot::Tone::Neutral ? tokens.text2 : style.line;
        entry.dash = series.dash.value_or(style.dash);
        entries.append(entry);
    }
    // What the card is about comes before its references.
    std::stable_partition(entries.begin(), entries.end(), [](const LegendEntry& entry) { return !entry.isReference; });
    return entries;
}

} // namespace gradus::pages
