// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page and its draft's file: opening, saving, what others wrote, what earlier sessions left.
#include "pages/design/design_page.h"

#include "base/text.h"
#include "pages/design/batch_view.h"
#include "pages/design/finding_strip.h"
#include "pages/design/mix_limits_view.h"
#include "pages/design/mix_panel.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace gradus::pages {

bool DesignPage::openFile(const QString& path)
{
    const auto loaded = m_document.load(path);
    // An unparsable file is open and says so itself; its text can be mended.
    if (loaded || m_document.path() == path) return true;
    showNotice(QString::fromStdString(loaded.error().message), true);
    return false;
}

bool DesignPage::openText(const std::string& toml)
{
    const auto taken = m_document.setText(toml);
    if (!taken) showNotice(QString::fromStdString(taken.error().message), true);
    return taken.ok();
}

bool DesignPage::save()
{
    Result<void> saved;
    if (m_document.path().isEmpty()) {
        const QDir folder(QFileInfo(m_launcher.storePath()).dir().filePath(QStringLiteral("experiments")));
        folder.mkpath(QStringLiteral(".")); // where it fails, the write below says why
        const QString name = viewmodels::fileNameOf(m_document.name());
        QString path = folder.filePath(name + QStringLiteral(".toml"));
        for (int i = 2; QFileInfo::exists(path); ++i)
            path = folder.filePath(QStringLiteral("%1-%2.toml").arg(name).arg(i));
        saved = m_document.saveAs(path);
    } else {
        saved = m_document.save();
    }
    // What another program wrote is a finding of its own, with buttons.
    if (!saved && !m_document.isChangedOutside()) showNotice(QString::fromStdString(saved.error().message), true);
    return saved.ok();
}

void DesignPage::setPlace(const viewmodels::LaunchPlace& place)
{
    m_launcher = viewmodels::Launcher(place);
    m_mix->batch().setPlace(place);
    m_itemTokens.setPlace(place);
    m_mix->limitsView().setStore(m_launcher.storePath());
    m_document.setJournalFolder(viewmodels::journalFolderOf(place.workspace));
}

void DesignPage::addFileFindings(QVector<Finding>& findings)
{
    const auto taken = [this](const Result<void>& done) {
        if (!done) showNotice(QString::fromStdString(done.error().message), true);
    };
    if (m_document.isChangedOutside())
        findings.append(
            {"danger",
             tr("Another program changed %1 since it was opened here.").arg(QFileInfo(m_document.path()).fileName()),
             {{tr("Reload"), [this, taken] { taken(m_document.reload()); }},
              {tr("Keep mine"), [this] { m_document.keepMine(); }},
              {tr("Save as…"), [this] { Q_EMIT saveAsWanted(); }}}});
    for (const viewmodels::LeftDraft& left : m_document.left()) {
        const QString name = QString::fromStdString(visible(left.history.name.toStdString(), 80));
        const bool isFuture = !left.history.branchOf.isEmpty();
        const QString sentence =
            isFuture ? tr("A future drawn for \"%1\" in an earlier session was never applied.").arg(name)
            : left.history.path.isEmpty() ? tr("The draft \"%1\" of an earlier session was never saved.").arg(name)
                                          : tr("Edits of an earlier session were not saved.");
        const int steps = left.history.index;
        findings.append({"warn",
                         steps == 1 ? sentence : tr("%1 %2 steps.").arg(sentence).arg(steps),
                         {{tr("Restore"),
                           [this, taken, file = left.journal, run = left.history.branchOf, kept = left.history.kept] {
                               const auto done = m_document.restore(file);
                               taken(done);
                               if (done && !run.isEmpty()) Q_EMIT pastWanted(run, kept);
                           }},
                          {tr("Discard"), [this, file = left.journal] { m_document.discard(file); }}}});
    }
}

void DesignPage::continueBranch(const viewmodels::PastOfRun& past)
{
    if (const auto done = m_document.continueFuture(past); !done)
        showNotice(QString::fromStdString(done.error().message), true);
}

} // namespace gradus::pages
