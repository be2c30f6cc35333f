// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/alerts_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QSpinBox>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kMargin = 12;
constexpr int kWidth = 640;
constexpr int kListHeight = 150;

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text, 300));
}

} // namespace

AlertsPanel::AlertsPanel(QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("alertsPanel"));
    setWindowTitle(tr("Alerts"));
    resize(kWidth, sizeHint().height());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(8);
    auto* about = common::makeLabel(tr("The run's own process watches these rules, whether a window is open or not."),
                                    common::Type::Small, QStringLiteral("quiet"), this);
    about->setWordWrap(true);
    column->addWidget(about);
    m_list = new QListWidget(this);
    m_list->setObjectName(QStringLiteral("alertRules"));
    m_list->setAccessibleName(tr("Alert rules"));
    m_list->setMinimumHeight(kListHeight);
    column->addWidget(m_list, 1);

    auto* form = new QHBoxLayout;
    form->setSpacing(8);
    m_series = new QComboBox(this);
    m_series->setObjectName(QStringLiteral("alertSeries"));
    m_series->setAccessibleName(tr("Series"));
    m_series->setEditable(true);
    m_series->setInsertPolicy(QComboBox::NoInsert);
    m_series->setMinimumContentsLength(20);
    m_when = new QComboBox(this);
    m_when->setObjectName(QStringLiteral("alertWhen"));
    m_when->setAccessibleName(tr("When"));
    m_when->addItem(tr("is above"), QStringLiteral("above"));
    m_when->addItem(tr("is below"), QStringLiteral("below"));
    m_when->addItem(tr("changes by"), QStringLiteral("changes-by"));
    m_when->addItem(tr("is no number"), QStringLiteral("no-number"));
    m_when->addItem(tr("is silent for, s"), QStringLiteral("silent"));
    m_when->addItem(tr("stays within"), QStringLiteral("plateau"));
    m_when->addItem(tr("spikes by, sigmas"), QStringLiteral("spike"));
    m_value = new QLineEdit(this);
    m_value->setObjectName(QStringLiteral("alertValue"));
    m_value->setAccessibleName(tr("Value"));
    m_value->setMaximumWidth(90);
    m_points = new QSpinBox(this);
    m_points->setObjectName(QStringLiteral("alertPoints"));
    m_points->setAccessibleName(tr("Points in a row"));
    m_points->setRange(1, 10'000);
    m_points->setPrefix(tr("for "));
    m_then = new QComboBox(this);
    m_then->setObjectName(QStringLiteral("alertThen"));
    m_then->setAccessibleName(tr("What the run does then"));
    m_then->addItem(tr("tell"), QString());
    m_then->addItem(tr("tell, checkpoint"), QStringLiteral("checkpoint"));
    m_then->addItem(tr("tell, pause"), QStringLiteral("pause"));
    m_then->addItem(tr("tell, stop"), QStringLiteral("stop"));
    form->addWidget(m_series, 1);
    form->addWidget(m_when);
    form->addWidget(m_value);
    form->addWidget(m_points);
    form->addWidget(m_then);
    column->addLayout(form);

    m_fault = common::makeLabel({}, common::Type::Small, QStringLiteral("danger"), this);
    m_fault->setObjectName(QStringLiteral("alertFault"));
    m_fault->setWordWrap(true);
    m_fault->hide();
    column->addWidget(m_fault);

    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_add = common::makeButton(tr("Add"), QStringLiteral("primary"), this);
    m_add->setObjectName(QStringLiteral("addAlert"));
    m_change = common::makeButton(tr("Change"), {}, this);
    m_change->setObjectName(QStringLiteral("changeAlert"));
    m_remove = common::makeButton(tr("Remove"), {}, this);
    m_remove->setObjectName(QStringLiteral("removeAlert"));
    for (QPushButton* button : {m_add, m_change, m_remove})
        row->addWidget(button);
    row->addStretch(1);
    column->addLayout(row);

    connect(m_add, &QPushButton::clicked, this, [this] { addRule(false); });
    connect(m_change, &QPushButton::clicked, this, [this] { addRule(true); });
    connect(m_remove, &QPushButton::clicked, this, &AlertsPanel::removeRule);
    connect(m_list, &QListWidget::currentRowChanged, this, &AlertsPanel::fillForm);
    connect(m_when, &QComboBox::currentIndexChanged, this, &AlertsPanel::fitForm);
    fitForm();
    refreshButtons();
}

void AlertsPanel::setRules(const std::vector<viewmodels::WatchedRule>& watched)
{
    const int chosen = m_list->currentRow();
    m_watched = watched;
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const viewmodels::WatchedRule& one : watched) {
        QString line = shown(spec::textOf(one.rule));
        if (one.fired > 0)
            line +=
                tr("   fired %n time(s), last at step %1", nullptr, one.fired).arg(common::groupedText(one.lastStep));
        auto* item = new QListWidgetItem(
            common::makeIcon(one.fired > 0 ? common::Icon::TriangleWarning : common::Icon::Circle), line, m_list);
        item->setToolTip(viewmodels::plainToolTip(line));
    }
    if (chosen >= 0 && chosen < m_list->count()) m_list->setCurrentRow(chosen);
    refreshButtons();
}

void AlertsPanel::setSeries(const std::vector<std::string>& names)
{
    const QString typed = m_series->currentText();
    QStringList all;
    for (const std::string& name : names) {
        // Bounds of intervals are series, too, and nobody looks for them first.
        if (!name.ends_with("/ci_low") && !name.ends_with("/ci_high")) all << QString::fromStdString(name);
    }
    QStringList had;
    for (int i = 0; i < m_series->count(); ++i)
        had << m_series->itemText(i);
    if (had == all) return;
    const QSignalBlocker quiet(m_series);
    m_series->clear();
    m_series->addItems(all);
    if (!typed.isEmpty()) m_series->setEditText(typed);
}

void AlertsPanel::setBlocked(const QString& reason)
{
    m_blocked = reason;
    refreshButtons();
}

QStringList AlertsPanel::words() const
{
    QStringList all;
    for (const viewmodels::WatchedRule& one : m_watched)
        all << QString::fromStdString(spec::textOf(one.rule));
    return all;
}

QString AlertsPanel::formWords() const
{
    const QString when = m_when->currentData().toString();
    QString text = m_series->currentText().trimmed() + ' ' + when;
    if (when != QLatin1String("no-number")) text += ' ' + m_value->text().trimmed().replace(',', '.');
    if (when != QLatin1String("silent") && m_points->value() > 1)
        text += QStringLiteral(" for %1").arg(m_points->value());
    if (const QString then = m_then->currentData().toString(); !then.isEmpty()) text += QStringLiteral(" then ") + then;
    return text;
}

void AlertsPanel::addRule(bool replacesChosen)
{
    QStringList all = words();
    const int row = m_list->currentRow();
    if (replacesChosen && row >= 0 && row < all.size())
        all[row] = formWords();
    else
        all << formWords();
    std::vector<std::string> texts;
    for (const QString& one : all)
        texts.push_back(one.toStdString());
    const auto rules = spec::alertRulesFrom(texts);
    say(rules ? QString() : QString::fromStdString(rules.error().message));
    if (rules) Q_EMIT rulesRequested(all);
}

void AlertsPanel::removeRule()
{
    QStringList all = words();
    const int row = m_list->currentRow();
    if (row < 0 || row >= all.size()) return;
    all.removeAt(row);
    say({});
    Q_EMIT rulesRequested(all);
}

void AlertsPanel::fillForm()
{
    const int row = m_list->currentRow();
    refreshButtons();
    if (row < 0 || row >= static_cast<int>(m_watched.size())) return;
    const spec::AlertRule& rule = m_watched[static_cast<std::size_t>(row)].rule;
    m_series->setEditText(QString::fromStdString(rule.series));
    m_when->setCurrentIndex(static_cast<int>(rule.when));
    m_value->setText(QString::fromStdString(numberText(rule.value)));
    m_points->setValue(rule.points);
    m_then->setCurrentIndex(static_cast<int>(rule.then));
    say({});
}

void AlertsPanel::fitForm()
{
    const QString when = m_when->currentData().toString();
    m_value->setEnabled(when != QLatin1String("no-number"));
    m_points->setEnabled(when != QLatin1String("silent"));
    m_points->setMinimum(when == QLatin1String("plateau") ? 2
                         : when == QLatin1String("spike") ? spec::kFewestForSpike
                                                          : 1);
}

void AlertsPanel::refreshButtons()
{
    const bool can = m_blocked.isEmpty();
    const bool hasChosen = m_list->currentRow() >= 0;
    m_add->setEnabled(can);
    m_change->setEnabled(can && hasChosen);
    m_remove->setEnabled(can && hasChosen);
    for (QPushButton* button : {m_add, m_change, m_remove})
        button->setToolTip(viewmodels::plainToolTip(m_blocked));
}

void AlertsPanel::say(const QString& fault)
{
    m_fault->setText(fault);
    m_fault->setVisible(!fault.isEmpty());
}

} // namespace gradus::pages
