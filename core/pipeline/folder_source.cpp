// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/folder_source.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/fingerprint.h"
#include "models/model_folder.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kKeptEvery = 500; ///< items: what a kill may cost

Error named(const spec::SignalSource& source, const Error& why)
{
    Error error = why;
    error.message = "Source \"" + source.name + "\" cannot be asked: " + why.message;
    error.key = "signals.source";
    return error;
}

/// Model, tokenizer and how they are asked: rows of another reader are not this one's.
Result<std::string> readerOf(const StageContext& context, const spec::SignalSource& source)
{
    const auto folder = models::openModelFolder(source.folder);
    if (!folder) return folder.error();
    const auto hash = models::contentHash(*folder);
    if (!hash) return hash.error();
    const auto tokenizer = sha256OfFile(std::filesystem::path(source.folder) / "tokenizer.json");
    if (!tokenizer) return tokenizer.error();
    std::string all = *hash + *tokenizer + "/" + std::to_string(context.task.maxTokens()) + "/" +
                      context.spec.experiment.compute.device;
    for (const std::string& answer : source.answers)
        all += "/" + sha256(answer);
    return sha256(all);
}

} // namespace

Result<std::shared_ptr<const FolderSource>>
FolderSource::open(const StageContext& context, const spec::SignalSource& profile, std::filesystem::path folder)
{
    auto reader = readerOf(context, profile);
    if (!reader) return named(profile, reader.error());
    std::shared_ptr<FolderSource> source(
        new FolderSource(context, profile, std::move(folder) / "read.json", std::move(*reader)));
    source->takeUp();
    return std::shared_ptr<const FolderSource>(std::move(source));
}

/// What cannot be used is read again.
void FolderSource::takeUp()
{
    const auto text = readFile(m_file, kMostBytes);
    if (!text) return;
    const nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
    const auto classes = static_cast<std::size_t>(m_context.task.classes());
    try {
        if (json.at("reader") != m_reader) return;
        std::map<std::int64_t, std::vector<float>> said;
        for (const auto& [name, row] : json.at("items").items()) {
            const auto number = data::itemNumberFrom(name);
            auto values = row.get<std::vector<float>>();
            if (!number || (!values.empty() && values.size() != classes)) return;
            said[*number] = std::move(values);
        }
        m_said = std::move(said);
    } catch (const nlohmann::json::exception&) {
        m_said.clear();
    }
}

Result<void> FolderSource::keep() const
{
    nlohmann::json items = nlohmann::json::object();
    for (const auto& [number, row] : m_said)
        items[data::itemName(number)] = row;
    if (const auto made = makeFolder(m_file.parent_path()); !made) return made.error();
    return writeFileAtomically(m_file, nlohmann::json{{"reader", m_reader}, {"items", items}}.dump() + "\n");
}

Result<void> FolderSource::readAll(const std::vector<const data::Item*>& unread) const
{
    if (!m_model) {
        auto model = ClassReader::open(m_profile.folder, m_profile.answers, m_context.task.maxTokens());
        if (!model) return named(m_profile, model.error());
        m_model = std::make_unique<ClassReader>(std::move(*model));
    }
    for (std::size_t i = 0; i < unread.size(); ++i) {
        m_context.safePoint();
        if (m_context.stop.requested()) {
            if (const auto kept = keep(); !kept) return kept.error();
            return Error{"Stopped while source \"" + m_profile.name + "\" read items.", ErrorKind::Stopped};
        }
        auto said = m_model->read(*unread[i]);
        if (!said) return named(m_profile, said.error());
        m_said[data::itemNumber(*unread[i])] = std::move(*said);
        ++m_itemsRead;
        m_context.meter.advance(0,
                                "source \"" + m_profile.name + "\" reads item " + std::to_string(i + 1) + " of " +
                                    std::to_string(unread.size()),
                                m_context.meter.step(), 0);
        if ((i + 1) % kKeptEvery == 0)
            if (const auto kept = keep(); !kept) return kept.error();
    }
    return keep();
}

Result<signals::SourceVotes> FolderSource::votes(const data::ItemSet& set) const
{
    std::vector<std::int64_t> numbers;
    std::map<std::int64_t, const data::Item*> unread;
    std::vector<const data::Item*> inOrder;
    for (const data::Item& item : set.items) {
        const std::int64_t number = numbers.emplace_back(data::itemNumber(item));
        if (!m_said.contains(number) && unread.emplace(number, &item).second) inOrder.push_back(&item);
    }
    if (!inOrder.empty())
        if (const auto read = readAll(inOrder); !read) return read.error();
    const auto classes = static_cast<std::size_t>(m_context.task.classes());
    signals::SourceVotes votes;
    for (const std::int64_t number : numbers) {
        const std::vector<float>& row = m_said.at(number);
        if (row.empty()) {
            votes.labels.push_back(signals::kAbstain);
            votes.probabilities.insert(votes.probabilities.end(), classes, 1.0F / static_cast<float>(classes));
            continue;
        }
        votes.labels.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
        votes.probabilities.insert(votes.probabilities.end(), row.begin(), row.end());
    }
    return votes;
}

Result<void> checkFolderSource(const spec::SignalSource& source, const data::Task& task)
{
    const auto fault = [&](const std::string& sentence) {
        Error error = badInput("Source \"" + source.name + "\" " + sentence);
        error.key = "signals.source";
        return error;
    };
    const data::ItemSet some = task.pool(1, 1, 1);
    if (some.items.empty() || some.items.front().texts.empty())
        return fault("is a model folder, which reads text, and the task's items have none; use a task with files.");
    const auto classes = static_cast<std::size_t>(task.classes());
    if (task.read() == data::Read::Compare && !source.answers.empty())
        return fault("has answers, and the task's items have a text for every class already; remove answers.");
    if (task.read() == data::Read::Classify && source.answers.size() != classes)
        return fault("must know what to say for each class, because the task's items have one text; give it answers, " +
                     std::to_string(classes) + " texts in the order of the classes, like [\" no\", \" yes\"].");
    const auto readable = checkReader(source.folder);
    return readable ? Result<void>() : named(source, readable.error());
}

} // namespace gradus::pipeline
