// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/sources_card.h"

#include "base/files.h"
#include "base/text.h"
#include "common/controls.h"
#include "pages/compare/error_map.h"
#include "plot/chart_sheet.h"

#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kTitleHeight = 44;
constexpr int kBoxWidth = 190;
constexpr double kPageTitle = 34; // above the map in a file
constexpr double kPageFoot = 26;

} // namespace

SourcesCard::SourcesCard(common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_card(new common::CardFrame(tr("Sources"), kTitleHeight, this)),
      m_run(new QComboBox), m_generation(new QComboBox), m_export(common::makeButton(tr("Export…"))), m_job(this)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_card);
    m_run->setObjectName(QStringLiteral("sourcesRun"));
    m_run->setAccessibleName(tr("Run whose sources are shown"));
    m_generation->setObjectName(QStringLiteral("sourcesGeneration"));
    m_generation->setAccessibleName(tr("Generation that the sources labelled for"));
    for (QComboBox* box : {m_run, m_generation}) {
        box->setMaximumWidth(kBoxWidth);
        m_card->trailing()->addWidget(box);
    }
    m_export->setObjectName(QStringLiteral("sourcesExport"));
    m_export->setEnabled(false);
    m_card->trailing()->addWidget(m_export);
    m_map = new ErrorMap(theme, m_card);
    m_card->content()->addWidget(m_map, 1);
    connect(m_run, &QComboBox::currentIndexChanged, this, [this] {
        const QSignalBlocker blocker(m_generation);
        m_generation->clear(); // the last one of the run
        want();
    });
    connect(m_generation, &QComboBox::currentIndexChanged, this, &SourcesCard::want);
    connect(m_export, &QPushButton::clicked, this, &SourcesCard::chooseExport);
}

void SourcesCard::setData(const viewmodels::ComparedDataPtr& compared, const QVector<GroupLook>& looks,
                          const QString& store)
{
    const QSignalBlocker blocker(m_run);
    const QVariant kept = m_run->currentData();
    const bool isSameStore = store == m_store;
    m_store = store;
    m_run->clear();
    for (std::size_t group = 0; group < compared->grouping.groups.size(); ++group)
        for (const std::size_t run : compared->grouping.groups[group].runs) {
            const compare::ComparedRun& one = compared->runs[run];
            if (!one.spec || one.spec->signals.sources.size() < 2) continue;
            m_run->addItem(
                tr("%1, seed %2").arg(looks.value(static_cast<qsizetype>(group)).name).arg(one.detail.run.seed),
                QVariant::fromValue<qint64>(one.detail.run.id));
        }
    const int place = isSameStore && kept.isValid() ? m_run->findData(kept) : -1;
    m_run->setCurrentIndex(place >= 0 ? place : m_run->count() > 0 ? 0 : -1);
    m_run->setVisible(m_run->count() > 0);
    if (place < 0) {
        const QSignalBlocker other(m_generation);
        m_generation->clear();
    }
    if (compared == m_data && isSameStore) return; // other looks of the same votes
    m_data = compared;
    want();
}

void SourcesCard::want()
{
    m_isStale = true;
    if (isVisible()) read();
}

void SourcesCard::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_isStale) read();
}

void SourcesCard::read()
{
    m_isStale = false;
    if (m_run->currentIndex() < 0) {
        m_job.cancel();
        m_generation->hide();
        m_export->setEnabled(false);
        m_card->setSubtitle({});
        m_map->setNotice(
            tr("How alike the errors of a run's sources are. It needs a run with two [[signals.source]] or "
               "more, and signals.anchors, items whose truth is known; none of these runs has that."));
        return;
    }
    if (m_map->isEmpty()) m_map->setNotice(tr("Reading the votes of the run's sources."));
    const std::optional<int> generation =
        m_generation->currentIndex() >= 0 ? std::optional(m_generation->currentData().toInt()) : std::nullopt;
    m_job.start(
        [store = m_store, run = m_run->currentData().toLongLong(), generation]() -> Result<compare::SourceErrors> {
            const auto reader = store::StoreReader::open(QFile::encodeName(store).toStdString());
            if (!reader) return reader.error();
            return compare::sourceErrors(*reader, run, generation);
        },
        [this](const Result<compare::SourceErrors>& found) { take(found); });
}

void SourcesCard::take(const Result<compare::SourceErrors>& found)
{
    m_export->setEnabled(found.ok());
    m_generation->setVisible(found.ok());
    if (!found) {
        m_card->setSubtitle({});
        return m_map->setNotice(QString::fromStdString(found.error().message));
    }
    m_map->setErrors(*found);
    const QSignalBlocker blocker(m_generation);
    m_generation->clear();
    for (const int generation : found->generations)
        m_generation->addItem(tr("G%1").arg(generation), generation);
    m_generation->setCurrentIndex(m_generation->findData(found->generation));
    QString subtitle = tr("phi of errors on %1 anchors of %2 items").arg(found->anchors).arg(found->items);
    if (found->effective)
        subtitle +=
            tr(", as many as %1 independent").arg(QString::fromStdString(fixedText(found->effective->value, 1)));
    m_card->setSubtitle(subtitle);
}

QString SourcesCard::title() const
{
    return tr("Correlation of errors, %1, generation %2").arg(m_run->currentText()).arg(m_map->errors().generation);
}

Result<void> SourcesCard::writeTo(const QString& file) const
{
    if (m_map->isEmpty()) return badInput("There are no sources to write yet; choose a run that has some.");
    const QString ending = QFileInfo(file).suffix().toLower();
    const std::string provenance = title().toStdString() + ", " + std::to_string(m_map->errors().anchors) +
                                   " anchors, store " + m_store.toStdString();
    if (ending == QLatin1String("csv"))
        return writeFileAtomically(QFile::encodeName(file).toStdString(),
                                   compare::sourceErrorsCsv(m_map->errors(), visible(provenance, 1000)));
    if (ending == QLatin1String("json"))
        return writeFileAtomically(QFile::encodeName(file).toStdString(),
                                   compare::sourceErrorsJson(m_map->errors(), provenance));
    if (ending != QLatin1String("png") && ending != QLatin1String("svg") && ending != QLatin1String("pdf"))
        return badInput("A map of sources is written as png, svg, pdf, csv or json, not '" +
                        visible(ending.toStdString()) + "'.");
    plot::Sheet sheet;
    const common::Tokens& tokens = m_theme.tokens();
    sheet.background = tokens.surface;
    sheet.size = QSizeF(m_map->width(), m_map->height() + kPageTitle + kPageFoot);
    sheet.description = QString::fromStdString(visible(provenance, 1000));
    sheet.texts.append({QRectF(12, 10, m_map->width() - 24, 20), title(), tokens.text, true});
    sheet.texts.append(
        {QRectF(12, kPageTitle + m_map->height(), m_map->width() - 24, kPageFoot), sheet.description, tokens.text2});
    sheet.drawings.append({QPointF(0, kPageTitle), [map = m_map](QPainter& painter) { map->paintOn(painter); }});
    return plot::writeSheet(sheet, file);
}

void SourcesCard::chooseExport()
{
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Export the map of sources"), QStringLiteral("sources.svg"),
                                     tr("Pictures (*.png *.svg *.pdf);;Figures (*.csv *.json)"));
    if (file.isEmpty()) return;
    const Result<void> written = writeTo(file);
    Q_EMIT said(written ? tr("Written: %1").arg(file) : QString::fromStdString(written.error().message), !written);
}

} // namespace gradus::pages
