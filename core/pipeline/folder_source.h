// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder outside the ladder as a signal source.
#pragma once

#include "pipeline/class_reader.h"
#include "pipeline/sources.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// Votes for the class whose text the folder's model holds most probable (see ClassReader). It is loaded at the first
/// item that it has not read; each item is read once a run, because what was read is kept beside the run's weights and
/// taken up by a later process.
class FolderSource final : public Source
{
public:
    /// folder: of the source within the run's folder. The context and the profile must outlive it. Bad input names the
    /// source where its folder cannot be opened.
    static Result<std::shared_ptr<const FolderSource>>
    open(const StageContext& context, const spec::SignalSource& profile, std::filesystem::path folder);

    /// Nothing is said of items that have too little text to be read.
    Result<signals::SourceVotes> votes(const data::ItemSet& set) const override;
    std::size_t itemsRead() const { return m_itemsRead; } ///< by this object, so far

private:
    FolderSource(const StageContext& context, const spec::SignalSource& profile, std::filesystem::path file,
                 std::string reader)
        : m_context(context), m_profile(profile), m_file(std::move(file)), m_reader(std::move(reader))
    {
    }
    Result<void> readAll(const std::vector<const data::Item*>& unread) const;
    void takeUp();
    Result<void> keep() const;

    const StageContext& m_context;
    const spec::SignalSource& m_profile;
    std::filesystem::path m_file;
    std::string m_reader; ///< names model, tokenizer and how items are read
    mutable std::unique_ptr<ClassReader> m_model;
    mutable std::map<std::int64_t, std::vector<float>> m_said; ///< by data::itemNumber; empty: it cannot be read
    mutable std::size_t m_itemsRead = 0;
};

/// What a source with a folder asks of task and folder, as far as headers tell. Bad input names the source.
Result<void> checkFolderSource(const spec::SignalSource& source, const data::Task& task);

} // namespace gradus::pipeline
