// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home/drafts.h"

#include "base/text.h"
#include "common/number_text.h"
#include "spec/experiment.h"
#include "store/store_reader.h"
#include "viewmodels/draft_journal.h"
#include "viewmodels/runs_model.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <map>

namespace gradus::pages {

namespace {

constexpr int kThumbnailSamples = 48;

QString seen(const std::string& untrusted)
{
    return QString::fromStdString(visible(untrusted, 120));
}

QString counted(std::size_t count, const char* one, const char* many)
{
    return common::leftToRight(QStringLiteral("%1 %2").arg(count).arg(QLatin1String(count == 1 ? one : many)));
}

DraftRow readDraft(const QFileInfo& file)
{
    DraftRow row;
    row.path = file.absoluteFilePath();
    row.name = seen(file.fileName().toStdString());
    row.editedAt = double(file.lastModified().toMSecsSinceEpoch()) / 1000;
    const auto loaded = spec::loadExperiment(row.path.toStdString());
    if (!loaded) {
        row.isBroken = true;
        row.contents = seen(loaded.error().message);
        return row;
    }
    const spec::Experiment& experiment = *loaded;
    row.name = seen(experiment.experiment.name);
    row.contents = QStringLiteral("%1, %2, %3")
                       .arg(seen(experiment.experiment.procedure),
                            counted(std::size_t(experiment.ladder.generations), "generation", "generations"),
                            counted(experiment.experiment.seeds.size(), "seed", "seeds"));
    if (experiment.gap.controller == "schedule" && schedule::validate(experiment.gap.curve)) {
        const auto samples = schedule::Evaluator(experiment.gap.curve).sample(0, 1, kThumbnailSamples);
        row.curve = QVector<double>(samples.begin(), samples.end());
        row.gap = experiment.gap.curve;
    } else {
        row.curve = {experiment.gap.value, experiment.gap.value};
    }
    return row;
}

} // namespace

QVector<DraftRow> readDrafts(const QString& folder, int most)
{
    QVector<DraftRow> rows;
    if (folder.isEmpty()) return rows;
    const auto files = QDir(folder).entryInfoList({QStringLiteral("*.toml")}, QDir::Files | QDir::Readable, QDir::Time);
    // The workspace is the folder that experiments/ lies in.
    const QSet<QString> unsaved = viewmodels::unsavedFiles(viewmodels::journalFolderOf(QFileInfo(folder).path()));
    for (const QFileInfo& file : files) {
        if (rows.size() == most) break;
        rows.append(readDraft(file));
        rows.back().isUnsaved = unsaved.contains(rows.back().path);
    }
    return rows;
}

ExamplePreview previewOf(const std::vector<store::RunRow>& runs)
{
    ExamplePreview preview;
    std::vector<std::string> order;
    std::map<std::string, std::vector<const store::RunRow*>> byCondition;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) { // runs come newest first
        if (run->utilityHistory.empty()) continue;
        auto& group = byCondition[run->condition];
        if (group.empty()) order.push_back(run->condition);
        group.push_back(&*run);
        ++preview.runs;
    }
    for (const std::string& condition : order) {
        ConditionCurve curve;
        const auto& group = byCondition[condition];
        curve.seeds = int(group.size());
        curve.name = viewmodels::shortCondition(condition);
        if (curve.name.isEmpty()) curve.name = seen(group.front()->experimentName);
        std::size_t length = 0;
        for (const store::RunRow* run : group)
            length = std::max(length, run->utilityHistory.size());
        for (std::size_t i = 0; i < length; ++i) {
            double sum = 0, low = 1e300, high = -1e300;
            int n = 0;
            for (const store::RunRow* run : group) {
                if (i >= run->utilityHistory.size()) continue;
                const double value = run->utilityHistory[i];
                sum += value;
                low = std::min(low, value);
                high = std::max(high, value);
                ++n;
            }
            curve.mean << sum / n;
            curve.low << low;
            curve.high << high;
        }
        preview.generations = std::max(preview.generations, int(length));
        preview.conditions.append(curve);
    }
    if (preview.runs == 0) preview.error = QStringLiteral("No finished generation in this store yet.");
    return preview;
}

ExamplePreview readExample(const QString& storePath)
{
    auto reader = store::StoreReader::open(storePath.toStdString());
    if (!reader) return {.conditions = {}, .error = seen(reader.error().message)};
    const auto runs = reader->runs();
    if (!runs) return {.conditions = {}, .error = seen(runs.error().message)};
    return previewOf(*runs);
}

} // namespace gradus::pages
