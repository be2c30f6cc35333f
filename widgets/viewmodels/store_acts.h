// SPDX-License-Identifier: GPL-3.0-or-later
// What the Store page does to a store: every act off the GUI thread, with the command that does the same.
#pragma once

#include "common/job.h"
#include "imports/import_runs.h"
#include "store/merge.h"
#include "store/query.h"
#include "store/saved_queries.h"
#include "store/store_check.h"
#include "store/store_facts.h"
#include "store/trash.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// What is known of the store at rest.
struct StoreState
{
    store::StoreFacts facts;
    std::vector<store::TrashedRun> trash;
};

/// GUI thread only; signals come in it. Of acts that write one runs at a time, a second is refused in words.
class StoreActs final : public QObject
{
    Q_OBJECT
public:
    explicit StoreActs(QObject* parent = nullptr);
    ~StoreActs() override; ///< asks what runs to stop

    void setStore(const QString& path);
    const QString& store() const { return m_store; }

    /// The line that does an act in a shell: command({"store", "check"}) adds the store.
    QString command(const QStringList& words) const;

    void refresh(); ///< -> stateArrived or stateFailed
    void query(const QString& sql);
    void cancelQuery();
    bool isQuerying() const { return m_query.isRunning(); }
    void check();
    void cancelCheck();
    bool isChecking() const { return m_check.isRunning(); }

    void backup(const QString& target);        ///< the copy is checked before it counts
    void restoreBackup(const QString& backup); ///< the store as it was is kept beside it
    void vacuum();
    void merge(const QString& other);
    void trash(const QStringList& uuids);
    void restore(const QStringList& uuids);
    void emptyTrash();
    bool isActing() const { return m_act.isRunning(); }

    /// Statements with names, as they were read last.
    const std::vector<store::SavedQuery>& savedQueries() const { return m_saved; }
    void saveQuery(const QString& name, const QString& sql);
    void removeQuery(const QString& name);

    /// Reads a tracker's file and plans with default options; then plan() with others.
    void readImport(const QString& path);
    void plan(const imports::MappingOptions& options);
    void importPlanned(bool replace);
    void forgetImport();

Q_SIGNALS:
    void stateArrived(const gradus::viewmodels::StoreState& state);
    void stateFailed(const QString& sentence);
    void queryDone(std::shared_ptr<const gradus::store::QueryResult> result);
    void queryFailed(const QString& sentence, bool stopped);
    void savedQueriesSaid(const QString& sentence, bool isFailure);
    void checkStep(const QString& step, int done, int of);
    void checked(const gradus::store::CheckReport& report, double seconds);
    void checkFailed(const QString& sentence);
    void actBegun(const QString& what);
    void actDone(const QString& sentence, bool isFailure);
    void planned(std::shared_ptr<const gradus::imports::ImportPlan> plan, int alreadyHere);
    void planFailed(const QString& sentence);
    void imported(const QStringList& uuids, const QString& sentence);

private:
    struct Said
    {
        QString sentence;
        bool isFailure = false;
    };
    template <typename Work>
    void act(const QString& what, Work work);
    void changeQueries(std::function<Result<void>(const std::filesystem::path&)> change, const QString& sentence);
    std::filesystem::path path() const;

    QString m_store;
    common::Job m_state;
    common::Job m_query;
    common::Job m_check;
    common::Job m_act;
    common::Job m_import;
    common::Job m_queries;
    bool m_isQueryWritten = false; ///< a change is on its way: the newest reading must not push it aside
    std::vector<store::SavedQuery> m_saved;
    std::shared_ptr<StopFlag> m_queryStop = std::make_shared<StopFlag>();
    std::shared_ptr<StopFlag> m_checkStop = std::make_shared<StopFlag>();
    std::shared_ptr<StopFlag> m_actStop = std::make_shared<StopFlag>();
    QString m_importFile;
    std::shared_ptr<const imports::ForeignSource> m_source;
    std::shared_ptr<const imports::ImportPlan> m_plan;
};

/// "12 MB", in units of 1,000.
QString sizeText(double bytes);

} // namespace gradus::viewmodels
