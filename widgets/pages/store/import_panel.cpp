// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/import_panel.h"

#include "base/text.h"
#include "common/controls.h"
#include "viewmodels/series_catalogue.h"

#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kRowHeight = 26;
constexpr int kReplanAfter = 500;
enum Column
{
    SourceColumn,
    ValuesColumn,
    BecomesColumn,
    PointsColumn,
    CheckColumn,
    Columns,
};
constexpr int kPreviewRole = Qt::UserRole;
constexpr int kSourceRole = Qt::UserRole + 1;

class SparklineDelegate final : public QStyledItemDelegate
{
public:
    SparklineDelegate(common::ThemeController& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        QVector<double> values;
        for (const QVariant& value : index.data(kPreviewRole).toList())
            values.append(value.toDouble());
        if (!values.isEmpty())
            common::paintSparkline(*painter, QRectF(option.rect).adjusted(6, 4, -6, -4), values,
                                   m_theme.tokens().seriesAt(0).line, 1e-12);
    }

private:
    common::ThemeController& m_theme;
};

/// Our names to choose from; any other may be written; nothing leaves the series out.
class NameDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        auto* box = new QComboBox(parent);
        box->setEditable(true);
        for (const viewmodels::SeriesInfo& info : viewmodels::seriesCatalogue())
            box->addItem(QString::fromLatin1(info.name));
        box->addItem(index.data(kSourceRole).toString());
        return box;
    }
    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        static_cast<QComboBox*>(editor)->setEditText(index.data(Qt::EditRole).toString());
    }
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override
    {
        model->setData(index, static_cast<QComboBox*>(editor)->currentText().trimmed(), Qt::EditRole);
    }
};

QTableWidgetItem* fixedItem(const QString& text)
{
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setToolTip(common::plainTooltip(text));
    return item;
}

QString shown(const std::string& text, std::size_t most = 200)
{
    return QString::fromStdString(visible(text, most));
}

} // namespace

ImportPanel::ImportPanel(viewmodels::StoreActs& acts, common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_acts(acts), m_theme(theme), m_title(new common::ElidedLabel), m_axis(new QComboBox),
      m_perStep(new QDoubleSpinBox), m_startsAt(new QSpinBox), m_effect(new common::ElidedLabel),
      m_table(new QTableWidget), m_footer(new common::ElidedLabel),
      m_undo(common::makeButton(tr("Undo import"), QStringLiteral("quiet"))),
      m_copy(common::makeButton(tr("Copy command"), QStringLiteral("quiet"))),
      m_import(common::makeButton(tr("Import")))
{
    setProperty("panel", true);
    setMinimumHeight(180);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QHBoxLayout* title = common::addBar(*column, 34);
    title->addWidget(common::makeLabel(tr("Import"), common::Type::SmallStrong));
    m_title->setProperty("tone", "quiet");
    title->addWidget(m_title, 1);
    QPushButton* close = common::makeButton(tr("Close"), QStringLiteral("quiet"));
    close->setObjectName(QStringLiteral("closeImport"));
    title->addWidget(close);
    column->addWidget(common::makeLine(Qt::Horizontal));
    buildAxis();
    m_table->setObjectName(QStringLiteral("importSeries"));
    m_table->setAccessibleName(tr("Series of the import"));
    m_table->setColumnCount(Columns);
    m_table->setHorizontalHeaderLabels({tr("Column"), tr("Values"), tr("Becomes series"), tr("Points"), tr("Check")});
    m_table->setItemDelegateForColumn(ValuesColumn, new SparklineDelegate(theme, m_table));
    m_table->setItemDelegateForColumn(BecomesColumn, new NameDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setFixedHeight(kRowHeight);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int widths[] = {170, 84, 170, 76};
    for (int i = 0; i < 4; ++i)
        m_table->setColumnWidth(i, widths[i]);
    column->addWidget(m_table, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    QHBoxLayout* footer = common::addBar(*column, 42);
    m_footer->setObjectName(QStringLiteral("importFooter"));
    m_undo->setObjectName(QStringLiteral("undoImport"));
    m_import->setObjectName(QStringLiteral("importNow"));
    footer->addWidget(m_footer, 1);
    footer->addWidget(m_undo);
    footer->addWidget(m_copy);
    footer->addWidget(m_import);
    m_undo->hide();
    m_again.setSingleShot(true);
    m_again.setInterval(kReplanAfter);
    connect(&m_again, &QTimer::timeout, this, [this] { m_acts.plan(options()); });
    connect(m_table, &QTableWidget::itemChanged, this, &ImportPanel::changed);
    connect(close, &QPushButton::clicked, this, [this] {
        m_acts.forgetImport();
        Q_EMIT closed();
    });
    connect(m_import, &QPushButton::clicked, this, [this] { m_acts.importPlanned(false); });
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_acts.command(words())); });
    connect(m_undo, &QPushButton::clicked, this, [this] {
        m_acts.trash(m_written);
        m_undo->hide();
    });
    connect(&acts, &viewmodels::StoreActs::planned, this, &ImportPanel::planned);
    connect(&acts, &viewmodels::StoreActs::planFailed, this, [this](const QString& sentence) {
        m_plan.reset();
        m_import->setEnabled(false);
        common::setStyleProperty(*m_footer, "tone", "danger");
        m_footer->setFullText(sentence);
    });
    connect(&acts, &viewmodels::StoreActs::imported, this, [this](const QStringList& uuids, const QString& sentence) {
        m_written = uuids;
        m_undo->setVisible(!uuids.isEmpty());
        m_import->setEnabled(false);
        common::setStyleProperty(*m_footer, "tone", "ok");
        m_footer->setFullText(sentence);
    });
}

void ImportPanel::buildAxis()
{
    auto* bar = new QWidget;
    bar->setFixedHeight(38);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    const auto label = [&](const QString& text) {
        row->addWidget(common::makeLabel(text, common::Type::Small, QStringLiteral("quiet")));
    };
    label(tr("Step axis"));
    m_axis->setObjectName(QStringLiteral("importAxis"));
    m_axis->setMinimumWidth(90);
    row->addWidget(m_axis);
    label(tr("per step"));
    m_perStep->setObjectName(QStringLiteral("importPerStep"));
    m_perStep->setRange(0.000001, 1e12);
    m_perStep->setDecimals(6);
    m_perStep->setValue(1);
    m_perStep->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_perStep->setMaximumWidth(110);
    row->addWidget(m_perStep);
    label(tr("starts at"));
    m_startsAt->setObjectName(QStringLiteral("importStartsAt"));
    m_startsAt->setRange(-1'000'000'000, 1'000'000'000);
    m_startsAt->setMaximumWidth(90);
    row->addWidget(m_startsAt);
    m_effect->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_effect, 1);
    static_cast<QVBoxLayout*>(layout())->addWidget(bar);
    connect(m_axis, &QComboBox::currentTextChanged, this, &ImportPanel::changed);
    connect(m_perStep, &QDoubleSpinBox::valueChanged, this, &ImportPanel::changed);
    connect(m_startsAt, &QSpinBox::valueChanged, this, &ImportPanel::changed);
}

void ImportPanel::open(const QString& path)
{
    m_file = path;
    m_plan.reset();
    m_filling = true;
    m_table->setRowCount(0);
    m_axis->clear();
    m_perStep->setValue(1);
    m_startsAt->setValue(0);
    m_filling = false;
    m_undo->hide();
    m_import->setEnabled(false);
    m_import->setText(tr("Import"));
    m_effect->setFullText({});
    m_title->setFullText(QFileInfo(path).fileName());
    common::setStyleProperty(*m_footer, "tone", "quiet");
    m_footer->setFullText(tr("Reading…"));
    m_acts.readImport(path);
}

imports::MappingOptions ImportPanel::options() const
{
    imports::MappingOptions options;
    if (m_axis->currentIndex() > 0) options.step = m_axis->currentData().toString().toStdString();
    options.perStep = m_perStep->value();
    options.startsAt = m_startsAt->value();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const std::string source = m_table->item(row, SourceColumn)->data(kSourceRole).toString().toStdString();
        if (source != options.step) options.names[source] = m_table->item(row, BecomesColumn)->text().toStdString();
    }
    return options;
}

QStringList ImportPanel::words() const
{
    const imports::MappingOptions chosen = options();
    QStringList words{QStringLiteral("import"), m_file};
    if (!chosen.step.empty()) words << QStringLiteral("--step") << QString::fromStdString(chosen.step);
    if (chosen.perStep != 1) words << QStringLiteral("--per-step") << QString::number(chosen.perStep, 'g', 12);
    if (chosen.startsAt != 0) words << QStringLiteral("--starts-at") << QString::number(chosen.startsAt);
    for (const auto& [source, becomes] : chosen.names)
        if (becomes != imports::ourName(source))
            words << QStringLiteral("--map") << QString::fromStdString(source + "=" + becomes);
    return words;
}

void ImportPanel::changed()
{
    if (m_filling) return;
    m_import->setEnabled(false); // only a dry run of exactly this mapping allows it
    common::setStyleProperty(*m_footer, "tone", "quiet");
    m_footer->setFullText(tr("Dry run…"));
    m_again.start();
}

QString ImportPanel::checkOf(const imports::PlannedSeries& series) const
{
    if (series.becomes.empty()) return tr("left out");
    QStringList parts;
    if (series.nans > 0) parts << tr("%1 NaN, kept as NaN").arg(series.nans);
    if (series.repeated > 0) parts << tr("%1 steps came again, the last counts").arg(series.repeated);
    if (series.offAxis > 0) parts << tr("%1 without a step, left out").arg(series.offAxis);
    return parts.isEmpty() ? tr("as it is") : parts.join(QStringLiteral(", "));
}

void ImportPanel::planned(const std::shared_ptr<const imports::ImportPlan>& plan, int alreadyHere)
{
    m_plan = plan;
    fill(*plan);
    m_title->setFullText(tr("%1: %2, %3, %n series", nullptr, int(plan->series.size()))
                             .arg(QFileInfo(m_file).fileName(), shown(plan->format),
                                  QString::fromStdString(counted(plan->runs.size(), "run"))));
    m_effect->setFullText(shown(plan->axis));
    QString text = QString::fromStdString(imports::sentenceOf(*plan));
    if (alreadyHere > 0) text += tr(" %1 here already and stay as they are.").arg(alreadyHere);
    for (const std::string& note : plan->notes)
        text += QLatin1Char(' ') + shown(note, 300);
    common::setStyleProperty(*m_footer, "tone", "quiet");
    m_footer->setFullText(text);
    m_import->setText(tr("Import %n run(s)", nullptr, int(plan->runs.size()) - alreadyHere));
    m_import->setEnabled(int(plan->runs.size()) > alreadyHere);
}

void ImportPanel::fill(const imports::ImportPlan& plan)
{
    m_filling = true;
    if (m_axis->count() == 0)
        for (const std::string& axis : plan.axes)
            m_axis->addItem(shown(axis, 60), QString::fromStdString(axis));
    m_table->setRowCount(static_cast<int>(plan.series.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const imports::PlannedSeries& series = plan.series[static_cast<std::size_t>(row)];
        auto* source = fixedItem(shown(series.source, 80));
        source->setFont(common::typeFont(common::Type::Mono));
        source->setData(kSourceRole, QString::fromStdString(series.source));
        m_table->setItem(row, SourceColumn, source);
        auto* values = fixedItem({});
        QVariantList preview;
        for (const double value : series.preview)
            preview.append(value);
        values->setData(kPreviewRole, preview);
        m_table->setItem(row, ValuesColumn, values);
        // Touched only where it differs: an editor may be open in it.
        if (m_table->item(row, BecomesColumn) == nullptr) m_table->setItem(row, BecomesColumn, new QTableWidgetItem);
        QTableWidgetItem* becomes = m_table->item(row, BecomesColumn);
        becomes->setData(kSourceRole, shown(series.source, 80));
        if (becomes->text() != shown(series.becomes)) becomes->setText(shown(series.becomes));
        auto* points =
            fixedItem(series.becomes.empty() ? QStringLiteral("–") : QLocale().toString(qlonglong(series.points)));
        points->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_table->setItem(row, PointsColumn, points);
        m_table->setItem(row, CheckColumn, fixedItem(checkOf(series)));
    }
    m_filling = false;
}

QString ImportPanel::footerText() const
{
    return m_footer->fullText();
}

} // namespace gradus::pages
