// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of one training job: complete files that name their job and carry their own hash.
#pragma once

#include "base/result.h"
#include "models/decoder_impl.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::engine {

/// A folder that several jobs may share; a job reads and deletes only its own files. The last two are kept.
class CheckpointFolder final
{
public:
    /// job is any text that names the job; its hash is part of the file names.
    CheckpointFolder(std::filesystem::path folder, const std::string& job);

    /// Writes the tensors as the state after that many steps, then drops all but the newest two of the job.
    Result<void> write(const std::vector<models::NamedTensor>& tensors, std::int64_t step) const;

    /// Fills the tensors in place from the newest intact checkpoint of this job and returns its step; 0 and untouched
    /// tensors if there is none. Torn files and files of other jobs are passed over.
    std::int64_t restore(const std::vector<models::NamedTensor>& tensors) const;

private:
    std::vector<std::filesystem::path> newestFirst() const;

    std::filesystem::path m_folder;
    std::string m_job; ///< SHA-256
};

} // namespace gradus::engine
