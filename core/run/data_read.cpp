// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/data_read.h"

#include "base/hash.h"

#include <filesystem>

namespace gradus::run {

Result<std::vector<events::DataFile>> dataRead(const std::vector<data::ReadFile>& files,
                                               std::map<std::string, std::string>& hashes)
{
    std::vector<events::DataFile> told;
    for (const data::ReadFile& file : files) {
        const std::filesystem::path path(file.path);
        auto known = hashes.find(file.path);
        if (known == hashes.end()) {
            auto hash = sha256OfFile(path);
            if (!hash) return hash.error();
            known = hashes.emplace(file.path, std::move(*hash)).first;
        }
        // Where it lay is nobody's business.
        events::DataFile one{.role = file.role,
                             .file = path.filename().string(),
                             .sha256 = known->second,
                             .rows = static_cast<std::int64_t>(file.rows),
                             .used = static_cast<std::int64_t>(file.items),
                             .cutShare = file.cutShare};
        for (const data::LeftOutRows& left : file.leftOut)
            one.leftOut.push_back({static_cast<std::int64_t>(left.count), left.what, left.because});
        told.push_back(std::move(one));
    }
    return told;
}

} // namespace gradus::run
