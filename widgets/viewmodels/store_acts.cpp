// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/store_acts.h"

#include "base/clock.h"
#include "base/text.h"
#include "imports/read_source.h"
#include "store/restore.h"

#include <QFile>

namespace gradus::viewmodels {

namespace {

QString sentenceOf(const Error& error)
{
    return QString::fromStdString(error.message);
}

std::filesystem::path pathOf(const QString& name)
{
    return QFile::encodeName(name).toStdString();
}

/// In single quotes unless it needs none.
QString quoted(const QString& word)
{
    for (const QChar c : word)
        if (!c.isLetterOrNumber() && !QStringLiteral("/._-=").contains(c))
            return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''")) +
                   QLatin1Char('\'');
    return word;
}

std::vector<std::string> textsOf(const QStringList& list)
{
    std::vector<std::string> texts;
    for (const QString& text : list)
        texts.push_back(text.toStdString());
    return texts;
}

Result<StoreState> readState(const std::filesystem::path& path)
{
    StoreState state;
    auto facts = store::storeFacts(path);
    if (!facts) return facts.error();
    state.facts = std::move(*facts);
    auto trash = store::trashedRuns(path);
    if (!trash) return trash.error();
    state.trash = std::move(*trash);
    return state;
}

Result<void> backUp(const std::filesystem::path& store, const std::filesystem::path& target)
{
    if (auto done = store::backupStore(store, target); !done) return done;
    const auto copy = store::checkStore(target);
    if (!copy) return copy.error();
    if (!copy->damage.empty())
        return failed("The copy " + target.string() + " does not read back (" + copy->damage.front() +
                      "); check the disk.");
    return {};
}

} // namespace

QString sizeText(double bytes)
{
    const char* const units[] = {"B", "kB", "MB", "GB"};
    int unit = 0;
    while (bytes >= 999.5 && unit < 3) {
        bytes /= 1000;
        ++unit;
    }
    const int decimals = unit > 0 && bytes < 9.95 ? 1 : 0;
    return QString::number(bytes, 'f', decimals) + QLatin1Char(' ') + QLatin1String(units[unit]);
}

StoreActs::StoreActs(QObject* parent)
    : QObject(parent), m_state(this), m_query(this), m_check(this), m_act(this), m_import(this), m_queries(this)
{
}

StoreActs::~StoreActs()
{
    for (const auto& stop : {m_queryStop, m_checkStop, m_actStop})
        stop->request();
}

std::filesystem::path StoreActs::path() const
{
    return pathOf(m_store);
}

void StoreActs::setStore(const QString& path)
{
    if (path == m_store) return;
    cancelQuery();
    cancelCheck();
    forgetImport();
    m_store = path;
    m_saved.clear();
    changeQueries([](const std::filesystem::path&) { return Result<void>{}; }, {});
}

void StoreActs::saveQuery(const QString& name, const QString& sql)
{
    changeQueries([query = store::SavedQuery{name.toStdString(), sql.toStdString()}](
                      const std::filesystem::path& store) { return store::saveQuery(store, query); },
                  tr("Saved as %1; `gradus store sql --saved` runs it too.").arg(name));
}

void StoreActs::removeQuery(const QString& name)
{
    changeQueries(
        [name = name.toStdString()](const std::filesystem::path& store) { return store::removeQuery(store, name); },
        tr("Removed the query %1.").arg(name));
}

/// Changes the file, reads it again and says the sentence.
void StoreActs::changeQueries(std::function<Result<void>(const std::filesystem::path&)> change, const QString& sentence)
{
    if (m_store.isEmpty()) return;
    const bool isWrite = !sentence.isEmpty();
    if (isWrite && m_isQueryWritten)
        return Q_EMIT savedQueriesSaid(tr("Another change of the saved queries is being written; try again."), true);
    m_isQueryWritten = isWrite;
    using Answer = Result<std::vector<store::SavedQuery>>;
    m_queries.start(
        [store = path(), change = std::move(change)]() -> Answer {
            if (auto done = change(store); !done) return done.error();
            return store::savedQueries(store);
        },
        [this, sentence](const Answer& read) {
            m_isQueryWritten = false;
            if (!read) {
                Q_EMIT savedQueriesSaid(sentenceOf(read.error()), true);
                return;
            }
            m_saved = *read;
            if (!sentence.isEmpty()) Q_EMIT savedQueriesSaid(sentence, false);
        });
}

QString StoreActs::command(const QStringList& words) const
{
    QString line = QStringLiteral("gradus");
    for (const QString& word : words + QStringList{QStringLiteral("--store"), m_store})
        line += QLatin1Char(' ') + quoted(word);
    return line;
}

void StoreActs::refresh()
{
    m_state.start([store = path()] { return readState(store); },
                  [this](const Result<StoreState>& state) {
                      if (state)
                          Q_EMIT stateArrived(*state);
                      else
                          Q_EMIT stateFailed(sentenceOf(state.error()));
                  });
}

void StoreActs::query(const QString& sql)
{
    cancelQuery();
    m_queryStop = std::make_shared<StopFlag>();
    using Answer = Result<std::shared_ptr<const store::QueryResult>>;
    m_query.start(
        [store = path(), text = sql.toStdString(), stop = m_queryStop]() -> Answer {
            auto result = store::runQuery(store, text, {}, stop.get());
            if (!result) return result.error();
            return std::make_shared<const store::QueryResult>(std::move(*result));
        },
        [this](const Answer& answer) {
            if (answer)
                Q_EMIT queryDone(*answer);
            else
                Q_EMIT queryFailed(sentenceOf(answer.error()), answer.error().kind == ErrorKind::Stopped);
        });
}

void StoreActs::cancelQuery()
{
    m_queryStop->request();
}

void StoreActs::check()
{
    cancelCheck();
    m_checkStop = std::make_shared<StopFlag>();
    using Answer = std::pair<Result<store::CheckReport>, double>;
    m_check.start(
        [store = path(), stop = m_checkStop, self = QPointer<StoreActs>(this)]() -> Answer {
            const double begun = monotonicSeconds();
            const auto tell = [self](const char* step, int done, int of) {
                QMetaObject::invokeMethod(
                    QCoreApplication::instance(),
                    [self, step = QString::fromLatin1(step), done, of] {
                        if (self && self->isChecking()) Q_EMIT self->checkStep(step, done, of);
                    },
                    Qt::QueuedConnection);
            };
            auto report = store::checkStore(store, {.begun = tell, .stop = stop.get()});
            return {std::move(report), monotonicSeconds() - begun};
        },
        [this](const Answer& answer) {
            if (answer.first)
                Q_EMIT checked(*answer.first, answer.second);
            else
                Q_EMIT checkFailed(sentenceOf(answer.first.error()));
        });
}

void StoreActs::cancelCheck()
{
    m_checkStop->request();
}

/// work(stop) gives the sentence to be said, in the pool.
template <typename Work>
void StoreActs::act(const QString& what, Work work)
{
    if (m_act.isRunning()) {
        Q_EMIT actDone(tr("Something else is being done to this store; wait for its end."), true);
        return;
    }
    m_actStop = std::make_shared<StopFlag>();
    m_act.start(
        [work = std::move(work), stop = m_actStop]() -> Said {
            const Result<QString> sentence = work(*stop);
            return sentence ? Said{*sentence, false} : Said{sentenceOf(sentence.error()), true};
        },
        [this](const Said& said) {
            Q_EMIT actDone(said.sentence, said.isFailure);
            refresh();
        });
    Q_EMIT actBegun(what);
}

void StoreActs::backup(const QString& target)
{
    act(tr("Backing up…"), [store = path(), target](const StopFlag&) -> Result<QString> {
        if (auto done = backUp(store, pathOf(target)); !done) return done.error();
        return tr("Backed up to %1 and read back.").arg(target);
    });
}

void StoreActs::restoreBackup(const QString& backup)
{
    act(tr("Restoring…"), [store = path(), backup](const StopFlag&) -> Result<QString> {
        const auto aside = store::restoreStore(store, pathOf(backup));
        if (!aside) return aside.error();
        if (aside->empty()) return tr("Restored from %1.").arg(backup);
        return tr("Restored from %1; the store as it was is now %2.")
            .arg(backup, QFile::decodeName(aside->filename().c_str()));
    });
}

void StoreActs::vacuum()
{
    act(tr("Giving unused pages back…"), [store = path()](const StopFlag&) -> Result<QString> {
        const auto freed = store::vacuumStore(store);
        if (!freed) return freed.error();
        return tr("%1 given back.").arg(sizeText(static_cast<double>(*freed)));
    });
}

void StoreActs::merge(const QString& other)
{
    act(tr("Merging…"), [store = path(), other](const StopFlag& stop) -> Result<QString> {
        const auto merged = store::mergeStore(store, pathOf(other), {.stop = &stop});
        if (!merged) return merged.error();
        QString sentence = tr("%1 merged, %2 here already.")
                               .arg(QString::fromStdString(counted(merged->merged.size(), "run")))
                               .arg(merged->alreadyHere);
        if (merged->marked > 0)
            sentence += tr(" %n of them got tags or a note.", nullptr, static_cast<int>(merged->marked));
        for (const store::SkippedRun& run : merged->skipped)
            sentence += tr(" Left out %1: %2.").arg(QString::fromStdString(run.name), QString::fromStdString(run.why));
        return sentence;
    });
}

void StoreActs::trash(const QStringList& uuids)
{
    act(tr("Moving to the trash…"), [store = path(), uuids](const StopFlag&) -> Result<QString> {
        if (auto done = store::trashByUuid(store, textsOf(uuids)); !done) return done.error();
        return tr("%1 in the trash.")
            .arg(QString::fromStdString(counted(static_cast<std::size_t>(uuids.size()), "run")));
    });
}

void StoreActs::restore(const QStringList& uuids)
{
    act(tr("Bringing back…"), [store = path(), uuids](const StopFlag&) -> Result<QString> {
        if (auto done = store::restoreFromTrash(store, textsOf(uuids)); !done) return done.error();
        return tr("Brought back.");
    });
}

void StoreActs::emptyTrash()
{
    act(tr("Emptying the trash…"), [store = path()](const StopFlag&) -> Result<QString> {
        const auto removed = store::emptyTrash(store);
        if (!removed) return removed.error();
        return tr("%1 removed for good; checkpoint files were left.")
            .arg(QString::fromStdString(counted(static_cast<std::size_t>(*removed), "run")));
    });
}

void StoreActs::readImport(const QString& file)
{
    forgetImport();
    m_importFile = file;
    using Answer = Result<std::shared_ptr<const imports::ForeignSource>>;
    m_import.start(
        [file]() -> Answer {
            auto source = imports::readSource(pathOf(file));
            if (!source) return source.error();
            return std::make_shared<const imports::ForeignSource>(std::move(*source));
        },
        [this](const Answer& source) {
            if (!source) {
                Q_EMIT planFailed(sentenceOf(source.error()));
                return;
            }
            m_source = *source;
            plan({});
        });
}

void StoreActs::plan(const imports::MappingOptions& options)
{
    m_plan.reset();
    if (!m_source) return;
    using Planned = std::pair<std::shared_ptr<const imports::ImportPlan>, int>;
    using Answer = Result<Planned>;
    m_import.start(
        [source = m_source, file = m_importFile.toStdString(), options, store = path()]() -> Answer {
            auto plan = imports::planImport(*source, file, options);
            if (!plan) return plan.error();
            const auto here = imports::alreadyIn(store, *plan);
            if (!here) return here.error();
            return Planned{std::make_shared<const imports::ImportPlan>(std::move(*plan)),
                           static_cast<int>(here->size())};
        },
        [this](const Answer& answer) {
            if (!answer) {
                Q_EMIT planFailed(sentenceOf(answer.error()));
                return;
            }
            m_plan = answer->first;
            Q_EMIT planned(m_plan, answer->second);
        });
}

void StoreActs::importPlanned(bool replace)
{
    if (!m_plan) return;
    auto written = std::make_shared<QStringList>();
    act(tr("Importing…"),
        [store = path(), plan = m_plan, replace, written,
         self = QPointer<StoreActs>(this)](const StopFlag& stop) -> Result<QString> {
            const auto report = imports::importRuns(store, *plan, replace, &stop);
            if (!report) return report.error();
            for (const std::string& uuid : report->written)
                written->append(QString::fromStdString(uuid));
            const QString sentence = tr("%1 imported, %2 here already.")
                                         .arg(QString::fromStdString(counted(report->written.size(), "run")))
                                         .arg(report->here.size());
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, written, sentence] {
                    if (self) Q_EMIT self->imported(*written, sentence);
                },
                Qt::QueuedConnection);
            return sentence;
        });
}

void StoreActs::forgetImport()
{
    m_import.cancel();
    m_source.reset();
    m_plan.reset();
    m_importFile.clear();
}

} // namespace gradus::viewmodels
