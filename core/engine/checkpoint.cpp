// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/checkpoint_impl.h"

#include "base/files.h"
#include "base/hash.h"
#include "models/weights_impl.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace gradus::engine {

namespace {

constexpr std::size_t kKept = 2;
constexpr const char* kDigestKey = "gradus.digest";
constexpr const char* kStepKey = "gradus.step";

/// Covers the data and what the counters say, so that neither can change unseen.
std::string digest(std::string_view dataHash, const std::string& job, const std::string& step)
{
    return sha256(std::string(dataHash) + "\n" + job + "\n" + step);
}

/// The hash of the tensors' bytes in the order in which the writer lays them out: all are F32, so by name.
std::string hashOf(std::vector<models::TensorBytes> tensors)
{
    std::ranges::sort(tensors, {}, &models::TensorBytes::name);
    return sha256OfParts(models::partsOf(tensors));
}

} // namespace

CheckpointFolder::CheckpointFolder(std::filesystem::path folder, const std::string& job)
    : m_folder(std::move(folder)), m_job(sha256(job))
{
}

std::vector<std::filesystem::path> CheckpointFolder::newestFirst() const
{
    std::vector<std::filesystem::path> own;
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, code)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(m_job.substr(0, 16) + "-") && name.ends_with(".safetensors")) own.push_back(entry.path());
    }
    std::ranges::sort(own, std::greater<>()); // the step is zero-padded
    return own;
}

Result<void> CheckpointFolder::write(const std::vector<models::NamedTensor>& tensors, std::int64_t step) const
{
    if (auto made = makeFolder(m_folder); !made) return made;
    char digits[16] = {};
    std::snprintf(digits, sizeof digits, "%012lld", static_cast<long long>(step));
    const std::vector<models::NamedTensor> here = models::onHost(tensors);
    const std::vector<models::TensorBytes> bytes = models::borrowBytes(here);
    const std::string counter = std::to_string(step);
    const models::Metadata metadata{{kStepKey, counter}, {kDigestKey, digest(hashOf(bytes), m_job, counter)}};
    const auto path = m_folder / (m_job.substr(0, 16) + "-" + digits + ".safetensors");
    if (auto written = models::writeSafetensors(path, bytes, metadata); !written) return written.error();
    const auto own = newestFirst();
    std::error_code code; // an old file that stays behind does no harm
    for (std::size_t i = kKept; i < own.size(); ++i)
        std::filesystem::remove(own[i], code);
    return {};
}

std::int64_t CheckpointFolder::restore(const std::vector<models::NamedTensor>& tensors) const
{
    for (const auto& path : newestFirst()) {
        const auto file = models::SafetensorsFile::open(path);
        if (!file) continue;
        const models::Metadata& metadata = file->header().metadata;
        const auto step = metadata.find(kStepKey);
        const auto expected = metadata.find(kDigestKey);
        if (step == metadata.end() || expected == metadata.end()) continue;
        const auto data = file->data();
        const std::string dataHash = sha256({reinterpret_cast<const char*>(data.data()), data.size()});
        if (digest(dataHash, m_job, step->second) != expected->second) continue;
        std::int64_t count = 0;
        const char* end = step->second.data() + step->second.size();
        if (std::from_chars(step->second.data(), end, count).ptr != end || count < 1) continue;
        if (models::loadWeights(*file, tensors)) return count;
    }
    return 0;
}

} // namespace gradus::engine
