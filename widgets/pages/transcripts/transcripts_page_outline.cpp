// SPDX-License-Identifier: GPL-3.0-or-later
// The Transcripts page's outline, folding, and files of a transcript.
#include "pages/transcripts/facts_panel.h"
#include "pages/transcripts/outline_panel.h"
#include "pages/transcripts/transcript_view.h"
#include "pages/transcripts/transcripts_page.h"

#include "base/text.h"
#include "report/transcript_file.h"
#include "viewmodels/launcher.h"
#include "viewmodels/monitor_note.h"

#include <QFile>
#include <QFileDialog>
#include <QStackedWidget>
#include <QToolButton>

namespace gradus::pages {

void TranscriptsPage::addFoldingShortcuts()
{
    addKey(tr("Transcripts: fold or unfold the turn"), Qt::Key_G, [this] {
        const int block = m_view->currentBlock();
        if (block >= 0) m_view->setTurnFolded(block, !m_view->isTurnFolded(block));
    });
    addKey(tr("Transcripts: fold or unfold all turns"), Qt::SHIFT | Qt::Key_G, [this] {
        if (m_view->currentBlock() >= 0) m_view->foldAllTurns(!m_view->isTurnFolded(m_view->currentBlock()));
    });
    addKey(tr("Transcripts: fold or unfold long outputs"), Qt::Key_L,
           [this] { m_view->foldLongOutputs(!m_view->foldsLongOutputs()); });
    addKey(tr("Transcripts: facts or outline"), Qt::Key_O, [this] { setSide(m_side->currentWidget() != m_outline); });
    addKey(tr("Transcripts: write this transcript to a file"), Qt::Key_E, [this] { chooseExport(); });
}

void TranscriptsPage::setSide(bool outline)
{
    m_side->setCurrentWidget(outline ? static_cast<QWidget*>(m_outline) : m_facts);
    m_sideFacts->setChecked(!outline);
    m_sideOutline->setChecked(outline);
}

void TranscriptsPage::showOutline()
{
    const auto episode = m_transcripts.episode();
    viewmodels::OutlineModel::Content content;
    if (episode) content.outline = m_transcripts.outline();
    if (episode && !m_model.isHidden(m_transcripts.episodeId())) {
        content.verdict = QString::fromStdString(visible(episode->verdict, 60));
        for (const store::VerdictRow& verdict : m_transcripts.verdicts()) {
            if (!verdict.isMonitor()) continue;
            const QString name =
                QString::fromStdString(visible(verdict.judge.substr(store::kMonitorPrefix.size()), 40));
            for (const viewmodels::MonitorFinding& finding : viewmodels::monitorFindings(verdict.note, *episode))
                if (finding.message >= 0)
                    content.cited.emplace_back(name + QStringLiteral(": ") + finding.why, finding.message);
        }
    }
    m_outline->setContent(std::move(content));
    m_outline->follow(m_view->currentBlock());
}

void TranscriptsPage::chooseExport()
{
    const auto episode = m_transcripts.episode();
    if (!episode) return;
    const QString name = viewmodels::fileNameOf(QString::fromStdString(episode->key));
    const QString file = QFileDialog::getSaveFileName(this, tr("Write the transcript"), name + QStringLiteral(".html"),
                                                      tr("Web page (*.html);;Data (*.json)"));
    if (!file.isEmpty()) exportTo(file);
}

void TranscriptsPage::exportTo(const QString& file)
{
    const std::int64_t episode = m_transcripts.episodeId();
    if (episode == 0) return Q_EMIT said(tr("No episode is shown, so that there is nothing to write."), true);
    m_export->setEnabled(false);
    // Judged blind, a verdict is not to be read in a file either.
    const bool tellsVerdict = !m_model.isHidden(episode);
    m_exportJob.start(
        [store = m_transcripts.store(), episode, file, tellsVerdict]() -> Result<void> {
            const auto reader = store::StoreReader::open(QFile::encodeName(store).toStdString());
            if (!reader) return reader.error();
            return report::writeTranscript(*reader, episode, QFile::encodeName(file).toStdString(), tellsVerdict);
        },
        [this, file](const Result<void>& written) {
            m_export->setEnabled(true);
            Q_EMIT said(written ? tr("Written: %1").arg(file) : QString::fromStdString(written.error().message),
                        !written);
        });
}

} // namespace gradus::pages
