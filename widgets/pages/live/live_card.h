// SPDX-License-Identifier: GPL-3.0-or-later
// One card of Live: title, legend with values at the cursor, plot, and a sentence below where there is one.
#pragma once

#include "common/controls.h"
#include "pages/live/card_content.h"
#include "pages/live/smoothed_lines.h"
#include "pages/shared/legend_row.h"
#include "spec/alert_rules.h"
#include "spec/signal_source.h"

#include <QWidget>

#include <vector>

namespace gradus::common {
class ElidedParagraph;
} // namespace gradus::common

namespace gradus::pages {

class PlotNotes;

/// Reads a LiveRun and a TimeWindow that must outlive it. The page says when data, range or cursor changed; a card that
/// cannot be seen only notes that it is behind and catches up when it is seen again.
class LiveCard final : public QWidget
{
    Q_OBJECT
public:
    LiveCard(CardKind kind, const viewmodels::LiveRun& run, viewmodels::TimeWindow& window,
             common::ThemeController& theme, QWidget* parent = nullptr);

    CardKind kind() const { return m_kind; }
    plot::TimePlot* timePlot() const { return m_plot; }
    LegendRow* legend() const { return m_legend; }

    void setDrawnGap(const std::optional<schedule::Curve>& drawn);
    void setSmoothing(const viewmodels::Smoothing& smoothing); ///< of its lines; stamped on the card
    /// Limits are drawn where a rule is about a line of the card; rules of the right scale have none.
    void setAlertRules(const std::vector<spec::AlertRule>& rules);
    void setSeries(const std::string& series); ///< of a foreign card: as the store calls it
    const std::string& series() const { return m_series; }
    QVector<LegendEntry> valuesAt(double step) const;         ///< what the legend says with the cursor there
    void pin(double step, const QString& event = {});         ///< as a click there does
    bool isEmpty() const;                                     ///< nothing of the run is drawn here
    void setSources(std::vector<spec::SignalSource> sources); ///< of the mix card
    const std::vector<spec::SignalSource>& sources() const { return m_sources; }
    void dataChanged();   ///< points, stages, generations or events
    void rangeChanged();  ///< visible range or unit of x
    void cursorChanged(); ///< legend values, crosshair, sentence
    void catchUp();       ///< does what was noted while the card could not be seen

Q_SIGNALS:
    /// A click on the plot or on an event's mark (then with its sentence), at this point of the screen.
    void momentRequested(const QPoint& at, double step, const QString& event);

protected:
    void showEvent(QShowEvent* event) override;

private:
    bool canBeSeen() const;
    void applyData();
    void applyRange();
    void applyCursor();
    void applyNotes();
    void applyLimits();
    QString subtitle() const;
    QVector<plot::Series> content() const;
    void addSentence(const char* name);
    std::optional<double> valueAt(const plot::Series& series, double step) const;

    CardKind m_kind;
    const viewmodels::LiveRun& m_run;
    viewmodels::TimeWindow& m_window;
    common::ThemeController& m_theme;
    common::CardFrame* m_frame;
    LegendRow* m_legend;
    plot::TimePlot* m_plot;
    PlotNotes* m_notes;
    common::ElidedParagraph* m_sentence = nullptr;
    QString m_subtitle;
    std::optional<schedule::Curve> m_drawn;
    std::vector<spec::SignalSource> m_sources;
    std::string m_series;
    SmoothedLines m_lines;
    viewmodels::Smoothing m_smoothing;
    std::vector<spec::AlertRule> m_rules;
    bool m_behind = true;
};

} // namespace gradus::pages
