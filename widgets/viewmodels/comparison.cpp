// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/comparison.h"

#include "common/tokens.h"
#include "store/store_reader.h"

#include <QFile>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr int kReadAgain = 2000; // milliseconds: curves of many runs need no 30 looks a second
constexpr int kAtOnce = 0;

bool grew(const store::RunRow& a, const store::RunRow& b)
{
    return a.state != b.state || a.progress != b.progress || a.generation != b.generation ||
           a.lastUtility != b.lastUtility;
}

/// A group keeps the colour of the Runs tree; of two that would share one, the later takes the first that is free.
QVector<int> stylesOf(const std::vector<compare::ComparedRun>& runs, const compare::Grouping& grouping,
                      const QHash<std::int64_t, int>& colours)
{
    QVector<int> styles;
    for (const compare::RunGroup& group : grouping.groups) {
        int style = colours.value(runs[group.runs.front()].detail.run.id, static_cast<int>(styles.size()));
        for (int other = 0; styles.contains(style) && other < common::kSeriesCount; ++other)
            style = styles.contains(other) ? style : other;
        // All eight are taken: repeat the cycle, which draws hollow markers.
        if (styles.contains(style)) style = static_cast<int>(styles.size());
        styles.append(style);
    }
    return styles;
}

} // namespace

ComparedData readComparison(const QString& store, const QVector<std::int64_t>& ids,
                            const QHash<std::int64_t, int>& colours)
{
    ComparedData data;
    if (ids.isEmpty()) return data;
    const auto broken = [](const Error& error) {
        ComparedData none;
        none.error = QString::fromStdString(error.message);
        return none;
    };
    const auto reader = store::StoreReader::open(QFile::encodeName(store).toStdString());
    if (!reader) return broken(reader.error());
    std::vector<std::pair<std::string, std::string>> files; // name and text, each text once
    for (const std::int64_t id : ids) {
        auto detail = reader->detail(id);
        store::PointCursor cursor;
        auto points = reader->pointsSince(id, cursor);
        if (detail && points) {
            const auto source = reader->sourceToml(id);
            if (!source) {
                if (const auto again = reader->detail(id); !again && again.error().kind == ErrorKind::BadInput)
                    continue;
                return broken(source.error());
            }
            const auto isThere = [&](const auto& one) { return one.second == *source; };
            if (std::none_of(files.begin(), files.end(), isThere))
                files.emplace_back(detail->run.experimentName, *source);
            data.runs.push_back(compare::comparedRun(std::move(*detail), std::move(*points)));
            continue;
        }
        const Error& error = detail ? points.error() : detail.error();
        if (error.kind == ErrorKind::BadInput && !detail) continue; // it was deleted meanwhile
        return broken(error);
    }
    data.grouping = compare::grouped(data.runs);
    data.asked = *compare::askedContrasts(files, {}, data.runs, data.grouping); // only what is typed can be refused
    data.styles = stylesOf(data.runs, data.grouping, colours);
    return data;
}

Comparison::Comparison(QObject* parent) : QObject(parent), m_job(this), m_data(std::make_shared<ComparedData>())
{
    m_delay.setSingleShot(true);
    connect(&m_delay, &QTimer::timeout, this, &Comparison::read);
}

void Comparison::open(const QString& store)
{
    m_job.cancel();
    m_delay.stop();
    m_store = store;
    m_rows.clear();
    m_chosen.clear();
    m_data = std::make_shared<ComparedData>();
    Q_EMIT changed();
}

void Comparison::setRows(const QVector<store::RunRow>& rows)
{
    QHash<std::int64_t, const store::RunRow*> old;
    for (const store::RunRow& row : std::as_const(m_rows))
        if (m_chosen.contains(row.id)) old.insert(row.id, &row);
    const bool stale = std::any_of(rows.begin(), rows.end(), [&](const store::RunRow& row) {
        if (!m_chosen.contains(row.id)) return false;
        const store::RunRow* before = old.value(row.id);
        return before == nullptr || grew(*before, row);
    });
    m_rows = rows;
    if (stale && !m_delay.isActive()) m_delay.start(kReadAgain);
}

void Comparison::choose(const QSet<std::int64_t>& runs, const QHash<std::int64_t, int>& colours)
{
    if (runs == m_chosen && colours == m_colours) return;
    m_chosen = runs;
    m_colours = colours;
    m_delay.start(kAtOnce);
}

void Comparison::read()
{
    QVector<std::int64_t> ids(m_chosen.begin(), m_chosen.end());
    std::sort(ids.begin(), ids.end());
    m_job.start([store = m_store, ids, colours = m_colours] { return readComparison(store, ids, colours); },
                [this](ComparedData data) {
                    m_data = std::make_shared<ComparedData>(std::move(data));
                    Q_EMIT changed();
                });
}

} // namespace gradus::viewmodels
