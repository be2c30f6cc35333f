// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/read_files.h"

#include "base/text.h"

namespace gradus::data {

std::vector<ReadFile> filesOf(const Task& task)
{
    const auto* reads = dynamic_cast<const ReadsFiles*>(&task);
    return reads == nullptr ? std::vector<ReadFile>() : reads->files();
}

std::string leftOutNote(const ReadFile& file)
{
    std::string note;
    for (const LeftOutRows& left : file.leftOut)
        note += counted(left.count, left.what) + " of " + visible(file.path) + (left.count == 1 ? " was" : " were") +
                " left out because " + left.because + ". ";
    return note;
}

} // namespace gradus::data
